import type { Json } from "./read-bundle";

/** What a value may be: a plain type, fields by name (no others), or a list of one shape. `any` is checked elsewhere. */
export type Shape =
  | "string"
  | "integer"
  | "boolean"
  | "strings"
  | "any"
  | readonly [Shape]
  | { [field: string]: Shape };

/** Where a value is not of a shape, as `path: what is wrong`. */
export function misfits(value: Json | undefined, shape: Shape, at = "$"): string[] {
  if (shape === "any") return [];
  if (shape === "strings") {
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
    return isMap && Object.values(value).every((item) => typeof item === "string") ? [] : [`${at}: no map of texts`];
  }
  if (typeof shape === "string") {
    const isIt = shape === "integer" ? Number.isInteger(value) : typeof value === shape;
    return isIt ? [] : [`${at}: no ${shape}`];
  }
  if (Array.isArray(shape)) {
    const [item] = shape as readonly [Shape];
    return Array.isArray(value)
      ? value.flatMap((one, index) => misfits(one, item, `${at}[${index}]`))
      : [`${at}: no list`];
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at}: no object`];
  const fields = shape as { [field: string]: Shape };
  return Object.entries(value).flatMap(([name, member]) => {
    const of = fields[name];
    return of === undefined ? [`${at}.${name}: there is no such field`] : misfits(member, of, `${at}.${name}`);
  });
}

/** Fields of a pod's specification that are written here (Kubernetes API reference, v1 PodSpec). */
const POD_SPEC: Shape = {
  automountServiceAccountToken: "boolean",
  serviceAccountName: "string",
  enableServiceLinks: "boolean",
  terminationGracePeriodSeconds: "integer",
  securityContext: "any",
  runtimeClassName: "string",
  schedulerName: "string",
  resourceClaims: ["any"],
  nodeSelector: "strings",
  affinity: "any",
  tolerations: ["any"],
  topologySpreadConstraints: ["any"],
  initContainers: ["any"],
  containers: ["any"],
  volumes: ["any"],
};

/** kserve/kserve pkg/apis/serving/v1beta1/component.go, ComponentExtensionSpec, inlined beside a PodSpec. */
export const INFERENCE_SERVICE: Shape = {
  predictor: {
    ...(POD_SPEC as { [field: string]: Shape }),
    minReplicas: "integer",
    maxReplicas: "integer",
    scaleTarget: "integer",
    scaleMetric: "string",
    containerConcurrency: "integer",
    timeout: "integer",
    canaryTrafficPercent: "integer",
    labels: "strings",
    annotations: "strings",
    deploymentStrategy: { type: "string", rollingUpdate: { maxSurge: "any", maxUnavailable: "any" } },
  },
};

const PROBE: Shape = {
  initialDelaySeconds: "integer",
  periodSeconds: "integer",
  failureThreshold: "integer",
  httpGet: { path: "string", port: "integer" },
};

/** vllm-project/production-stack helm/values.schema.json @ 01eaf92, as far as an engine is described. */
export const PRODUCTION_STACK: Shape = {
  servingEngineSpec: {
    enableEngine: "boolean",
    runtimeClassName: "string",
    containerPort: "integer",
    strategy: "any",
    imagePullPolicy: "string",
    securityContext: "any",
    containerSecurityContext: "any",
    startupProbe: PROBE,
    readinessProbe: PROBE,
    livenessProbe: PROBE,
    modelSpec: [
      {
        name: "string",
        annotations: "strings",
        podAnnotations: "strings",
        podLabels: "strings",
        repository: "string",
        tag: "string",
        modelURL: "string",
        replicaCount: "integer",
        resources: "any",
        shmSize: "string",
        vllmConfig: { tensorParallelSize: "integer", enablePrefixCaching: "boolean", extraArgs: ["string"] },
        env: ["any"],
        extraVolumes: ["any"],
        extraVolumeMounts: ["any"],
        serviceAccountName: "string",
        affinity: "any",
        nodeSelectorTerms: ["any"],
        tolerations: ["any"],
      },
    ],
  },
};

/** argoproj/argo-cd manifests/crds/application-crd.yaml, as far as it is used. */
export const APPLICATION: Shape = {
  project: "string",
  source: { repoURL: "string", targetRevision: "string", path: "string" },
  destination: { server: "string", namespace: "string" },
  syncPolicy: { automated: { prune: "boolean", selfHeal: "boolean" }, syncOptions: ["string"] },
  ignoreDifferences: [{ group: "string", kind: "string", jsonPointers: ["string"] }],
};

/** fluxcd/source-controller config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml, v1. */
export const GIT_REPOSITORY: Shape = { interval: "string", url: "string", ref: { branch: "string" } };

/** fluxcd/kustomize-controller config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml, v1. */
export const FLUX_KUSTOMIZATION: Shape = {
  interval: "string",
  retryInterval: "string",
  timeout: "string",
  path: "string",
  prune: "boolean",
  wait: "boolean",
  targetNamespace: "string",
  sourceRef: { kind: "string", name: "string" },
};

/** Flags by the commands' own help: gcloud 528 (`container node-pools create`), eksctl and az as their references have them. */
export const NODE_POOL_FLAGS: Readonly<Record<string, readonly string[]>> = {
  gke: `--accelerator --cluster --disk-size --disk-type --enable-autoscaling --enable-gvnic --location --machine-type --max-nodes
    --min-nodes --node-labels --node-locations --num-nodes`.split(/\s+/),
  eks: "--cluster --region --name --node-type --nodes --nodes-min --nodes-max --node-volume-size".split(" "),
  aks: `--cluster-name --resource-group --name --node-vm-size --node-count --enable-cluster-autoscaler --min-count --max-count
    --node-osdisk-size --node-taints`.split(/\s+/),
};
