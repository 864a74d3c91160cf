import type { ConfigurationFacts, Parallelism, Source, WorkloadFacts } from "../domain";
import type { Evidence } from "../measurement/checks/check";
import type { Measurement } from "../measurement/measurement";
import type { QualityFlag } from "../measurement/quality-flags";
import type { SettingValues } from "../measurement/settings";

/** A file held in memory whole: its bytes and the path the user named it by. */
export interface HeldFile {
  /** Path relative to what the user named, `/`-separated. */
  path: string;
  bytes: Uint8Array;
  /** True when the person named this very file rather than a directory it lies in: it must then be a report. */
  named?: boolean;
  /** Hash of the bytes, where it is known already. */
  sha256?: string;
}

/** Something in a file that cannot be accepted as it is. `message` is a whole sentence a person can act on. */
export interface Problem {
  file: string;
  /** Where in the file: JSON path, `line 3, column ttft_ms_p95`; `""` for the file as a whole. */
  at: string;
  /** The offending value as text, shortened; `""` where there is none. */
  value: string;
  expected: string;
  message: string;
  /** True where nothing was measured at one load: the other loads of the file are not affected. */
  emptyPoint?: boolean;
  /** Key of the fact (`accelerator_count`) that would solve it, if the person gave it. */
  fact?: string;
  /** For a table with unknown columns: its header and first rows, so that a person can say what they mean. */
  columns?: { header: string[]; sample: string[][] };
  /** Number of other files with the same problem, which are not listed. */
  alike?: number;
}

/**
 * Facts the person gives beside the report, by flags or a side file `iq.yaml`. They fill in what the report does not state;
 * `undefined` = not given.
 */
export interface GivenFacts {
  model?: string;
  checkpoint?: string;
  accelerator?: string;
  acceleratorCount?: number;
  nodes?: number;
  server?: string;
  serverVersion?: string;
  precision?: string;
  parallelism?: Partial<Parallelism>;
  speculative?: string;
  speculativeTokens?: number;
  servingMode?: "aggregated" | "disaggregated";
  prefillAccelerators?: number;
  decodeAccelerators?: number;
  /** What the server was started with: `{}` = its defaults. */
  serverArguments?: SettingValues;
  environment?: SettingValues;
  engineOptions?: SettingValues;
  image?: string;
  dataset?: string;
  inputTokens?: number;
  outputTokens?: number;
  workloadId?: string;
  /** Requests in flight, where the report does not say its load. */
  concurrency?: number;
  /** Pricing model of the costs a report publishes beside its figures (`spot`, `on-demand` …), where it does not say. */
  pricingModel?: string;
  measuredOn?: string;
  sourceName?: string;
  sourceUrl?: string;
  licence?: string;
}

/** A load point as read, with the file and the location it was read from. */
export interface ReadPoint extends Measurement {
  /** Path of the file it was read from. */
  file: string;
  /** Where in that file, e.g. `line 2` or `$`. */
  location: string;
  /** When this very point was measured, where its run spans several dates; left out = the run's date. */
  measuredOn?: string | null;
  /** Hash of the report the point was originally read from, where it comes out of an export; left out = `file` itself. */
  reportSha256?: string;
  /**
   * What else the report says of this point, under the report's own names, kept beside the canonical fields: published costs,
   * an instance type. No part of the point's identity, never read as a measurement.
   */
  extras?: Readonly<Record<string, string | number | boolean | null>>;
  /** What else the report says that the figures are checked by. It is not stored. */
  evidence?: Evidence;
}

/** A file a run was read from, by the hash of its bytes. */
export interface RunFile {
  sha256: string;
  fileName: string;
  /** Holds load points, or was read beside those that do. */
  role: "points" | "context";
}

/** A run as read from one or several files, complete and canonical: ready to be stored. */
export interface ReadRun {
  format: string;
  tool: string | null;
  toolVersion: string | null;
  measuredOn: string | null;
  configuration: ConfigurationFacts;
  workload: WorkloadFacts & {
    /** Given when the source names the workload itself (`mlperf-openorca-server`); else made from the facts. */
    workloadId: string | null;
  };
  /** Which of its nominal lengths nobody states, so that measured means stand in; left out = none. */
  lengthsMeasured?: { input: boolean; output: boolean };
  source: Source;
  seriesKey: string | null;
  qualityFlags: QualityFlag[];
  points: ReadPoint[];
  /** Paths of all files that belong to it, configuration files included. */
  files: string[];
  /** For a run out of an export: the files it was originally read from, in place of `files`. */
  carriedFiles?: RunFile[];
}

/** A report in an export, beside the runs that were read from it. Its bytes are as stored: secrets blanked. */
export interface CarriedReport {
  /** Of the original bytes. */
  sha256: string;
  fileName: string;
  mediaType: string;
  /** Of the original bytes. */
  byteLength: number;
  /** What was blanked before storing, in words. */
  redacted: readonly string[];
  /** Of the bytes in the parts, where secrets were blanked: `sha256`, the original's, cannot tell whether they are whole. */
  storedSha256?: string;
  /** gzip members in order. */
  parts: Iterable<Uint8Array>;
}

/** What became of a set of files. A file with a problem contributes no run. */
export interface ReadResult {
  runs: ReadRun[];
  problems: Problem[];
  /** Files that are understood but hold no load points of their own (`config.yaml`, a summary beside its stages), with the reason. */
  skipped: { file: string; reason: string }[];
  /** Reports exports carry along. */
  carried: CarriedReport[];
  /** What a person should know although nothing is wrong, in whole sentences. */
  notes?: string[];
}
