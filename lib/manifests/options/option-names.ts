import type { ManifestOptions } from "./manifest-options";

/** Name of each option in an address. Beside `OPTION_PARAMS`, because a page's form needs no more than this. */
export const OPTION_NAMES = {
  platform: "platform",
  clusterVersion: "cluster",
  deviceAccess: "devices",
  context: "context",
  answerParsers: "parsers",
  autoscaler: "autoscaler",
  metrics: "metrics",
  signal: "signal",
  gateway: "gateway",
  storage: "storage",
  storageSource: "source",
  monitoring: "monitoring",
  benchmarkJob: "bench",
  networkPolicy: "netpol",
  inferenceObjective: "objective",
  namespace: "namespace",
  rdmaResource: "rdma",
  clusterName: "clusterName",
} as const satisfies Record<keyof ManifestOptions, string>;
