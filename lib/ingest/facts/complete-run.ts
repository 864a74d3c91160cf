import type { QualityFlag } from "../../measurement/quality-flags";
import { withoutSecretTexts } from "../../redact/redact-run";
import type { Problem, ReadPoint, ReadRun } from "../report";
import { isIsoDate, workloadOf } from "./canonical";
import type { CatalogueLookup } from "./catalogue";
import type { DraftRun, FactSources } from "./draft-run";
import { hintFlagsOf, unknownFlags } from "./fact-flags";
import { withGivenConcurrency } from "./given-load";
import { joinedFacts, refusedFact } from "./join-facts";
import { withPricingModel } from "./pricing-model";

/** A complete run, or every reason why it is none. */
export type RunCompletion = { kind: "run"; run: ReadRun } | { kind: "problems"; problems: Problem[] };

/** Joins what the report and the person say into a complete, canonical run; each missing or impossible fact is a problem. */
export function completeRun(draft: DraftRun, sources: FactSources, catalogue: CatalogueLookup): RunCompletion {
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
