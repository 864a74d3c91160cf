import type { Accelerator, Model } from "../../catalogue/catalogue";
import type { ConfigurationFacts, WorkloadFacts } from "../../domain";
import type { LatencyField } from "../latency";
import type { Measurement } from "../measurement";
import type { NamedFlag } from "../quality-flags";
import type { NumberField } from "../quantities";

/**
 * A question put to every load point, whichever tool wrote it. What it finds is a caveat of the figure (`flag`), and what
 * follows is said here, once: a `note` stands beside the figure, a `doubt` also keeps the point off frontiers and rankings
 * unless asked for. (What cannot be at all is refused before: see `impossibleFields`.)
 */
export interface Check {
  flag: NamedFlag;
  consequence: "note" | "doubt";
  /** What is asked, as a sentence. */
  asks: string;
  /** How far a figure may be off before the check speaks, in words with the numbers the code uses. */
  tolerance: string;
  /** Why a true figure cannot do this, or where the rule comes from. */
  source: string;
}

/** A check that looks at one load point alone. */
export interface PointCheck extends Check {
  /** What is wrong with a point; `null` = nothing, or what it would take to ask is not known. */
  find(point: CheckedPoint): Finding | null;
}

export interface Finding {
  /** A sentence with the figures that contradict each other. */
  reason: string;
  /** Quantities and latencies that turn out not to be measured, though the report gives them a number. */
  unknown?: readonly (NumberField | LatencyField)[];
  /** Quantities the point's other figures tell better than the report does. */
  corrected?: Readonly<Partial<Record<NumberField, number>>>;
}

/** A load point as a check sees it. */
export interface CheckedPoint {
  measurement: Measurement;
  evidence: Evidence;
  /** What was deployed and asked; `null` while a report is being read, before its facts are complete. */
  setup: Setup | null;
}

/** What was deployed and asked, with what the catalogue knows of it. */
export interface Setup {
  configuration: ConfigurationFacts;
  workload: WorkloadFacts;
  model: Model | null;
  accelerator: Accelerator | null;
}

/**
 * What reports say beside their figures that tells whether the figures can be right. It is asked for while a report is read
 * and is not stored; `undefined` = the report does not say.
 */
export interface Evidence {
  /** Requests the tool was told to send. */
  requestsPlanned?: number;
  /** True where the load counts sessions or agents, each of which may have several requests in flight. */
  loadCountsSessions?: boolean;
  /** Seconds from the first request sent to the last one sent. */
  sendDurationS?: number;
  /** False where the tool says that it saw no gap between the tokens of an answer. */
  sawGaps?: boolean;
  /** Output tokens of an answer by another count than the one read: the server's, or a second tokeniser's. Mean. */
  outputTokensMeanElsewhere?: number;
  /** Output tokens that were asked for. Mean. */
  outputTokensAsked?: number;
  /** Completed requests whose input tokens were counted. */
  requestsWithInputCount?: number;
  /** Completed requests whose output tokens were counted. */
  requestsWithOutputCount?: number;
  /** When the measurement began or ended, as the tool writes it: the same way for all of its reports. ISO date and time. */
  clock?: string;
}

export const NO_EVIDENCE: Evidence = {};
