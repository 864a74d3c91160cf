import type { ReplicaLayout } from "../layout";
import type { ManifestOptions } from "../options";
import type { Outcome } from "../outcome";
import type { DevicePlan } from "../parts";
import type { Identity, NodePlacement } from "../platforms/platform";
import type { Choice } from "../types";

/** What a plan for devices is made from. */
export interface DeviceRequest {
  choice: Choice;
  options: ManifestOptions;
  identity: Identity;
  layout: ReplicaLayout;
  placement: NodePlacement;
}

/** One way of getting accelerators into a container. */
export type DevicePlanner = (request: DeviceRequest) => Outcome<DevicePlan>;
