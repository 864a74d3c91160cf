import type { Database } from "../../db/client";
import { getConfiguration } from "../../db/queries/get-configuration";
import { getModel } from "../../db/queries/get-model";
import { getCurrentRevision, type Revision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listPrices } from "../../db/queries/list-prices";
import { answerOver } from "../../lib/answer/answer";
import { answerCurves } from "../../lib/answer/answer-question";
import type { Accelerator, Model, Price } from "../../lib/catalogue/catalogue";
import { compareText } from "../../lib/compare-text";
import type { Configuration, Run } from "../../lib/domain";
import { type ComparedChoice, type Comparison, factsOf } from "../../lib/explorer/comparison";
import { chosenAxes } from "../../lib/explorer/explorer-view";
import { withNamedAccelerators } from "../../lib/explorer/name-stock";
import { availableAxes } from "../../lib/frontier/axes";
import type { LoadCurve } from "../../lib/frontier/load-curve";
import { lineDiff } from "../../lib/manifests/view/line-diff";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import type { CompareQuery } from "../../lib/params/compare-params";
import { questionOf } from "../../lib/params/explorer-params";
import { ok, type Result, refused } from "../../lib/result";
import { nearMissReason } from "../../lib/selection/near-miss-words";
import type { Question, RankedConfiguration, Ranking } from "../../lib/selection/types";
import { choiceOf } from "./get-choice";
import { keptRuns } from "./kept-runs";

/** A configuration with everything that was measured of it. */
interface Measured {
  configuration: Configuration;
  model: Model | null;
  runs: readonly Run[];
}

/**
 * Configurations side by side: each is answered by itself, under the same question. The workload is the one of the link, else the
 * one most of them were measured under; a configuration without it is shown under its own, and said so.
 */
export async function getComparison(db: Database, revision: Revision, asked: CompareQuery): Promise<Comparison> {
  const [newest, accelerators, prices] = await Promise.all([
    getCurrentRevision(db),
    listAccelerators(db, revision.id),
    listPrices(db, revision.id),
  ]);
  const found = await Promise.all(asked.query.compare.map((id) => measuredOf(db, revision.id, id)));
  const problems = asked.query.compare
    .filter((_, index) => found[index] === null)
    .map((id) => `There is no configuration ${id} in dataset revision ${revision.id}: left out.`);
  const measured = found.filter((item) => item !== null);
  const named = withNamedAccelerators(questionOf(asked.query, asked.query.slos ?? []), accelerators);
  problems.push(...named.problems);
  const question: Question = named.question;
  const common = commonWorkload(measured, asked.query.workload);
  const answered = measured.map((item) => answeredAlone(item, common, { accelerators, prices, question }));
  const available = availableAxes(answered.flatMap(({ curves }) => curves));
  const axes = chosenAxes(asked.query, question, available, available);
  const baseline = Math.max(
    0,
    measured.findIndex(({ configuration }) => configuration.configurationId === asked.baseline),
  );
  const manifests = await Promise.all(
    answered.map(({ configuration, model, answer }) =>
      manifestOf(db, revision.id, { configuration, model, answer, question, accelerators, prices, options: {} }),
    ),
  );
  const against = manifests[baseline] ?? refused("There is no baseline.");
  const choices = answered.map(({ configuration, model, workload, curves, answer }, index): ComparedChoice => {
    const shown = shownCurve(answer.ranking) ?? curves[0];
    const mine = manifests[index] ?? against;
    return {
      letter: String.fromCharCode("A".charCodeAt(0) + index),
      configuration,
      modelName: model?.displayName ?? configuration.model,
      accelerator: accelerators.find(({ id }) => id === configuration.accelerator) ?? null,
      workload,
      isOtherWorkload: workload.workloadId !== common,
      outcome: outcomeAlone(answer.ranking),
      points: shown === undefined ? [] : answer.pointsOn(shown, axes),
      usdPerHour: shown === undefined ? null : answer.usdPerHour(shown),
      manifest: index === baseline ? (mine.ok ? ok(null) : mine) : difference(against, mine),
    };
  });
  return {
    revision,
    newestRevision: newest.id,
    asked,
    question,
    axes,
    choices,
    baseline,
    facts: factsOf(choices),
    problems,
  };
}

async function measuredOf(db: Database, revision: number, configurationId: string): Promise<Measured | null> {
  const configuration = await getConfiguration(db, revision, configurationId);
  if (configuration === null) return null;
  const [model, runs] = await Promise.all([
    getModel(db, revision, configuration.model),
    keptRuns(db, revision, { configurationId }),
  ]);
  return runs.length === 0 ? null : { configuration, model, runs };
}

/** The workload asked for where one of them has it, else the one most of them have, then the one with most load points. */
function commonWorkload(measured: readonly Measured[], asked: string | null): string | null {
  const counted = new Map<string, { configurations: number; points: number }>();
  for (const { runs } of measured) {
    const mine = new Set<string>();
    for (const { workload, points } of runs) {
      const known = counted.get(workload.workloadId) ?? { configurations: 0, points: 0 };
      counted.set(workload.workloadId, {
        configurations: known.configurations + (mine.has(workload.workloadId) ? 0 : 1),
        points: known.points + points.length,
      });
      mine.add(workload.workloadId);
    }
  }
  if (asked !== null && counted.has(asked)) return asked;
  const [best] = [...counted].sort(
    ([idA, a], [idB, b]) => b.configurations - a.configurations || b.points - a.points || compareText(idA, idB),
  );
  return best?.[0] ?? null;
}

function answeredAlone(
  measured: Measured,
  common: string | null,
  asked: { accelerators: readonly Accelerator[]; prices: readonly Price[]; question: Question },
) {
  const { configuration, model, runs } = measured;
  const workloadId = commonWorkload([measured], common);
  const chosen = runs.filter(({ workload }) => workload.workloadId === workloadId);
  const [first] = chosen;
  if (first === undefined) throw new Error(`${configuration.configurationId}: a workload without runs`);
  const curves = answerCurves(chosen, { models: model === null ? [] : [model], accelerators: asked.accelerators });
  return {
    configuration,
    model,
    workload: first.workload,
    curves,
    answer: answerOver(curves, asked.prices, asked.question),
  };
}

function shownCurve({ ranked, nearMisses, notComparable, outsideStock }: Ranking): LoadCurve | undefined {
  return (ranked[0] ?? nearMisses[0] ?? notComparable[0] ?? outsideStock[0])?.curve;
}

function outcomeAlone({
  ranked,
  nearMisses,
  notComparable,
  outsideStock,
  filteredOut,
}: Ranking): Result<RankedConfiguration> {
  if (ranked[0] !== undefined) return ok(ranked[0]);
  const [closest] = nearMisses;
  if (closest !== undefined) return refused(nearMissReason(closest));
  const why = notComparable[0] ?? outsideStock[0] ?? filteredOut[0];
  return refused(why?.reason ?? "These figures have no throughput to choose an operating point by.");
}

async function manifestOf(
  db: Database,
  revision: number,
  known: Parameters<typeof choiceOf>[2],
): Promise<Result<string>> {
  const choice = await choiceOf(db, revision, known);
  if (!choice.ok) return choice;
  const bundle = manifestBundle(choice.value.choice);
  return bundle.ok ? ok(bundle.value.yaml) : bundle;
}

function difference(before: Result<string>, after: Result<string>): ComparedChoice["manifest"] {
  if (!after.ok) return after;
  return before.ok ? ok(lineDiff(before.value, after.value)) : refused(`The baseline has no manifest. ${before.error}`);
}
