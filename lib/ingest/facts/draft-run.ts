import type { QualityFlag } from "../../measurement/quality-flags";
import type { CarriedReport, GivenFacts, Problem, ReadPoint, RunFile } from "../report";
import type { FactName } from "./facts";

/** A run as an adapter read it: what the report says, before what the person says is added. */
export interface DraftRun {
  format: string;
  tool: string | null;
  /** Left out or `null` = the report does not say. */
  toolVersion?: string | null;
  measuredOn: string | null;
  /** What the report itself says. */
  stated: GivenFacts;
  /** What the report makes likely. Anything stated or given overrides it. */
  hints: GivenFacts;
  seriesKey: string | null;
  qualityFlags: QualityFlag[];
  points: ReadPoint[];
  files: string[];
  /** For a run out of an export: the files it was originally read from, in place of `files`. */
  carriedFiles?: RunFile[];
  /** Anything else that distinguishes it, such as free labels of the deployment. Runs that differ here are never joined. */
  variant?: string;
  /** Quality flags for facts that come from nothing but a hint. */
  hintFlags?: Partial<Record<FactName["field"], QualityFlag>>;
  /** True for a row of a published table nobody will edit: where its accelerator or model is not known, the other rows are taken. */
  isTableRow?: boolean;
  /** Folder whose runs of the same format it sums up: where any of them is read, they are read instead of it. */
  summaryOf?: string;
  /** Hugging Face id of the tokenizer, where the model goes by another name: it may be the model's own. */
  tokenizer?: string;
  /** True where each point is a row of a table with all its facts: what is wrong with these is said of every row. */
  hasFactsInRows?: boolean;
  /** Location of a fact in the report, for problems of a run of these points; left out = the run as a whole. */
  locationOf?: (field: FactName["field"], points: readonly ReadPoint[]) => string;
}

/** The facts the person gives, and whether they or the report win where the two differ. */
export interface FactSources {
  flags: GivenFacts;
  side: GivenFacts;
  /** Flags correct a report, but only fill the blanks of a table whose rows each state their own facts. */
  flagsWin: boolean;
  /** What a person should know of facts that were taken as read, in whole sentences; collected here, each once. */
  notes: Set<string>;
}

/** What an adapter makes of the files of one directory. */
export interface AdapterResult {
  drafts: DraftRun[];
  problems: Problem[];
  skipped: { file: string; reason: string }[];
  /** Reports inside an export. Their bytes are stored as if they had been brought by themselves. */
  carried?: CarriedReport[];
  /** Rows of the catalogue inside an export, with the place of each list: stored with the runs, and there to read them by. */
  catalogue?: { path: string; location: string; rows: unknown }[];
  /** What a person should know although nothing is wrong, in whole sentences. */
  notes?: readonly string[];
}
