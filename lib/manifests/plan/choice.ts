import type { Accelerator, Model } from "../../catalogue/catalogue";
import type { Configuration, Slo, Source, Workload } from "../../domain";
import type { CapacityPlan, Cost, OperatingPoint } from "../../selection/types";
import type { Fallbacks } from "../devices/fallback-accelerators";
import type { ManifestOptions } from "../options/manifest-options";

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
  options: ManifestOptions;
  /** What a claim may fall back to; looked for only where devices come by claims. */
  fallbacks: Fallbacks;
}

/** The part of a choice that decides whether there can be manifests at all: no operating point yet. */
export type Deployable = Pick<Choice, "configuration" | "accelerator" | "model" | "options">;
