import type { Accelerator, Configuration, Model, Slo, Source, Workload } from "../domain";
import type { CapacityPlan, Cost, OperatingPoint } from "../selection/types";
import type { PlatformId } from "./platforms/all";

/** The operating point a person settled on: all a manifest is made from. */
export interface Choice {
  configuration: Configuration;
  workload: Workload;
  operatingPoint: OperatingPoint;
  slos: Slo[];
  cost: Cost;
  capacity: CapacityPlan | null;
  model: Model | null;
  accelerator: Accelerator;
  revision: number;
  /** Absolute link that shows these numbers; `null` when there is none (command line). */
  shareUrl: string | null;
  sources: Source[];
  runIds: string[];
  measuredOn: string | null;
  platform: PlatformId;
}

/** The part of a choice that decides whether there can be manifests at all: no operating point yet. */
export type Deployable = Pick<Choice, "configuration" | "accelerator" | "model" | "platform">;

/** Either the objects and their YAML, or why there are none. */
export type ManifestBundle =
  | { kind: "manifests"; name: string; yaml: string; notes: string[] }
  | { kind: "refused"; reason: string };
