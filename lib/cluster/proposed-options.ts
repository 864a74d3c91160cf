import {
  type AskedOptions,
  type ClusterVersion,
  hasMinor,
  parseClusterVersion,
} from "../manifests/options/manifest-options";
import type { ClusterFacts } from "./cluster-facts";

/** An option of a manifest that the cluster answers, and why. */
export interface ProposedOption {
  option: keyof AskedOptions;
  value: AskedOptions[keyof AskedOptions];
  /** What says so, for a person: `nodes have the label eks.amazonaws.com/nodegroup`. */
  because: string;
}

/** What tells the platform: a label of its nodes, or a custom resource of its own. The surest first. */
const PLATFORM_SIGNS: readonly {
  platform: string;
  label?: RegExp;
  resource?: { group: string; kind: string };
}[] = [
  { platform: "openshift", resource: { group: "config.openshift.io", kind: "ClusterVersion" } },
  { platform: "openshift", label: /^node\.openshift\.io\/os_id$/ },
  { platform: "gke-autopilot", label: /^cloud\.google\.com\/gke-autopilot$/ },
  { platform: "gke", label: /^cloud\.google\.com\/gke-nodepool$/ },
  { platform: "eks-karpenter", label: /^karpenter\.sh\/nodepool$/ },
  { platform: "eks-karpenter", resource: { group: "karpenter.k8s.aws", kind: "EC2NodeClass" } },
  { platform: "eks", label: /^(?:eks|alpha\.eksctl)\.(?:amazonaws\.com|io)\// },
  { platform: "aks", label: /^kubernetes\.azure\.com\// },
  { platform: "oke", label: /^oke\.oraclecloud\.com\// },
];

/**
 * Options of a manifest as the cluster answers them. What was not looked at, or may be either way, is left to the person.
 * @param platforms ids of the platforms there are
 */
export function proposedOptions(facts: ClusterFacts, platforms: readonly string[]): ProposedOption[] {
  const proposed: ProposedOption[] = [];
  const platform = platformOf(facts);
  if (platform !== null && platforms.includes(platform.id)) {
    proposed.push({ option: "platform", value: platform.id, because: platform.because });
  } else if (facts.nodes.length > 0 && platforms.includes("generic")) {
    proposed.push({ option: "platform", value: "generic", because: "no label of a node tells a provider" });
  }
  const version = facts.version === null ? null : parseClusterVersion(facts.version);
  if (version !== null) {
    proposed.push({ option: "clusterVersion", value: version, because: `the cluster says ${facts.version}` });
  }
  const access = deviceAccess(facts, version);
  if (access !== null) proposed.push(access);
  proposed.push(...addOns(facts));
  return proposed;
}

function platformOf(facts: ClusterFacts): { id: string; because: string } | null {
  for (const { platform, label, resource } of PLATFORM_SIGNS) {
    if (label !== undefined) {
      const found = facts.nodes.flatMap(({ labels }) => Object.keys(labels)).find((name) => label.test(name));
      if (found !== undefined) return { id: platform, because: `nodes have the label ${found}` };
    }
    if (resource !== undefined && hasResource(facts, resource.group, resource.kind)) {
      return { id: platform, because: `the cluster knows ${resource.kind} (${resource.group})` };
    }
  }
  return null;
}

function hasResource(facts: ClusterFacts, group: string, kind: string): boolean {
  return facts.resources.some((item) => item.group === group && item.kind === kind);
}

/** `resource.k8s.io/v1` is there from 1.34. */
const CLAIMS_SINCE_MINOR = 34;

function deviceAccess(facts: ClusterFacts, version: ClusterVersion | null): ProposedOption | null {
  const byPlugin = facts.nodes.find(({ accelerators }) => accelerators.length > 0);
  if (byPlugin !== undefined) {
    const resource = byPlugin.accelerators[0]?.resource ?? "";
    return { option: "deviceAccess", value: "plugin", because: `nodes offer ${resource}` };
  }
  const driver = facts.devices.find(({ count }) => count > 0);
  if (driver === undefined || version === null || !hasMinor(version, CLAIMS_SINCE_MINOR)) return null;
  return { option: "deviceAccess", value: "dra", because: `${driver.driver} offers devices by claims` };
}

function addOns(facts: ClusterFacts): ProposedOption[] {
  if (!facts.known.has("CustomResourceDefinition")) return [];
  const options: ProposedOption[] = [];
  const because = (kind: string, group: string) => `the cluster knows ${kind} (${group})`;
  if (hasResource(facts, "monitoring.googleapis.com", "PodMonitoring")) {
    options.push({
      option: "monitoring",
      value: "gmp",
      because: because("PodMonitoring", "monitoring.googleapis.com"),
    });
  } else if (hasResource(facts, "monitoring.coreos.com", "PodMonitor")) {
    options.push({
      option: "monitoring",
      value: "prometheus-operator",
      because: because("PodMonitor", "monitoring.coreos.com"),
    });
  }
  if (hasResource(facts, "keda.sh", "ScaledObject")) {
    options.push({ option: "autoscaler", value: "keda", because: because("ScaledObject", "keda.sh") });
  }
  const gateway = gatewayOf(facts);
  if (gateway !== null) options.push(gateway);
  return options;
}

const GATEWAY_CONTROLLERS: readonly { controller: RegExp; gateway: AskedOptions["gateway"] }[] = [
  { controller: /^networking\.gke\.io\/gateway/, gateway: "gke" },
  { controller: /^istio\.io\//, gateway: "istio" },
  { controller: /agentgateway/, gateway: "agentgateway" },
  { controller: /^gateway\.envoyproxy\.io\//, gateway: "envoy-ai-gateway" },
];

/** A gateway is proposed only where the cluster knows inference pools, which all of them need. */
function gatewayOf(facts: ClusterFacts): ProposedOption | null {
  if (!hasResource(facts, "inference.networking.k8s.io", "InferencePool")) return null;
  for (const { controller, gateway } of GATEWAY_CONTROLLERS) {
    const found = facts.gatewayClasses.find((item) => controller.test(item.controller));
    if (found !== undefined) {
      return {
        option: "gateway",
        value: gateway,
        because: `the cluster knows InferencePool, and GatewayClass ${found.name} is of ${found.controller}`,
      };
    }
  }
  return null;
}
