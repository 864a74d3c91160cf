import type { Accelerator } from "../../catalogue/catalogue";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import { defaultPlatform, platformOf } from "../platforms/all";
import type { AskedOptions, ClusterVersion, ManifestOptions } from "./manifest-options";

/** The default: the first version in which DRA is GA. */
const DEFAULT_CLUSTER: ClusterVersion = { major: 1, minor: 34 };

/** Every option, those not asked for filled in from the platform and the autoscaler. */
export function completeOptions(asked: AskedOptions, accelerator: Accelerator): ManifestOptions {
  const platform = asked.platform ?? defaultPlatform(accelerator).id;
  const { defaults } = platformOf({ platform });
  const autoscaler = asked.autoscaler ?? "hpa";
  return {
    platform,
    clusterVersion: asked.clusterVersion ?? DEFAULT_CLUSTER,
    deviceAccess: asked.deviceAccess ?? "plugin",
    context: asked.context ?? "measured",
    answerParsers: asked.answerParsers ?? true,
    autoscaler,
    metrics: asked.metrics ?? AUTOSCALER_KINDS[autoscaler].ownMetrics ?? defaults.metrics,
    signal: asked.signal ?? "auto",
    gateway: asked.gateway ?? "none",
    storage: asked.storage ?? "hub",
    storageSource: asked.storageSource ?? null,
    monitoring: asked.monitoring ?? defaults.monitoring,
    benchmarkJob: asked.benchmarkJob ?? false,
    networkPolicy: asked.networkPolicy ?? false,
    inferenceObjective: asked.inferenceObjective ?? false,
    namespace: asked.namespace ?? null,
    rdmaResource: asked.rdmaResource ?? null,
    clusterName: asked.clusterName ?? null,
  };
}
