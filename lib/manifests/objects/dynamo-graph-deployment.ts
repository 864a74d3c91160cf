import type {
  V1Container,
  V1ObjectMeta,
  V1PodResourceClaim,
  V1PodSpec,
  V1PodTemplateSpec,
} from "@kubernetes/client-node";
import { isNvlinkRack } from "../../catalogue/hosts";
import type { BundleContext } from "../plan/bundle-context";
import { podsPerReplica } from "../plan/replica-layout";
import { commented } from "../write/commented";
import { podTemplate } from "./pod";
import { sharedMemoryGib } from "./pod-resources";

interface Component {
  name: string;
  type: "frontend" | "worker" | "prefill" | "decode";
  replicas: number;
  sharedMemorySize?: string;
  multinode?: { nodeCount: number };
  podTemplate: V1PodTemplateSpec;
}

/** nvidia.com/v1beta1, as far as it is written here; no published TypeScript types exist. */
export interface DynamoGraphDeployment {
  apiVersion: "nvidia.com/v1beta1";
  kind: "DynamoGraphDeployment";
  metadata: V1ObjectMeta;
  spec: { backendFramework: "vllm" | "sglang" | "trtllm"; components: Component[] };
}

/** Names of pods are made of this one's, the component's and what the operator adds. */
export const DYNAMO_NAME_CHARACTERS = 30;
const FRONTEND_PORT = 8000;

/** The Service the operator makes for the frontend. */
export function frontendService(name: string): string {
  return `${name}-frontend`;
}

/** The container as the operator knows it; it brings probes, ports and shared memory itself. */
function mainContainer(container: V1Container): V1Container {
  const {
    ports: _ports,
    startupProbe: _startup,
    readinessProbe: _ready,
    livenessProbe: _live,
    lifecycle: _end,
    ...rest
  } = container;
  return { ...rest, name: "main", volumeMounts: (rest.volumeMounts ?? []).filter(({ name }) => name !== "shm") };
}

const CHANNEL = "nvlink";

/** The claim of a channel of the rack's NVLink, and what it is made from; `null` where machines are joined by no NVLink. */
function rackChannel({ choice, identity }: BundleContext): { claim: V1PodResourceClaim } | null {
  if (!isNvlinkRack(choice.accelerator)) return null;
  return { claim: { name: CHANNEL, resourceClaimTemplateName: channelTemplate(identity.name) } };
}

function withClaim(container: V1Container, channel: ReturnType<typeof rackChannel>): V1Container {
  if (channel === null) return container;
  const { resources } = container;
  return { ...container, resources: { ...resources, claims: [...(resources?.claims ?? []), { name: CHANNEL }] } };
}

function channelTemplate(name: string): string {
  return `${name}-${CHANNEL}`;
}

interface ComputeDomain {
  apiVersion: "resource.nvidia.com/v1beta1";
  kind: "ComputeDomain";
  metadata: V1ObjectMeta;
  spec: { numNodes: number; channel: { resourceClaimTemplate: { name: string } } };
}

/** What lets pods on machines of one rack reach each other's memory over NVLink; none elsewhere. */
export function computeDomains(context: BundleContext): ComputeDomain[] {
  if (rackChannel(context) === null) return [];
  const { identity } = context;
  return [
    {
      apiVersion: "resource.nvidia.com/v1beta1",
      kind: "ComputeDomain",
      metadata: { name: identity.name, labels: identity.labels },
      spec: commented(
        { numNodes: 0, channel: { resourceClaimTemplate: { name: channelTemplate(identity.name) } } },
        { numNodes: "pods start as they come, on whichever machines of the rack have room (DRA driver 25.8 or later)" },
      ),
    },
  ];
}

function workerTemplate(context: BundleContext, labels: Record<string, string>): V1PodTemplateSpec {
  const template = podTemplate(context, labels);
  const { spec } = template;
  if (spec === undefined) return template;
  // Workers find each other through the API server, with the operator's own service account.
  const { automountServiceAccountToken: _token, ...rest } = spec;
  const channel = rackChannel(context);
  const own: V1PodSpec = {
    ...rest,
    ...(channel === null ? {} : { resourceClaims: [...(spec.resourceClaims ?? []), channel.claim] }),
    containers: spec.containers.map((container) => withClaim(mainContainer(container), channel)),
    volumes: (spec.volumes ?? []).filter(({ name }) => name !== "shm"),
  };
  return { ...template, spec: own };
}

function worker(context: BundleContext, labels: Record<string, string>): Component {
  const { role, layout } = context;
  const machines = podsPerReplica(layout);
  return commented(
    {
      name: role ?? "worker",
      type: role ?? "worker",
      replicas: layout.measuredReplicas,
      sharedMemorySize: `${sharedMemoryGib(layout)}Gi`,
      ...(machines === 1 ? {} : { multinode: { nodeCount: machines } }),
      podTemplate: workerTemplate(context, labels),
    },
    {
      replicas: "as measured; figures are of all of them together. Scale every kind of worker by the same factor",
      multinode: "one worker over so many machines; the operator tells each its place",
    },
  );
}

function frontend({
  server,
  identity,
  operatorImage,
}: {
  server: string;
  identity: BundleContext["identity"];
  operatorImage: string;
}): Component {
  return {
    name: "Frontend",
    type: "frontend",
    replicas: 1,
    podTemplate: {
      metadata: { labels: { ...identity.labels, "app.kubernetes.io/component": "frontend" } },
      spec: {
        enableServiceLinks: false,
        containers: [
          commented(
            {
              name: "main",
              image: operatorImage,
              imagePullPolicy: "IfNotPresent",
              command: ["python3", "-m", "dynamo.frontend"],
              args: [`--http-port=${FRONTEND_PORT}`],
              resources: { requests: { cpu: "4", memory: "8Gi" }, limits: { memory: "16Gi" } },
            },
            { image: `of the workers (${server}): frontend and workers must be of one release` },
          ),
        ],
      },
    },
  };
}

/** What Dynamo's operator makes the deployment from: its frontend, and the workers as they were measured. */
export function dynamoGraphDeployment(
  context: BundleContext,
  labels: Record<string, string>,
  annotations: Record<string, string>,
): DynamoGraphDeployment {
  const { identity, server, prefill } = context;
  const { operator } = server;
  if (operator === undefined) throw new Error("only a server with an operator of its own is deployed by it");
  const workers = [...(prefill === null ? [] : [prefill]), context].map((part) => worker(part, labels));
  return {
    apiVersion: "nvidia.com/v1beta1",
    kind: "DynamoGraphDeployment",
    metadata: { name: identity.name, labels: identity.labels, annotations },
    spec: {
      backendFramework: operator.backendFramework,
      components: [frontend({ server: server.label, identity, operatorImage: operator.frontendImage }), ...workers],
    },
  };
}
