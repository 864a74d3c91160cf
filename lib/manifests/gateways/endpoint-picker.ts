import type {
  KubernetesObject,
  V1ConfigMap,
  V1Container,
  V1Deployment,
  V1Role,
  V1RoleBinding,
  V1Service,
  V1ServiceAccount,
} from "@kubernetes/client-node";
import { formatNumber } from "../../format";
import { MONITORING_KINDS } from "../monitoring/all";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { PICKER_PORT, POOL_GROUP, partLabels, pickerName } from "./objects";
import { pickerConfig } from "./picker-config";

export const PICKER_IMAGE = { repository: "ghcr.io/llm-d/llm-d-router-endpoint-picker", tag: "v0.10.0" };
/** What llm-d's chart asks for. */
export const PICKER_MEMORY = { request: "8Gi", limit: "16Gi" };
const HEALTH_PORT = 9003;
const METRICS_PORT = 9090;
export const CONFIG_FILE = "plugins.yaml";
const CONFIG_DIRECTORY = "/config";
/** Half a core for each request a second (0.5 to 1 with long prompts), at least one, at most llm-d's own size. */
const CORES_PER_REQUEST_PER_SECOND = 0.5;
const CORES = { minimum: 1, maximum: 8, unknown: 4 };

const SIX_WITHOUT: readonly undefined[] = [undefined, undefined, undefined, undefined, undefined, undefined];

/** Labels that find the picker's pods: those written here, or those the chart gives them. */
function pickerSelector(context: BundleContext): Record<string, string> {
  if (context.release !== undefined) return { "llm-d-router-gateway": pickerName(context) };
  return { "app.kubernetes.io/name": "endpoint-picker", "app.kubernetes.io/instance": context.identity.name };
}

function pickerLabels(context: BundleContext): Record<string, string> {
  return {
    ...pickerSelector(context),
    "app.kubernetes.io/component": "endpoint-picker",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
}

/** CPU of the picker from the requests it has to place. */
export function pickerCores({ choice, layout, scaling }: BundleContext): { value: number; reason: string } {
  const { capacity, operatingPoint } = choice;
  const perReplica = operatingPoint.requestsPerSecond;
  const rate =
    capacity?.demandRequestsPerSecond ??
    (perReplica === null ? null : (perReplica * scaling.minimum) / layout.measuredReplicas);
  if (rate === null) {
    return {
      value: CORES.unknown,
      reason: "how many requests/s come is not known: half of what llm-d's chart asks for",
    };
  }
  const wanted = Math.ceil(rate * CORES_PER_REQUEST_PER_SECOND);
  return {
    value: Math.min(CORES.maximum, Math.max(CORES.minimum, wanted)),
    reason: `half a core for each of ${formatNumber(rate)} requests/s, ${CORES.minimum} to ${CORES.maximum}; long prompts take up to twice that`,
  };
}

function container(context: BundleContext): V1Container {
  const probe = { grpc: { port: HEALTH_PORT, service: "inference-extension" } };
  const cpu = pickerCores(context);
  return {
    name: "epp",
    image: `${PICKER_IMAGE.repository}:${PICKER_IMAGE.tag}`,
    imagePullPolicy: "IfNotPresent",
    args: commented(
      [
        `--pool-name=${context.identity.name}`,
        "--pool-namespace=$(NAMESPACE)",
        `--pool-group=${POOL_GROUP}`,
        `--config-file=${CONFIG_DIRECTORY}/${CONFIG_FILE}`,
        `--grpc-health-port=${HEALTH_PORT}`,
        "--zap-encoder=json",
        "--metrics-endpoint-auth=false",
        "--tracing=false",
      ],
      [
        ...SIX_WITHOUT,
        "metrics hold no secrets; with authentication it needs rights on the whole cluster",
        "on by default, and then it reports to a collector on its own pod that is not there",
      ],
    ),
    env: [
      { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    ports: [
      { name: "grpc", containerPort: PICKER_PORT, protocol: "TCP" },
      { name: "grpc-health", containerPort: HEALTH_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
    ],
    livenessProbe: { ...probe, initialDelaySeconds: 5, periodSeconds: 10 },
    readinessProbe: { ...probe, periodSeconds: 2 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: {
      requests: commented(
        { cpu: String(cpu.value), memory: PICKER_MEMORY.request },
        { cpu: cpu.reason, memory: "as llm-d's chart" },
      ),
      limits: { memory: PICKER_MEMORY.limit },
    },
    volumeMounts: [{ name: "config", mountPath: CONFIG_DIRECTORY, readOnly: true }],
  };
}

function pickerDeployment(context: BundleContext): V1Deployment {
  const name = pickerName(context);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels: pickerLabels(context) },
    spec: commented(
      {
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: pickerSelector(context) },
        template: {
          metadata: { labels: pickerLabels(context) },
          spec: commented(
            {
              serviceAccountName: name,
              enableServiceLinks: false,
              terminationGracePeriodSeconds: context.stop.graceSeconds,
              containers: [container(context)],
              volumes: [{ name: "config", configMap: { name } }],
            },
            {
              terminationGracePeriodSeconds:
                "as long as the servers have: it places requests until the last is answered",
            },
          ),
        },
      },
      {
        replicas: "one at a time: what it knows of prefix caches is in its memory",
        strategy: "two at once would each know half",
      },
    ),
  };
}

function access(context: BundleContext): [V1ServiceAccount, V1Role, V1RoleBinding] {
  const name = pickerName(context);
  const metadata = { name, labels: pickerLabels(context) };
  const verbs = ["get", "watch", "list"];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs },
        { apiGroups: [POOL_GROUP], resources: ["inferencepools"], verbs },
        {
          apiGroups: ["llm-d.ai", "inference.networking.x-k8s.io"],
          resources: ["inferenceobjectives", "inferencemodelrewrites"],
          verbs,
        },
      ],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      subjects: [
        {
          kind: "ServiceAccount",
          name,
          ...(context.options.namespace === null ? {} : { namespace: context.options.namespace }),
        },
      ],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    },
  ];
}

function configMap(context: BundleContext): V1ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: pickerName(context), labels: pickerLabels(context) },
    data: { [CONFIG_FILE]: pickerConfig(context.server, context.prefill !== null) },
  };
}

function pickerService(context: BundleContext): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: pickerName(context), labels: pickerLabels(context) },
    spec: {
      type: "ClusterIP",
      selector: pickerSelector(context),
      ports: [
        {
          name: "grpc-ext-proc",
          port: PICKER_PORT,
          targetPort: "grpc",
          protocol: "TCP",
          appProtocol: "kubernetes.io/h2c",
        },
        { name: "http-metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" },
      ],
    },
  };
}

/**
 * Collection of the picker's own metrics (llm_d_epp_*), by what collects the servers'. Without the label of the instance: the
 * picker would count as one of the server's pods, and keep the alert that none answers from ever going off.
 */
export function pickerCollection(context: BundleContext): KubernetesObject[] {
  return MONITORING_KINDS[context.options.monitoring].collection(context, {
    name: pickerName(context),
    labels: partLabels(context, "endpoint-picker"),
    selector: pickerSelector(context),
    port: "metrics",
    path: "/metrics",
  });
}

/**
 * llm-d's endpoint picker: the gateway asks it, for each request, which pod gets it. Service account, rights, configuration,
 * Deployment, Service and the collection of its metrics.
 */
export function endpointPicker(context: BundleContext): KubernetesObject[] {
  return [
    ...access(context),
    configMap(context),
    pickerDeployment(context),
    pickerService(context),
    ...pickerCollection(context),
  ];
}
