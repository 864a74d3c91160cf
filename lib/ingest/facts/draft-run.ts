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
  /** What the report makes likely; gives way to everything else. */
  hints: GivenFacts;
  seriesKey: string | null;
  qualityFlags: QualityFlag[];
  points: ReadPoint[];
  files: string[];
  /** Reports carried along that it was read from, in place of `files`. */
  carriedFiles?: RunFile[];
  /** What else the report says sets it apart (free labels of a deployment): runs that differ here are never joined. */
  variant?: string;
  /** Caveats that hold where a hint is what a fact comes from. */
  hintFlags?: Partial<Record<FactName["field"], QualityFlag>>;
  /** Where a fact of this run stands, for problems; left out = the run as a whole. */
  locationOf?: (field: FactName["field"]) => string;
}

/** What the person says beside the report, and which of the two sides wins where both speak. */
export interface FactSources {
  flags: GivenFacts;
  side: GivenFacts;
  /** Flags correct a report, but only fill the blanks of a table whose rows each state their own facts. */
  flagsWin: boolean;
}

/** What an adapter makes of the files of one directory. */
export interface AdapterResult {
  drafts: DraftRun[];
  problems: Problem[];
  skipped: { file: string; reason: string }[];
  /** Reports an export carries along: their bytes are stored as if they had come themselves. */
  carried?: CarriedReport[];
  /** What a person should know although nothing is wrong, in whole sentences. */
  notes?: readonly string[];
}
