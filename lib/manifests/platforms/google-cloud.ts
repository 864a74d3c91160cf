import type { Seller } from "../../catalogue/machines";
import type { Prerequisite } from "../plan/add-on";
import type { Platform, PlatformGateways, UnwrittenRdma } from "./platform";
import { MANAGED_CLUSTERS_RDMA } from "./unwritten-rdma";

export const GOOGLE_CLOUD: Seller = { id: "gcp", name: "Google Cloud" };

/** Google's own load balancer with the endpoint picker, beside which others can be installed. */
export const GOOGLE_GATEWAYS: PlatformGateways = { own: "gke", others: null };

/** RDMA on Google Cloud is no extended resource. */
export const GOOGLE_RDMA: UnwrittenRdma = {
  ...MANAGED_CLUSTERS_RDMA,
  problem:
    "On GKE RDMA comes as network claims beside GPU claims (DRANET) on machines of its own, which is not written: leave it out, or choose the platform generic and add the claims by hand.",
};

/** Which data plane a GKE cluster has. */
export function googleNetworkPolicyCheck(clusterName: string): { what: string; check: string } {
  return {
    what: "A cluster that enforces NetworkPolicy (GKE Dataplane V2, ADVANCED_DATAPATH, or network policy enforcement turned on, True); others ignore it:",
    check: `gcloud container clusters describe ${clusterName} --location LOCATION --format="value(networkConfig.datapathProvider,networkPolicy.enabled)"`,
  };
}

function managedLustreDriver(clusterName: string): Prerequisite {
  return {
    what: "The Managed Lustre CSI driver, and the file system in the network and zone of the cluster:",
    check: "kubectl get csidriver lustre.csi.storage.gke.io",
    install: [
      `gcloud container clusters update ${clusterName} --location LOCATION --update-addons=LustreCsiDriver=ENABLED`,
    ],
  };
}

/** Managed Lustre, on Standard and Autopilot clusters alike. */
export const MANAGED_LUSTRE: NonNullable<Platform["lustre"]> = { name: "Managed Lustre", driver: managedLustreDriver };
