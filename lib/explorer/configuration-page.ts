import type { Accelerator, Model } from "../catalogue/catalogue";
import type { Configuration, Run, Workload } from "../domain";
import type { FormRefusals } from "../manifests/forms/other-forms";
import type { AskedOptions, ManifestOptions } from "../manifests/options/manifest-options";
import type { OptionChoices } from "../manifests/options/option-choices";
import type { Mend } from "../manifests/options/option-mend";
import type { ManifestBundle } from "../manifests/write/manifest-yaml";
import type { ExplorerQuery } from "../params/explorer-params";
import type { Result } from "../result";
import type { NearMiss, NotComparable, Question, RankedConfiguration } from "../selection/types";
import type { ComparedLoad } from "./predicted-measured";

/** What the page of one configuration shows, as read at one revision. */
export interface ConfigurationPage {
  revision: { id: number; createdAt: string };
  newestRevision: number;
  /** True where the newest revision has no figures of it: they were corrected, and are of another configuration. */
  isGone: boolean;
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
  /** Options the address asks for, and all of them; `null` where the accelerator is not in the catalogue. */
  asked: AskedOptions;
  options: ManifestOptions | null;
  /** Every value of every option, with why it cannot be; `null` where the accelerator is not in the catalogue. */
  choices: OptionChoices | null;
  manifest: Result<ManifestBundle>;
  /** Where it is refused: options with which there is one; `null` where none is known. */
  mend: Mend | null;
  /** Path and query of the manifest on this server, revision pinned. */
  manifestPath: string;
  /** In which other forms there is the same choice; `null` where there is no choice. */
  otherForms: FormRefusals | null;
  /** What benchmarks in the cluster measured beside what was predicted; empty where there was none. */
  inCluster: ComparedLoad[];
}
