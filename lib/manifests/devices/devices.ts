import type { Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { DevicePlan } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { Identity, NodePlacement } from "../platforms/platform";

/** What a plan for devices is made from. */
export interface DeviceRequest {
  choice: Choice;
  options: ManifestOptions;
  identity: Identity;
  layout: ReplicaLayout;
  placement: NodePlacement;
}

/** One way of getting accelerators into a container. */
export type DevicePlanner = (request: DeviceRequest) => Result<DevicePlan>;
