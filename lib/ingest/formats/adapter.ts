import type { AdapterResult, DraftRun } from "../facts/draft-run";
import type { ParsedFile, RecordFormat } from "../parse/parsed-file";
import type { Steps } from "../parse/steps";
import type { Companion } from "./companions";

/** What files say of results that other files of the directory hold, and what they hold themselves. */
export interface BesideResults {
  /** A run as another format read it, completed where these files state more of the same figures. */
  complete(draft: DraftRun): DraftRun;
  /** What is in these files alone; asked after all others. */
  rest(): AdapterResult;
}

/** One report format. */
export interface Adapter {
  /** Stored with each run: `inference-perf`, `vllm-bench-serve` … */
  format: string;
  /** What a person calls it, for messages. */
  label: string;
  /** True for a file whose content is of this format. */
  sniff(file: ParsedFile): boolean;
  /** Keys by which a text that is not valid YAML is still recognised as one that was meant to be of this format. */
  yamlKeys?: readonly string[];
  /**
   * Keys of lists of single requests that its reports carry beside their results and {@link read} has no use for. Of a report too
   * large to be held they are left out: hundreds of megabytes become a few kilobytes.
   */
  requestLists?: readonly string[];
  /** Keys of lists that it reads but can do without. They are left out of a single result that is too large with them. */
  spareLists?: readonly string[];
  /**
   * Reads the files of one directory that are of this format. `companions` are the directory's files no format claimed
   * (configuration beside results). Never throws for bad input; a file with a problem contributes no points.
   */
  read(files: ParsedFile[], companions: ParsedFile[]): AdapterResult;
  /** For files that repeat results saved beside them and say more of these (what a tool prints): called instead of {@link read}. */
  besideResults?(files: readonly ParsedFile[]): BesideResults;
  /** The same in steps, where one file may hold very many results and is read whole. */
  readInSteps?(files: ParsedFile[], companions: ParsedFile[]): Steps<AdapterResult>;
  /**
   * `flags`: flags correct what the report states. `report`: every row states its own facts, flags fill blanks.
   */
  factsWin: "flags" | "report";
  /**
   * Path of the file this one repeats in another form, where its name says so (a converted report names the native one). Where
   * that file is at hand and read, this one is left out.
   */
  copyOf?(path: string): string | null;
  /** Files the tool writes beside its reports: nothing is wrong with them where a whole folder is named. */
  companions?: readonly Companion[];
  /**
   * True for a companion that also describes results in the directories below its own (one configuration above several runs,
   * descriptions of systems above their logs). The nearest directory that has any is asked.
   */
  companionsAbove?(file: ParsedFile): boolean;
  /** Paths at which companions of a directory's files lie by the tool's own layout, wherever that is; those that are there count alone. */
  companionPaths?(directory: string): readonly string[];
  /** True where the file states each run as a whole: runs that fit together are not joined. */
  keepsRunsApart?: boolean;
  /** Side files that say how its files are read: kept with them as provenance. */
  sideFiles?: readonly string[];
  /** Where the format has files of one record a request: how they are read without holding them whole. */
  records?: RecordFormat;
}
