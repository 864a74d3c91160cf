import type { Accelerator, Model, Price } from "../catalogue/catalogue";
import type { Workload } from "../domain";
import type { ExplorerQuery } from "../params/explorer-params";
import type { SharePurge } from "../runs/types";
import type { NamedAccelerator } from "./accelerator-name";
import type { NewerAnswer } from "./newer-answer";
import type { PackedRuns } from "./packed-runs";
import type { ExplorerSummary } from "./summary";

export interface ModelChoice {
  id: string;
  displayName: string;
  family: string | null;
  loadPoints: number;
  totalParametersBillions: number | null;
  activeParametersBillions: number | null;
  /** Ids of the accelerators it was measured on. */
  accelerators: string[];
}

export interface WorkloadChoice {
  workload: Workload;
  loadPoints: number;
  configurations: number;
  /** Ids of the accelerators it was measured on. */
  accelerators: string[];
}

/** Everything the explorer shows, as the server read it at one revision. */
export interface ExplorerData {
  revision: { id: number; createdAt: string };
  /** The newest revision; larger than `revision.id` when a link pins an older one. */
  newestRevision: number;
  loadPoints: number;
  models: ModelChoice[];
  workloads: WorkloadChoice[];
  model: Model | null;
  workload: Workload | null;
  runs: PackedRuns;
  /** Where there are too many load points for a page, what it must know of those that `runs` leaves out; else `null`. */
  summary: ExplorerSummary | null;
  prices: Price[];
  accelerators: Accelerator[];
  /** Names of all accelerators there are. */
  acceleratorNames: NamedAccelerator[];
  /** Ids of the accelerators that the link names otherwise, by those names. */
  acceleratorIds: Record<string, string>;
  catalogueModels: Model[];
  /** What sets configurations apart that read the same, by their ids: see settingDistinctions. */
  distinctions: Record<string, string>;
  /** Why curves are kept off whole, as sentences, by their ids. */
  keptOff: Record<string, string>;
  /** Words of the caveats that figures here carry, by their names: the list of all of them stays on the server. */
  caveats: Record<string, string>;
  /** Ids of the configurations here that manifests can be made for. */
  deployable: string[];
  query: ExplorerQuery;
  /** Parameters of the link that were not understood, as sentences. */
  problems: string[];
  /** Set on `/s/<slug>`. */
  shareSlug: string | null;
  /** Where the revision is not the newest: what the newest data answers. `null` where it is, or was not asked for. */
  newer: NewerAnswer | null;
  /** On `/s/<slug>`: part of what the link showed was deleted. */
  purge: SharePurge | null;
}
