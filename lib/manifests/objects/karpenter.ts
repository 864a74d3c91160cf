import type { V1NodeSelectorRequirement, V1ObjectMeta, V1Taint } from "@kubernetes/client-node";

/** Nodes Karpenter may make; no published TypeScript types exist. */
export interface NodePool {
  apiVersion: "karpenter.sh/v1";
  kind: "NodePool";
  metadata: V1ObjectMeta;
  spec: {
    template: {
      spec: {
        nodeClassRef: { group: string; kind: string; name: string };
        requirements: V1NodeSelectorRequirement[];
        taints: V1Taint[];
        expireAfter: string;
      };
    };
    disruption: { consolidationPolicy: "WhenEmpty" | "WhenEmptyOrUnderutilized"; consolidateAfter: string };
    limits: Record<string, string>;
  };
}

/** How its machines on AWS are set up. */
export interface Ec2NodeClass {
  apiVersion: "karpenter.k8s.aws/v1";
  kind: "EC2NodeClass";
  metadata: V1ObjectMeta;
  spec: {
    role: string;
    amiSelectorTerms: { alias: string }[];
    subnetSelectorTerms: { tags: Record<string, string> }[];
    securityGroupSelectorTerms: { tags: Record<string, string> }[];
    instanceStorePolicy: "RAID0";
    blockDeviceMappings: {
      deviceName: string;
      ebs: { volumeType: string; volumeSize: string; encrypted: boolean; deleteOnTermination: boolean };
    }[];
  };
}
