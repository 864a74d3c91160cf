import type { V1ObjectMeta } from "@kubernetes/client-node";

/** One kind of node a ComputeClass asks for. */
export interface ComputePriority {
  machineType?: string;
  gpu?: { type: string; count: number; driverVersion: "default" | "latest" };
  tpu?: { type: string; count: number; topology: string };
  storage?: { bootDiskSize: number };
  spot: boolean;
}

/** GKE's list of nodes to try in order; no published TypeScript types exist. */
export interface ComputeClass {
  apiVersion: "cloud.google.com/v1";
  kind: "ComputeClass";
  metadata: V1ObjectMeta;
  spec: {
    nodePoolAutoCreation: { enabled: boolean };
    activeMigration: { optimizeRulePriority: boolean };
    whenUnsatisfiable: "ScaleUpAnyway" | "DoNotScaleUp";
    priorities: ComputePriority[];
  };
}
