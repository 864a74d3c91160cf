import type { V1PodResourceClaim, V1Toleration } from "@kubernetes/client-node";
import type { Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { AddOn } from "../plan/add-on";
import type { Choice } from "../plan/choice";
import type { Identity } from "../plan/identity";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { NodePlacement, Platform } from "../platforms/platform";

/** How the container gets its accelerators. */
export interface DevicePlan {
  /** Extended resources, in requests and limits alike; empty where a claim gets them. */
  resources: Record<string, string>;
  /** Names of the pod's claims the container uses. */
  containerClaims: readonly { name: string }[];
  podClaims: V1PodResourceClaim[];
  /** True where the claim picks the node: labels of the accelerator are then left out. */
  picksNodes: boolean;
  tolerations: V1Toleration[];
  runtimeClassName?: string;
  /** A scheduler other than the cluster's own, where devices must be picked with more than their number. */
  schedulerName?: string;
  addOn: AddOn;
}

/** What a plan for devices is made from. */
export interface DeviceRequest {
  choice: Choice;
  options: ManifestOptions;
  platform: Platform;
  identity: Identity;
  layout: ReplicaLayout;
  placement: NodePlacement;
}

/** One way of getting accelerators into a container. */
export type DevicePlanner = (request: DeviceRequest) => Result<DevicePlan>;
