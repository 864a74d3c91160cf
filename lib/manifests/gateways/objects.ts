import type { V1ObjectMeta } from "@kubernetes/client-node";
import { formatLatency } from "../../format";
import { suffixed } from "../objects/kubernetes-names";
import type { ManifestOptions } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { ServerPlan } from "../plan/server-plan";
import { requestLatencyMs } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";

/** Gateway API v1 and its inference extension, as far as they are written here; no published TypeScript types are used. */
export interface GatewayObject {
  apiVersion: "gateway.networking.k8s.io/v1";
  kind: "Gateway";
  metadata: V1ObjectMeta;
  spec: {
    gatewayClassName: string;
    listeners: {
      name: string;
      port: number;
      protocol: "HTTP";
      allowedRoutes: { namespaces: { from: "Same" } };
    }[];
  };
}

export interface HttpRoute {
  apiVersion: "gateway.networking.k8s.io/v1";
  kind: "HTTPRoute";
  metadata: V1ObjectMeta;
  spec: {
    parentRefs: { group: string; kind: "Gateway"; name: string }[];
    rules: {
      matches: { path: { type: "PathPrefix"; value: string } }[];
      backendRefs: { group: string; kind: "InferencePool"; name: string; weight: number }[];
      timeouts?: { request: string };
    }[];
  };
}

type FailureMode = "FailOpen" | "FailClose";

export interface InferencePool {
  apiVersion: "inference.networking.k8s.io/v1";
  kind: "InferencePool";
  metadata: V1ObjectMeta;
  spec: {
    selector: { matchLabels: Record<string, string> };
    targetPorts: { number: number }[];
    appProtocol: "http";
    endpointPickerRef: {
      group: "";
      kind: "Service";
      name: string;
      port: { number: number };
      failureMode: FailureMode;
    };
  };
}

export interface InferenceObjective {
  apiVersion: "llm-d.ai/v1alpha2";
  kind: "InferenceObjective";
  metadata: V1ObjectMeta;
  spec: { priority: number; poolRef: { group: string; kind: "InferencePool"; name: string } };
}

export const POOL_GROUP = "inference.networking.k8s.io";
export const PICKER_PORT = 9002;

/** Shortest time a request may take: answers of reasoning models run for minutes. */
const MINIMUM_TIMEOUT_SECONDS = 600;
/** Means are known, requests vary: as for request lengths, four times the mean. */
const TIMEOUT_LATENCIES = 4;

/** How long a request through the gateway may take, with the reason. */
export function requestTimeout({ choice }: BundleContext): { seconds: number; reason: string } {
  const latency = requestLatencyMs(choice);
  const wanted = latency === null ? 0 : Math.ceil((TIMEOUT_LATENCIES * latency.value) / 1000);
  const seconds = Math.max(MINIMUM_TIMEOUT_SECONDS, wanted);
  const minutes = `${MINIMUM_TIMEOUT_SECONDS / 60} minutes`;
  const reason =
    latency === null
      ? `${minutes}, as how long a request takes is not known`
      : `the longer of ${minutes} and ${TIMEOUT_LATENCIES} times the ${formatLatency(latency.value)} a request takes at the operating point`;
  return { seconds, reason };
}

/** Name of the pool; the chart gives it the release's. */
export function poolName({ identity, release }: Pick<BundleContext, "identity" | "release">): string {
  return release ?? identity.name;
}

/** Name of the endpoint picker and everything that is its own. */
export function pickerName(context: Pick<BundleContext, "identity" | "release">): string {
  return suffixed(poolName(context), "epp");
}

/** Labels of a bundle's object that is not the server. */
export function partLabels({ identity }: Pick<BundleContext, "identity">, component: string): Record<string, string> {
  return { ...identity.labels, "app.kubernetes.io/component": component };
}

/** The entrance. @param labels what this gateway wants to find on it */
export function gatewayObject(
  context: BundleContext,
  className: string,
  classComment?: string,
  labels: Record<string, string> = {},
): GatewayObject {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: context.identity.name, labels: { ...partLabels(context, "gateway"), ...labels } },
    spec: commented(
      {
        gatewayClassName: className,
        listeners: [{ name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "Same" } } }],
      },
      { gatewayClassName: classComment },
    ),
  };
}

/** Every path to the pool. @param timeoutComment why the route carries a timeout; `null` = it carries none */
export function httpRoute(context: BundleContext, timeoutComment: string | null, comment?: string): HttpRoute {
  const { name } = context.identity;
  const timeout = requestTimeout(context);
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, labels: partLabels(context, "gateway") },
    spec: commented(
      {
        parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name }],
        rules: [
          commented(
            {
              matches: [{ path: { type: "PathPrefix", value: "/" } }],
              backendRefs: [{ group: POOL_GROUP, kind: "InferencePool", name: poolName(context), weight: 1 }],
              ...(timeoutComment === null ? {} : { timeouts: { request: `${timeout.seconds}s` } }),
            },
            { timeouts: timeoutComment === null ? undefined : `${timeoutComment}; ${timeout.reason}` },
          ),
        ],
      },
      { rules: comment },
    ),
  };
}

/** What becomes of requests while the picker does not answer, with the reason. */
export function pickerFailure({ proxy }: Pick<ServerPlan, "proxy">): { mode: FailureMode; reason: string } {
  return proxy?.answersAlone === false
    ? { mode: "FailClose", reason: "no pod answers without the other the picker names: better an error at once" }
    : { mode: "FailOpen", reason: "without its picker a request goes to any pod instead of failing" };
}

/** The server's pods as one backend whose endpoint picker chooses the pod. */
export function inferencePool(context: BundleContext): InferencePool {
  const { server, reach } = context;
  const failure = pickerFailure(server);
  return {
    apiVersion: "inference.networking.k8s.io/v1",
    kind: "InferencePool",
    metadata: { name: poolName(context), labels: partLabels(context, "gateway") },
    spec: {
      selector: { matchLabels: reach.picker },
      targetPorts: [{ number: server.port }],
      appProtocol: "http",
      endpointPickerRef: commented(
        {
          group: "",
          kind: "Service",
          name: pickerName(context),
          port: { number: PICKER_PORT },
          failureMode: failure.mode,
        },
        { failureMode: failure.reason },
      ),
    },
  };
}

/** A priority requests can name in a header. Its CRD comes with no gateway: written on request alone. */
export function inferenceObjective(context: BundleContext): InferenceObjective {
  const { name } = context.identity;
  return commented(
    {
      apiVersion: "llm-d.ai/v1alpha2",
      kind: "InferenceObjective",
      metadata: { name, labels: partLabels(context, "gateway") },
      spec: commented(
        { priority: 1, poolRef: { group: POOL_GROUP, kind: "InferencePool", name: poolName(context) } },
        {
          priority:
            "requests that name no objective count as 0; when all pods are full, the lowest are turned away first",
        },
      ),
    },
    {
      apiVersion: `requests choose it by the header x-llm-d-inference-objective: ${name}`,
    },
  );
}

const RAW = "https://raw.githubusercontent.com";

/** Definitions of the objects above, beside what each gateway brings. */
export function extensionPrerequisites({
  inferenceObjective,
}: Pick<ManifestOptions, "inferenceObjective">): Prerequisite[] {
  const pool: Prerequisite[] = [
    {
      what: "The InferencePool (inference.networking.k8s.io/v1):",
      check: "kubectl get crd inferencepools.inference.networking.k8s.io",
      install: [
        `kubectl apply -f ${RAW}/kubernetes-sigs/gateway-api-inference-extension/v1.6.0/config/crd/bases/inference.networking.k8s.io_inferencepools.yaml`,
      ],
    },
  ];
  if (!inferenceObjective) return pool;
  return [
    ...pool,
    {
      what: "The InferenceObjective (llm-d.ai/v1alpha2), which no gateway brings; without it kubectl apply fails:",
      check: "kubectl get crd inferenceobjectives.llm-d.ai",
      install: [
        `kubectl apply -f ${RAW}/llm-d/llm-d-router/v0.10.0/config/crd/bases/llm-d.ai_inferenceobjectives.yaml`,
      ],
    },
  ];
}

/** The Gateway API itself, where no platform installs it. */
export const GATEWAY_API: Prerequisite = {
  what: "The Gateway API (gateway.networking.k8s.io/v1):",
  check: "kubectl get crd httproutes.gateway.networking.k8s.io",
  install: [
    "kubectl apply -f https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml",
  ],
};
