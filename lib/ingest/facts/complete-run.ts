import { NO_EVIDENCE } from "../../measurement/checks/check";
import { examinedInSetup, examinedMeasurement } from "../../measurement/checks/examine";
import { withDerivedThroughput } from "../../measurement/derived-throughput";
import type { QualityFlag } from "../../measurement/quality-flags";
import { ok, type Result, refused } from "../../result";
import type { Problem, ReadPoint, ReadRun } from "../report";
import { isIsoDate, workloadOf } from "./canonical";
import type { CatalogueLookup } from "./catalogue";
import type { DraftRun, FactSources } from "./draft-run";
import { hintFlagsOf, unknownFlags } from "./fact-flags";
import { withGivenConcurrency } from "./given-load";
import { joinedFacts, refusedFact } from "./join-facts";
import { withPricingModel } from "./pricing-model";
import { withoutSecretTexts } from "./redact-run";

/**
 * Joins what the report and the person say into a complete, canonical run, puts the questions of all checks to its points and
 * derives the throughput of those that have none.
 * @returns the run, or a problem for each fact that is missing or impossible
 */
export function completeRun(
  draft: DraftRun,
  sources: FactSources,
  catalogue: CatalogueLookup,
): Result<ReadRun, Problem[]> {
  const joined = joinedFacts(draft, sources, catalogue);
  const { facts } = joined.ok ? joined.value : joined.error;
  const measuredOn = facts.measuredOn ?? draft.measuredOn;
  const problems = joined.ok ? [] : joined.error.problems;
  const isRefused = problems.some(({ fact }) => fact === "measured_on");
  if (measuredOn !== null && !isIsoDate(measuredOn) && !isRefused) {
    const sentence = "the date of the measurement must be an ISO date such as 2026-04-27.";
    problems.push(refusedFact(draft, facts, "measuredOn", "a date such as 2026-04-27", sentence));
  }
  if (!joined.ok || problems.length > 0) return refused(problems);

  const { configuration, source, flags } = joined.value;
  const priced = withPricingModel(
    withGivenConcurrency(
      measuredOn === draft.measuredOn ? draft.points : withoutOwnDates(draft.points),
      facts.concurrency,
    ),
    facts.pricingModel,
  );
  const measured = priced.points.map((point) =>
    withDerivedThroughput(examinedMeasurement(point, point.evidence ?? NO_EVIDENCE)),
  );
  const { workload, lengthsMeasured, isAssumed } = workloadOf(facts, measured);
  // Only lengths that were stated were asked for.
  const asked = lengthsMeasured.output ? { ...workload, outputTokens: null } : workload;
  const setup = { configuration, workload: asked, ...catalogue.entriesOf(configuration) };
  const points = measured.map((point) => examinedInSetup(point, point.evidence ?? NO_EVIDENCE, setup));
  const run: ReadRun = {
    format: draft.format,
    tool: draft.tool,
    toolVersion: draft.toolVersion ?? null,
    measuredOn,
    configuration,
    workload,
    lengthsMeasured,
    source,
    seriesKey: draft.seriesKey,
    qualityFlags: withoutRepeats([
      ...draft.qualityFlags,
      ...unknownFlags(configuration, measuredOn),
      ...hintFlagsOf(draft, sources),
      ...flags,
      ...priced.flags,
    ]),
    points: isAssumed ? withFlag(points, "dataset_assumed_synthetic") : points,
    files: draft.files,
    ...(draft.carriedFiles === undefined ? {} : { carriedFiles: draft.carriedFiles }),
  };
  return ok(withoutSecretTexts(run));
}

function withoutRepeats(flags: readonly QualityFlag[]): QualityFlag[] {
  return [...new Set(flags)];
}

function withFlag(points: readonly ReadPoint[], flag: QualityFlag): ReadPoint[] {
  return points.map((point) => ({ ...point, qualityFlags: withoutRepeats([...point.qualityFlags, flag]) }));
}

/** A date the person gives holds for every point. */
function withoutOwnDates(points: readonly ReadPoint[]): ReadPoint[] {
  return points.map(({ measuredOn: _, ...point }) => point);
}
