import type { Accelerator } from "../../catalogue/catalogue";
import { isCpu } from "../../catalogue/hosts";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import { gatewayProblemOn } from "../gateways/all";
import { MONITORING_KINDS } from "../monitoring/all";
import { platformOf } from "../platforms/all";
import { STORAGE_KINDS } from "../storage/all";
import { claimsDevices, clusterVersionText, hasMinor, type ManifestOptions, OLDEST_CLUSTER } from "./manifest-options";

/** One option that cannot be as asked, with the reason. */
export interface OptionConflict {
  option: keyof ManifestOptions;
  value: string;
  reason: string;
}

/** The release in which DRA is on by default (the feature gates' page of kubernetes.io). */
const DRA_MINOR = 34;
/** EKS, GKE and AKS names alike. */
const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
/** An extended resource: a domain, of which Kubernetes keeps its own for itself, and a name. */
const EXTENDED_RESOURCE =
  /^(?!requests\.|[^/]*kubernetes\.io\/)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,5}\/[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Every option that is not possible, with the reason; a page does not offer these. */
export function optionConflicts(options: ManifestOptions, accelerator: Accelerator): OptionConflict[] {
  const conflicts: OptionConflict[] = [];
  const platform = platformOf(options);
  const { clusterVersion, autoscaler, metrics, gateway, storage, storageSource, monitoring } = options;
  const refuse = (option: OptionConflict["option"], value: string, reason: string) => {
    conflicts.push({ option, value, reason });
  };
  if (!hasMinor(clusterVersion, OLDEST_CLUSTER.minor)) {
    const oldest = clusterVersionText(OLDEST_CLUSTER);
    refuse("clusterVersion", clusterVersionText(clusterVersion), `The manifests need Kubernetes ${oldest} or later.`);
  }
  const lacks = platform.lacks(accelerator);
  if (lacks !== null) refuse("platform", platform.id, lacks);
  if (claimsDevices(options)) {
    if (isCpu(accelerator)) {
      refuse(
        "deviceAccess",
        "dra",
        `${accelerator.name} is no device that could be claimed: its pods ask for cpu and memory. Leave the device access at plugin.`,
      );
    } else if (!hasMinor(clusterVersion, DRA_MINOR)) {
      refuse(
        "deviceAccess",
        "dra",
        "Dynamic Resource Allocation is on by default (resource.k8s.io/v1) from Kubernetes 1.34.",
      );
    } else if (platform.claimsProblem !== undefined) {
      refuse("deviceAccess", "dra", platform.claimsProblem);
    }
  }
  const metricsProblem = AUTOSCALER_KINDS[autoscaler].metricsProblem(metrics, platform);
  if (metricsProblem !== null) refuse("metrics", metrics, metricsProblem);
  const gatewayProblem = gatewayProblemOn(gateway, platform);
  if (gatewayProblem !== null) refuse("gateway", gateway, gatewayProblem);
  const storageProblem = STORAGE_KINDS[storage].problem(platform, clusterVersion);
  if (storageProblem !== null) refuse("storage", storage, storageProblem);
  const source = STORAGE_KINDS[storage].source;
  if (source !== null) {
    if (storageSource === null) refuse("storageSource", "", `${storage} needs ${source.what}, e.g. ${source.example}.`);
    else if (!source.pattern.test(storageSource)) {
      refuse("storageSource", storageSource, `This is not ${source.what}; expected e.g. ${source.example}.`);
    }
  } else if (storageSource !== null) {
    refuse("storageSource", storageSource, "The hub needs no source: the model's own id is what is downloaded.");
  }
  const monitoringProblem = MONITORING_KINDS[monitoring].problem(platform);
  if (monitoringProblem !== null) refuse("monitoring", monitoring, monitoringProblem);
  if (options.namespace !== null && !NAMESPACE.test(options.namespace)) {
    refuse("namespace", options.namespace, "A namespace has lower-case letters, digits and dashes, at most 63.");
  }
  const { rdmaResource } = options;
  if (rdmaResource !== null) {
    if (platform.unwrittenRdma !== undefined) {
      refuse("rdmaResource", rdmaResource, platform.unwrittenRdma.problem);
    } else if (!EXTENDED_RESOURCE.test(rdmaResource)) {
      refuse("rdmaResource", rdmaResource, "The RDMA resource is named as nodes list it, e.g. rdma/ib.");
    } else if (rdmaResource === accelerator.kubernetesResource) {
      refuse(
        "rdmaResource",
        rdmaResource,
        `${rdmaResource} is the accelerator itself; the RDMA resource is the network card's, e.g. rdma/ib.`,
      );
    }
  }
  if (options.clusterName !== null && !CLUSTER_NAME.test(options.clusterName)) {
    refuse(
      "clusterName",
      options.clusterName,
      "A cluster's name has letters, digits, dashes and underscores, at most 100.",
    );
  }
  return conflicts;
}
