import { PLATFORM_LABELS, type PlatformId } from "../platforms/ids";
import type {
  Autoscaler,
  DeviceAccess,
  GatewayKind,
  ManifestOptions,
  MetricsSource,
  Monitoring,
  Signal,
  StorageKind,
} from "./manifest-options";

/** One value of an option as people read it. */
export interface OptionLabel {
  /** A few words, for a list to choose from. */
  label: string;
  /** What it means and what it needs, one line. */
  help: string;
}

const PLATFORM_OPTIONS: Record<PlatformId, OptionLabel> = {
  gke: {
    label: PLATFORM_LABELS.gke,
    help: "Standard cluster with node pools you keep; nodes by GKE's accelerator label",
  },
  "gke-autopilot": {
    label: PLATFORM_LABELS["gke-autopilot"],
    help: "Nodes come from a ComputeClass in the manifest, on demand first; GKE 1.30.3 or later",
  },
  eks: {
    label: PLATFORM_LABELS.eks,
    help: "Managed node groups; nodes by instance type, caches on gp3 (EBS CSI driver)",
  },
  "eks-karpenter": {
    label: PLATFORM_LABELS["eks-karpenter"],
    help: "Karpenter makes the nodes from a NodePool in the manifest; give the cluster's name to have a node class too",
  },
  aks: {
    label: PLATFORM_LABELS.aks,
    help: "Node pools of one GPU size tainted sku=gpu, caches on Premium SSD",
  },
  openshift: {
    label: PLATFORM_LABELS.openshift,
    help: "Restricted SCC without fixed user ids, GPU operator's labels, monitoring of user workloads",
  },
  generic: {
    label: PLATFORM_LABELS.generic,
    help: "Nodes by the labels of the vendor's operator, the default storage class",
  },
};

const DEVICE_ACCESS_OPTIONS: Record<DeviceAccess, OptionLabel> = {
  plugin: { label: "device plugin", help: "The accelerator as an extended resource, as every cluster has it" },
  dra: {
    label: "resource claims (DRA)",
    help: "Claims that may fall back to other accelerators; Kubernetes 1.34, a DRA driver; not on Autopilot or Karpenter",
  },
};

const AUTOSCALER_OPTIONS: Record<Autoscaler, OptionLabel> = {
  none: { label: "none", help: "As many replicas as the demand needs, fixed" },
  hpa: { label: "HPA", help: "HorizontalPodAutoscaler on the server's own metric, through a metrics adapter" },
  keda: { label: "KEDA", help: "ScaledObject that asks Prometheus itself; the KEDA operator" },
};

const METRICS_OPTIONS: Record<MetricsSource, OptionLabel> = {
  "prometheus-adapter": { label: "Prometheus adapter", help: "Any cluster with a Prometheus; for the HPA" },
  gmp: {
    label: "Google Managed Prometheus",
    help: "GKE, with the custom metrics adapter for Cloud Monitoring; for the HPA",
  },
  "keda-prometheus": { label: "KEDA's Prometheus scaler", help: "A Prometheus KEDA can reach; for KEDA" },
};

const SIGNAL_OPTIONS: Record<Signal, OptionLabel> = {
  auto: {
    label: "by what was measured",
    help: "Requests running where the operating point tells them, else the queue",
  },
  running: { label: "requests running", help: "Acts before requests wait; for tight latency targets" },
  queue: { label: "requests waiting", help: "Acts when requests wait; for throughput" },
  "kv-cache": { label: "KV-cache use", help: "Acts when memory for contexts runs out; for long requests" },
};

const GATEWAY_OPTIONS: Record<GatewayKind, OptionLabel> = {
  none: { label: "none", help: "A Service inside the cluster; connections are spread, not requests" },
  gke: { label: "GKE Inference Gateway", help: "Google's load balancer with the endpoint picker; GKE only" },
  istio: { label: "Istio", help: "Gateway API with the inference extension; Istio with its inference support on" },
  agentgateway: {
    label: "agentgateway",
    help: "Gateway API with the inference extension; agentgateway in the cluster",
  },
  "envoy-ai-gateway": {
    label: "Envoy AI Gateway",
    help: "Gateway API with the inference extension; Envoy AI Gateway in the cluster",
  },
};

const STORAGE_OPTIONS: Record<StorageKind, OptionLabel> = {
  hub: { label: "Hugging Face hub", help: "Each new pod downloads the weights into a volume of its own" },
  pvc: {
    label: "existing volume (PVC)",
    help: "A claim many nodes can read (ReadOnlyMany, ReadWriteMany); source CLAIM/folder",
  },
  gcsfuse: {
    label: "Cloud Storage bucket",
    help: "GKE's FUSE driver with a cache in memory; source gs://BUCKET/folder",
  },
  lustre: { label: "Lustre", help: "A claim on Managed Lustre (GKE) or FSx for Lustre (EKS); source CLAIM/folder" },
  s3: { label: "S3 bucket", help: "Mountpoint for S3 on EKS; source s3://BUCKET/folder" },
  "oci-image": {
    label: "container image",
    help: "The weights as an image volume, pulled once a node; Kubernetes 1.35; source REGISTRY/NAME@sha256:…#folder",
  },
};

const MONITORING_OPTIONS: Record<Monitoring, OptionLabel> = {
  none: { label: "none", help: "Scrape annotations at most" },
  "prometheus-operator": {
    label: "Prometheus operator",
    help: "PodMonitor, alerts at the targets and a dashboard; kube-prometheus-stack, or OpenShift's own",
  },
  gmp: {
    label: "Google Managed Prometheus",
    help: "PodMonitoring, alerts at the targets and a dashboard; GKE only",
  },
};

/** Values of every option one chooses from a list, in the order the page asks. */
export const OPTION_LABELS = {
  platform: PLATFORM_OPTIONS,
  deviceAccess: DEVICE_ACCESS_OPTIONS,
  storage: STORAGE_OPTIONS,
  gateway: GATEWAY_OPTIONS,
  autoscaler: AUTOSCALER_OPTIONS,
  metrics: METRICS_OPTIONS,
  signal: SIGNAL_OPTIONS,
  monitoring: MONITORING_OPTIONS,
} satisfies { [K in keyof ManifestOptions]?: Record<string, OptionLabel> };

/** Label and help of one value, as an address or the command line writes it; `null` where the option is not chosen from a list. */
export function optionLabel(option: keyof ManifestOptions, value: string): OptionLabel | null {
  const values: Record<string, OptionLabel> | undefined = Object.hasOwn(OPTION_LABELS, option)
    ? OPTION_LABELS[option as keyof typeof OPTION_LABELS]
    : undefined;
  return values !== undefined && Object.hasOwn(values, value) ? (values[value] ?? null) : null;
}

const HELP_COLUMN_CHARACTERS = 22;

/** Every value with its help, as lines for the command line's `--help`. @param flagOf the flag of an option */
export function optionHelpText(flagOf: (option: keyof ManifestOptions) => string): string {
  return Object.entries(OPTION_LABELS)
    .flatMap(([option, values]) => [
      "",
      flagOf(option as keyof typeof OPTION_LABELS),
      ...Object.entries(values).map(([value, { help }]) => `  ${value.padEnd(HELP_COLUMN_CHARACTERS)}${help}`),
    ])
    .join("\n");
}
