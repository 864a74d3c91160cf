import type { QualityFlag } from "../measurement/quality-flags";
import { withoutSecretTexts } from "../redact/redact-run";
import { isIsoDate, workloadOf } from "./canonical";
import type { Catalogue } from "./catalogue";
import { hintFlagsOf, unknownFlags } from "./fact-flags";
import type { FactName } from "./facts";
import { withGivenConcurrency } from "./given-load";
import { type FactSources, joinedFacts, refusedFact } from "./join-facts";
import { withPricingModel } from "./pricing-model";
import type { ExportedFile, GivenFacts, Problem, ReadPoint, ReadRun } from "./report";

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
  carriedFiles?: ExportedFile[];
  /** What else the report says sets it apart (free labels of a deployment): runs that differ here are never joined. */
  variant?: string;
  /** Caveats that hold where a hint is what a fact comes from. */
  hintFlags?: Partial<Record<FactName["field"], QualityFlag>>;
  /** Where a fact of this run stands, for problems; left out = the run as a whole. */
  place?: (field: FactName["field"]) => string;
}

/** A complete run, or every reason why it is none. */
export type RunCompletion = { kind: "run"; run: ReadRun } | { kind: "problems"; problems: Problem[] };

/** Joins what the report and the person say into a complete, canonical run; each missing or impossible fact is a problem. */
export function completeRun(draft: DraftRun, sources: FactSources, catalogue: Catalogue): RunCompletion {
  const joined = joinedFacts(draft, sources, catalogue);
  const measuredOn = joined.facts.measuredOn ?? draft.measuredOn;
  const problems = joined.kind === "problems" ? joined.problems : [];
  const isRefused = problems.some(({ fact }) => fact === "measured_on");
  if (measuredOn !== null && !isIsoDate(measuredOn) && !isRefused) {
    const sentence = "the date of the measurement must be an ISO date such as 2026-04-27.";
    problems.push(refusedFact(draft, joined.facts, "measuredOn", "a date such as 2026-04-27", sentence));
  }
  if (joined.kind === "problems" || problems.length > 0) return { kind: "problems", problems };

  const { facts, configuration, source } = joined;
  const priced = withPricingModel(
    withGivenConcurrency(
      measuredOn === draft.measuredOn ? draft.points : withoutOwnDates(draft.points),
      facts.concurrency,
    ),
    facts.pricingModel,
  );
  const run: ReadRun = {
    format: draft.format,
    tool: draft.tool,
    toolVersion: draft.toolVersion ?? null,
    measuredOn,
    configuration,
    workload: workloadOf(facts, draft.points),
    source,
    seriesKey: draft.seriesKey,
    qualityFlags: withoutRepeats([
      ...draft.qualityFlags,
      ...unknownFlags(configuration, measuredOn),
      ...hintFlagsOf(draft, sources),
      ...joined.flags,
      ...priced.flags,
    ]),
    points: priced.points,
    files: draft.files,
    ...(draft.carriedFiles === undefined ? {} : { carriedFiles: draft.carriedFiles }),
  };
  return { kind: "run", run: withoutSecretTexts(run) };
}

function withoutRepeats(flags: readonly QualityFlag[]): QualityFlag[] {
  return [...new Set(flags)];
}

/** A date the person gives holds for every point. */
function withoutOwnDates(points: readonly ReadPoint[]): ReadPoint[] {
  return points.map(({ measuredOn: _, ...point }) => point);
}
