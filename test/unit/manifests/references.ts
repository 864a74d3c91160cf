import { containersOf, fields, list, podsIn } from "./mistakes";
import { at, type Json } from "./read-bundle";

/** One object of a bundle that names another. */
export interface Reference {
  /** What names it: `HTTPRoute parentRefs`. */
  from: string;
  kind: string;
  name: string;
}

/** Names of what a bundle uses and does not bring: the header says how each gets into the cluster. */
const FROM_OUTSIDE = new Set([
  "Secret hf-token",
  "Secret inference-quickstart",
  "PersistentVolumeClaim models",
  "PersistentVolumeClaim lustre-models",
  "StorageClass inference-quickstart-gp3",
  "StorageClass inference-quickstart-hyperdisk-balanced",
  "StorageClass managed-csi-premium",
  "StorageClass oci-bv",
  "GatewayClass gke-l7-rilb",
  "GatewayClass istio",
  "GatewayClass agentgateway",
  "GatewayClass envoy-ai-gateway",
  "GatewayClass openshift-default",
  "EC2NodeClass default",
]);

const NODE_SELECTORS: Record<string, string> = {
  "cloud.google.com/compute-class": "ComputeClass",
  "karpenter.sh/nodepool": "NodePool",
};

function kindOf(object: Json): string {
  return String(at(object, "kind"));
}

function nameOf(object: Json): string {
  return String(at(object, "metadata", "name"));
}

/** References of one path: its value and the kind it names. */
function named(from: string, kind: Json | undefined, name: Json | undefined): Reference[] {
  return typeof name === "string" && name !== "" ? [{ from, kind: String(kind), name }] : [];
}

function byKind(from: string, target: Json | undefined): Reference[] {
  return target === undefined ? [] : named(from, at(target, "kind"), at(target, "name"));
}

function podReferences(pod: Json): Reference[] {
  const spec = at(pod, "spec");
  const claims = [...list(at(spec, "volumes"))].flatMap((volume) => [
    ...named("volume", "ConfigMap", at(volume, "configMap", "name")),
    ...named("volume", "PersistentVolumeClaim", at(volume, "persistentVolumeClaim", "claimName")),
    ...named("volume", "StorageClass", at(volume, "ephemeral", "volumeClaimTemplate", "spec", "storageClassName")),
  ]);
  const secrets = containersOf(pod).flatMap((container) =>
    list(at(container, "env")).flatMap((one) => named("env", "Secret", at(one, "valueFrom", "secretKeyRef", "name"))),
  );
  return [
    ...named("serviceAccountName", "ServiceAccount", at(spec, "serviceAccountName")),
    ...claims,
    ...secrets,
    ...list(at(spec, "resourceClaims")).flatMap((claim) =>
      named("resourceClaims", "ResourceClaimTemplate", at(claim, "resourceClaimTemplateName")),
    ),
    ...fields(at(spec, "nodeSelector")).flatMap(([label, value]) =>
      label in NODE_SELECTORS ? named("nodeSelector", NODE_SELECTORS[label], value) : [],
    ),
  ];
}

/** Every reference by name an object has. */
export function referencesOf(object: Json): Reference[] {
  const kind = kindOf(object);
  const spec = at(object, "spec");
  const own = (path: string) => `${kind} ${path}`;
  const account = at(object, "metadata", "annotations", "kubernetes.io/service-account.name");
  const host = at(spec, "host");
  return [
    ...podsIn(object).flatMap(podReferences),
    ...byKind(own("scaleTargetRef"), at(spec, "scaleTargetRef")),
    ...byKind(own("targetRef"), at(spec, "targetRef")),
    ...byKind(own("poolRef"), at(spec, "poolRef")),
    ...byKind(own("roleRef"), at(object, "roleRef")),
    ...byKind(own("nodeClassRef"), at(spec, "template", "spec", "nodeClassRef")),
    ...list(at(object, "subjects")).flatMap((subject) => byKind(own("subjects"), subject)),
    ...list(at(spec, "targetRefs")).flatMap((target) => byKind(own("targetRefs"), target)),
    ...list(at(spec, "parentRefs")).flatMap((parent) => byKind(own("parentRefs"), parent)),
    ...list(at(spec, "rules")).flatMap((rule) =>
      list(at(rule, "backendRefs")).flatMap((backend) => byKind(own("backendRefs"), backend)),
    ),
    ...list(at(spec, "triggers")).flatMap((trigger) =>
      named(own("authenticationRef"), "TriggerAuthentication", at(trigger, "authenticationRef", "name")),
    ),
    ...list(at(spec, "secretTargetRef")).flatMap((target) => named(own("secret"), "Secret", at(target, "name"))),
    ...named(own("endpointPickerRef"), "Service", at(spec, "endpointPickerRef", "name")),
    ...named(own("gatewayClassName"), "GatewayClass", at(spec, "gatewayClassName")),
    ...named(own("account"), "ServiceAccount", kind === "Secret" ? account : undefined),
    ...named(own("volumeName"), "PersistentVolume", at(spec, "volumeName")),
    ...named(own("claimRef"), "PersistentVolumeClaim", at(spec, "claimRef", "name")),
    ...(kind === "DestinationRule" ? named(own("host"), "Service", String(host).split(".")[0]) : []),
  ];
}

interface Selector {
  from: string;
  labels: [string, Json][];
  port: Json | undefined;
}

/** How an object selects pods; `null` where it selects none. */
function selectorOf(object: Json): Selector | null {
  const kind = kindOf(object);
  const spec = at(object, "spec");
  switch (kind) {
    case "Service":
      return { from: kind, labels: fields(at(spec, "selector")), port: at(spec, "ports", 0, "targetPort") };
    case "PodMonitor":
    case "PodMonitoring": {
      const endpoint = at(spec, kind === "PodMonitor" ? "podMetricsEndpoints" : "endpoints", 0, "port");
      return { from: kind, labels: fields(at(spec, "selector", "matchLabels")), port: endpoint };
    }
    case "InferencePool":
      return {
        from: kind,
        labels: fields(at(spec, "selector", "matchLabels")),
        port: at(spec, "targetPorts", 0, "number"),
      };
    case "PodDisruptionBudget":
      return { from: kind, labels: fields(at(spec, "selector", "matchLabels")), port: undefined };
    case "NetworkPolicy":
      return {
        from: kind,
        labels: fields(at(spec, "podSelector", "matchLabels")),
        port: at(spec, "ingress", 0, "ports", 0, "port"),
      };
    default:
      return null;
  }
}

interface Pod {
  labels: Record<string, Json>;
  ports: Json[];
}

function podsOf(object: Json): Pod[] {
  return podsIn(object).map((pod, index) => ({
    labels: {
      ...Object.fromEntries(fields(at(pod, "metadata", "labels"))),
      // The controller of a group numbers its pods: the leader is the first template.
      ...(kindOf(object) === "LeaderWorkerSet"
        ? { "leaderworkerset.sigs.k8s.io/worker-index": index === 0 ? "0" : "1" }
        : {}),
    },
    ports: containersOf(pod).flatMap((container) =>
      list(at(container, "ports")).flatMap((port) => [at(port, "name") ?? null, at(port, "containerPort") ?? null]),
    ),
  }));
}

/** What in a bundle names an object, or selects pods, that are neither in it nor known to come from outside. */
export function danglingReferences(objects: readonly Json[]): string[] {
  const there = new Set(objects.map((object) => `${kindOf(object)} ${nameOf(object)}`));
  const byName = objects.flatMap((object) =>
    referencesOf(object)
      .filter(({ kind, name }) => !there.has(`${kind} ${name}`) && !FROM_OUTSIDE.has(`${kind} ${name}`))
      .map(({ from, kind, name }) => `${nameOf(object)}: ${from} names no ${kind} ${name}`),
  );
  const pods = objects.flatMap(podsOf);
  const bySelector = objects.flatMap((object) => {
    const selector = selectorOf(object);
    if (selector === null) return [];
    const selected = pods.filter(({ labels }) => selector.labels.every(([label, value]) => labels[label] === value));
    if (selector.labels.length === 0 || selected.length === 0)
      return [`${nameOf(object)}: ${selector.from} selects no pod`];
    const { port } = selector;
    const answered = port === undefined || selected.some(({ ports }) => ports.includes(port));
    return answered ? [] : [`${nameOf(object)}: ${selector.from} names no port ${port}`];
  });
  return [...byName, ...bySelector];
}
