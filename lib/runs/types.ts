import type { Configuration, Run, Workload } from "../domain";
import type { RunFile } from "../ingest/report";
import type { QualityFlag } from "../measurement/quality-flags";
import type { RunQuery } from "../params/run-params";

/** What the pages and the API about stored runs show, as read from the database. */

export const INGEST_WAYS_LABELS = {
  cli: "command line",
  http: "HTTP",
  page: "upload page",
  shipped: "comes with the program",
} as const;
export type ListedWay = keyof typeof INGEST_WAYS_LABELS;

/** A run as one line of a list. */
export interface RunSummary {
  runId: string;
  configuration: Configuration;
  workload: Workload;
  format: string;
  tool: string | null;
  toolVersion: string | null;
  measuredOn: string | null;
  sourceName: string;
  sourceUrl: string | null;
  licence: string | null;
  /** Caveats of the run as a whole. */
  qualityFlags: QualityFlag[];
  /** Caveats of one or more of its points, sorted. */
  pointFlags: QualityFlag[];
  origin: "shipped" | "user";
  loadPoints: number;
  ingestId: number;
  addedInRevision: number;
  retiredInRevision: number | null;
}

/** Values that occur, for filters to offer. */
export interface RunFacets {
  models: string[];
  accelerators: string[];
  sources: string[];
  formats: string[];
  flags: QualityFlag[];
}

/** Runs by value, of the filters whose values are counted. */
export type FacetCounts = Record<"models" | "accelerators" | "sources" | "formats", Record<string, number>>;

export interface RunList {
  runs: RunSummary[];
  /** Matching runs and their load points, beyond the page. */
  total: number;
  loadPoints: number;
}

/** The page of runs: one page of a filtered list, and what its filters offer. */
export interface RunsPage extends RunList {
  /** Newest revision: the one an export would be of. */
  revision: number;
  /** As asked, with a page that exists. */
  query: RunQuery;
  /** Pages of the whole list, 1 when it is empty. */
  pages: number;
  /** True when nothing was ever taken in, filters aside. */
  emptyDatabase: boolean;
  facets: RunFacets;
  /** `null` where an ingest is asked for. */
  counts: FacetCounts | null;
  names: RunNames;
}

/** How ids are called on screen. */
export interface RunNames {
  /** Short names by catalogue id. */
  accelerators: Record<string, string>;
  /** Report formats. */
  formats: Record<string, string>;
}

/** One time somebody brought data, whether any of it was taken or not. */
export interface ListedIngest {
  id: number;
  /** ISO date-time. */
  at: string;
  way: ListedWay;
  reason: string;
  /** Revision it made; `null` = nothing new. */
  revision: number | null;
  files: number;
  /** Taken. */
  loadPoints: number;
  /** Known already. */
  duplicates: number;
  /** Refused, and why. */
  problems: { file: string; at: string; message: string }[];
  skipped: { file: string; reason: string }[];
  /** Runs it brought, and how many of them are still valid; fewer than it brought after a purge. */
  runs: number;
  validRuns: number;
}

/** A change that took runs back without deleting anything. */
export interface ListedRetirement {
  revision: number;
  /** ISO date-time. */
  at: string;
  reason: string;
  runs: number;
  loadPoints: number;
}

/** A true deletion. What is gone is only counted. */
export interface ListedPurge {
  id: number;
  /** ISO date-time. */
  at: string;
  reason: string;
  runs: number;
  loadPoints: number;
  reports: number;
  /** Share links that no longer show what they showed. */
  brokenShares: number;
}

/** One entry of the audit. */
export type AuditEntry =
  | {
      kind: "ingest";
      ingest: ListedIngest;
      /** What one has to know before retiring it; `null` = nothing beside its size. */
      warning: string | null;
    }
  | { kind: "retirement"; retirement: ListedRetirement }
  | { kind: "purge"; purge: ListedPurge };

export interface AuditPage {
  revision: number;
  /** Newest first. */
  entries: AuditEntry[];
  total: number;
  page: number;
  pages: number;
}

/** A file a run was read from, with what is known of its bytes. */
export interface StoredRunFile extends RunFile {
  mediaType: string;
  /** Of the original bytes. */
  byteLength: number;
  /** What was blanked before storing, in words; empty = stored byte for byte. */
  redacted: string[];
}

/** What is known of a load point beside what was measured. */
export interface PointOrigin {
  /** Location in its report. */
  reportAt: string;
  /** Its own date where that is not its run's; `null` = as its run. */
  measuredOn: string | null;
  /** What else its report says of it, under the report's own names. */
  extras: Record<string, string | number | boolean | null>;
}

interface Change {
  revision: number;
  /** ISO date-time. */
  at: string;
  reason: string;
}

/** One run with everything that is known of where it came from. */
export interface RunPage {
  run: Run;
  origin: "shipped" | "user";
  acceleratorName: string;
  formatLabel: string;
  newestRevision: number;
  added: Change;
  /** `null` = still valid. */
  retired: Change | null;
  /** Those with points first. */
  files: StoredRunFile[];
  /** By point id. */
  points: Record<string, PointOrigin>;
  ingest: ListedIngest | null;
}

/** Part of what a share link showed is gone. */
export interface SharePurge {
  /** ISO date-time. */
  at: string;
  reason: string;
}
