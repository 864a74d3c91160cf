import type { Result } from "../../result";
import type { DevicePlan } from "../devices/device-plan";
import type { ManifestOptions } from "../options/manifest-options";
import type { NodePlacement, Platform } from "../platforms/platform";
import type { StoragePlan } from "../storage/storage";
import type { AddOn } from "./add-on";
import type { Choice } from "./choice";
import type { Identity } from "./identity";
import type { Scaling } from "./replica-bounds";
import type { ReplicaLayout } from "./replica-layout";
import type { Weights } from "./served-weights";
import type { ServerPlan, ServingRole } from "./server-plan";
import type { Shutdown, StartupBudget } from "./start-and-stop-times";

/** The object that runs the server's pods, as autoscalers and disruption budgets name it. */
export interface ScaleTarget {
  apiVersion: string;
  kind: "Deployment" | "LeaderWorkerSet" | "DynamoGraphDeployment";
  name: string;
}

/** Everything decided of a bundle; options read it and add to it. */
export interface BundleContext {
  choice: Choice;
  options: ManifestOptions;
  platform: Platform;
  identity: Identity;
  layout: ReplicaLayout;
  placement: NodePlacement;
  weights: Weights;
  server: ServerPlan;
  devices: DevicePlan;
  storage: StoragePlan;
  scaling: Scaling;
  startup: StartupBudget;
  stop: Shutdown;
  target: ScaleTarget;
  /** Labels of the pods that answer requests: those a Service sends to, and those an endpoint picker chooses from. */
  reach: { service: Record<string, string>; picker: Record<string, string> };
  /** What these pods do of a request; `null` = all of it. */
  role: ServingRole | null;
  /** The prefill servers beside these decode servers; `null` where nothing is disaggregated. */
  prefill: BundleContext | null;
  /** Helm release of llm-d's router chart, which brings pool and picker; left out where they are written here. */
  release?: string;
}

/** What one option adds to a bundle, or why it cannot. */
export type Planner = (context: BundleContext) => Result<AddOn>;
