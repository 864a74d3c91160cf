/** Platforms as addresses, HTTP and the command line name them. */
export const PLATFORM_IDS = ["gke", "gke-autopilot", "eks", "eks-karpenter", "aks", "openshift", "generic"] as const;

export type PlatformId = (typeof PLATFORM_IDS)[number];

/** As the page names them. */
export const PLATFORM_LABELS: Record<PlatformId, string> = {
  gke: "Google Kubernetes Engine",
  "gke-autopilot": "GKE Autopilot",
  eks: "Amazon EKS",
  "eks-karpenter": "Amazon EKS with Karpenter",
  aks: "Azure AKS",
  openshift: "OpenShift",
  generic: "any Kubernetes",
};
