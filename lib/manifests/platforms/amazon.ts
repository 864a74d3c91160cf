import type { Prerequisite } from "../plan/add-on";
import type { Platform, UnwrittenRdma } from "./platform";
import { MANAGED_CLUSTERS_RDMA } from "./unwritten-rdma";

/** RDMA on AWS is no extended resource. */
export const AMAZON_RDMA: UnwrittenRdma = {
  ...MANAGED_CLUSTERS_RDMA,
  problem:
    "On EKS RDMA goes over EFA, which needs another image and other settings of the server; that is not written: leave it out, or choose the platform generic and add them by hand.",
};

/** Whether the VPC CNI enforces it, which comes with every EKS cluster. */
export function amazonNetworkPolicyCheck(): { what: string; check: string } {
  return {
    what: "A cluster that enforces NetworkPolicy (the VPC CNI's node agent with --enable-network-policy=true, or a plugin such as Calico or Cilium); others ignore it:",
    check: "kubectl -n kube-system get daemonset aws-node -o jsonpath='{.spec.template.spec.containers[*].args}'",
  };
}

function fsxLustreDriver(clusterName: string): Prerequisite {
  return {
    what: "The FSx for Lustre CSI driver with a role of its own, and the file system in the subnets of the nodes (Lustre lives in one zone):",
    check: "kubectl get csidriver fsx.csi.aws.com",
    install: [
      `eksctl create addon --cluster ${clusterName} --name aws-fsx-csi-driver --auto-apply-pod-identity-associations`,
    ],
  };
}

/** FSx for Lustre. */
export const FSX_LUSTRE: NonNullable<Platform["lustre"]> = { name: "FSx for Lustre", driver: fsxLustreDriver };

/** Mountpoint for S3. */
export function mountpointForS3(clusterName: string): Prerequisite {
  return {
    what: "The Mountpoint for S3 CSI driver (version 2), whose service account may read the bucket:",
    check: "kubectl get csidriver s3.csi.aws.com",
    install: [
      `aws eks create-addon --cluster-name ${clusterName} --addon-name aws-mountpoint-s3-csi-driver`,
      `eksctl create podidentityassociation --cluster ${clusterName} --namespace kube-system --service-account-name s3-csi-driver-sa --permission-policy-arns arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess`,
    ],
  };
}
