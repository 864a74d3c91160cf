import type { Accelerator, Configuration, Model, Price, Workload } from "../../lib/domain";
import { pinnedConfigurationPath } from "../../lib/explorer/pinned-path";
import { type Fallbacks, fallbacksOf, NO_FALLBACKS } from "../../lib/manifests/devices/fallback-accelerators";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import type { AskedOptions } from "../../lib/manifests/options/manifest-options";
import { readableOptions } from "../../lib/manifests/options/readable-options";
import type { Choice } from "../../lib/manifests/plan/choice";
import { answerQuestion } from "../../lib/selection/answer";
import type { Question } from "../../lib/selection/types";
import type { Database } from "../client";
import { publicUrl } from "../public-url";
import { RUN_VALID_SQL } from "../valid-at";
import { getConfiguration } from "./get-configuration";
import { getModel } from "./get-model";
import { listAccelerators } from "./list-accelerators";
import { listPrices } from "./list-prices";
import { listRuns } from "./list-runs";

/** `asked`: what was asked for, with what the measured server rules out. */
export type ChoiceAnswer =
  | { kind: "choice"; choice: Choice; asked: AskedOptions }
  | { kind: "refused"; reason: string };

export interface ChoiceRequest {
  configurationId: string;
  /** `null` = the workload this configuration has most load points for. */
  workloadId: string | null;
  question: Question;
  /** What was asked for; the rest follows from platform and accelerator. */
  options: AskedOptions;
}

function workloadWithMostPoints(db: Database, revision: number, configurationId: string): string | null {
  const row = db.$client
    .prepare<[string, number, number], { workload_id: string }>(
      `SELECT run.workload_id FROM run WHERE run.configuration_id = ? AND ${RUN_VALID_SQL}
       GROUP BY run.workload_id ORDER BY sum(run.load_points) DESC, run.workload_id LIMIT 1`,
    )
    .get(configurationId, revision, revision);
  return row?.workload_id ?? null;
}

/** Accelerators that meet the same targets under the same workload, as the ranking has them. */
async function fallbacksFor(
  db: Database,
  revision: number,
  asked: {
    chosen: { configuration: Configuration; workload: Workload };
    question: Question;
    model: Model | null;
    prices: Price[];
    accelerators: Accelerator[];
  },
): Promise<Fallbacks> {
  const { chosen, question, model, prices, accelerators } = asked;
  const selection = { modelId: chosen.configuration.model, workloadId: chosen.workload.workloadId };
  const runs = await listRuns(db, revision, selection);
  const models = model === null ? [] : [model];
  const { ranking } = answerQuestion({ runs, prices, models, accelerators, question });
  const ranked = ranking.ranked.map((entry) => entry.curve.configuration);
  return fallbacksOf(chosen.configuration, ranked, accelerators);
}

/**
 * The operating point of one configuration under a question, with all that manifests are made from. Page, HTTP API and
 * command line come through here, so that the same question gives the same bytes.
 * @returns the choice, or the reason why there is none as a whole sentence
 */
export async function getChoice(db: Database, revision: number, request: ChoiceRequest): Promise<ChoiceAnswer> {
  const { configurationId, question } = request;
  const configuration = await getConfiguration(db, revision, configurationId);
  if (configuration === null) {
    return { kind: "refused", reason: `There is no configuration ${configurationId} in dataset revision ${revision}.` };
  }
  const workloadId = request.workloadId ?? workloadWithMostPoints(db, revision, configurationId);
  const runs = workloadId === null ? [] : await listRuns(db, revision, { configurationId, workloadId });
  if (runs.length === 0) {
    return { kind: "refused", reason: `${configurationId} was not measured under the workload ${workloadId}.` };
  }
  const accelerators = await listAccelerators(db, revision);
  const accelerator = accelerators.find((item) => item.id === configuration.accelerator);
  if (accelerator === undefined) {
    return { kind: "refused", reason: `The accelerator ${configuration.accelerator} is not in the catalogue.` };
  }
  const model = await getModel(db, revision, configuration.model);
  const prices = await listPrices(db, revision);
  const { ranking } = answerQuestion({ runs, prices, models: model === null ? [] : [model], accelerators, question });
  const best = ranking.ranked[0];
  if (best === undefined) {
    const reason = ranking.nearMisses[0]?.reason ?? ranking.notComparable[0]?.reason;
    return { kind: "refused", reason: reason ?? `${configurationId} has no load point that can be chosen.` };
  }
  const { curve } = best;
  const asked = readableOptions(request.options, { configuration, accelerator });
  const options = completeOptions(asked, accelerator);
  const fallbacks =
    options.deviceAccess === "dra"
      ? await fallbacksFor(db, revision, { chosen: curve, question, model, prices, accelerators })
      : NO_FALLBACKS;
  return {
    kind: "choice",
    asked,
    choice: {
      configuration: curve.configuration,
      workload: curve.workload,
      operatingPoint: best.operatingPoint,
      slos: question.slos,
      cost: best.cost,
      capacity: best.capacity,
      model,
      accelerator,
      revision,
      shareUrl: `${publicUrl()}${pinnedConfigurationPath(configurationId, { workloadId: curve.workload.workloadId, question, revision })}`,
      sources: [curve.source],
      runIds: curve.runIds,
      measuredOn: curve.measuredOn,
      options,
      fallbacks,
    },
  };
}
