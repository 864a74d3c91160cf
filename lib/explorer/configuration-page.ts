import type { Accelerator, Configuration, Model, Run, Workload } from "../domain";
import type { PlatformId } from "../manifests/platforms/all";
import type { ManifestBundle } from "../manifests/types";
import type { ExplorerQuery } from "../search-params";
import type { NearMiss, NotComparable, Question, RankedConfiguration } from "../selection/types";

/** What the page of one configuration shows, as read at one revision. */
export interface ConfigurationPage {
  revision: { id: number; createdAt: string };
  newestRevision: number;
  configuration: Configuration;
  accelerator: Accelerator | null;
  model: Model | null;
  workloads: { workload: Workload; loadPoints: number }[];
  workload: Workload;
  /** Runs under the chosen workload, outliers flagged. */
  runs: Run[];
  query: ExplorerQuery;
  question: Question;
  /** The operating point under the question; else why there is none. */
  outcome:
    | { kind: "ranked"; row: RankedConfiguration }
    | { kind: "nearMiss"; nearMiss: NearMiss }
    | { kind: "notComparable"; notComparable: NotComparable }
    | { kind: "none" };
  platform: PlatformId;
  manifest: ManifestBundle;
  /** Path and query of the manifest on this server, revision pinned. */
  manifestPath: string;
}

/** The platform whose node labels are known for an accelerator. */
export function defaultPlatform(accelerator: Pick<Accelerator, "gkeAcceleratorLabel"> | null): PlatformId {
  return accelerator?.gkeAcceleratorLabel === null || accelerator === null ? "generic" : "gke";
}
