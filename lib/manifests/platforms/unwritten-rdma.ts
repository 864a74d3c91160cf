import type { UnwrittenRdma } from "./platform";

/** What Google Cloud and AWS have in common here: a network of their own that needs more than a resource. */
export const MANAGED_CLUSTERS_RDMA: Omit<UnwrittenRdma, "problem"> = {
  network: "GPUDirect on Google Cloud, EFA on AWS",
  clusters: "GKE and EKS have",
};
