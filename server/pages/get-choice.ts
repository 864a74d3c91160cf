import type { Database } from "../../db/client";
import { getConfiguration, getLastShippedRevision, getMainWorkloadId } from "../../db/queries/get-configuration";
import { getModel } from "../../db/queries/get-model";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listPrices } from "../../db/queries/list-prices";
import type { Answer } from "../../lib/answer/answer";
import { answerQuestion } from "../../lib/answer/answer-question";
import type { Accelerator, Model, Price } from "../../lib/catalogue/catalogue";
import type { Configuration } from "../../lib/domain";
import { withNamedAccelerators } from "../../lib/explorer/name-stock";
import { pinnedConfigurationPath } from "../../lib/explorer/pinned-path";
import type { LoadCurve } from "../../lib/frontier/load-curve";
import { type Fallbacks, fallbacksOf, NO_FALLBACKS } from "../../lib/manifests/devices/fallback-accelerators";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import type { AskedOptions } from "../../lib/manifests/options/manifest-options";
import { readableOptions } from "../../lib/manifests/options/readable-options";
import type { Choice } from "../../lib/manifests/plan/choice";
import { ok, type Result, refused } from "../../lib/result";
import { nearMissReason } from "../../lib/selection/near-miss-words";
import type { Question } from "../../lib/selection/types";
import { publicUrl } from "../public-url";
import { keptRuns } from "./kept-runs";

/** A choice with the options it was asked for, without those the measured server rules out. */
export interface AskedChoice {
  choice: Choice;
  asked: AskedOptions;
}

export interface ChoiceRequest {
  configurationId: string;
  /** `null` = the workload this configuration has most load points for. */
  workloadId: string | null;
  question: Question;
  /** What was asked for; the rest follows from platform and accelerator. */
  options: AskedOptions;
}

/** What is known of a configuration when a manifest is asked for, and what the question found. */
export interface AnsweredConfiguration {
  configuration: Configuration;
  /** Of the configuration's runs under one workload. */
  answer: Answer;
  question: Question;
  /** What was asked for; the rest follows from platform and accelerator. */
  options: AskedOptions;
  model: Model | null;
  prices: readonly Price[];
  accelerators: readonly Accelerator[];
}

/** Accelerators that meet the same targets under the same workload, as the ranking has them. */
async function fallbacksFor(
  db: Database,
  revision: number,
  chosen: LoadCurve,
  { question, model, prices, accelerators }: AnsweredConfiguration,
): Promise<Fallbacks> {
  const selection = { modelId: chosen.configuration.model, workloadId: chosen.workload.workloadId };
  const runs = await keptRuns(db, revision, selection);
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
export async function getChoice(db: Database, revision: number, request: ChoiceRequest): Promise<Result<AskedChoice>> {
  const { configurationId, options } = request;
  const configuration = await getConfiguration(db, revision, configurationId);
  if (configuration === null) {
    const last = await getLastShippedRevision(db, configurationId);
    const there =
      last === null || last >= revision
        ? ""
        : ` It was last in revision ${last}: its figures were corrected since (rev=${last} in an address shows them as they were).`;
    return refused(`There is no configuration ${configurationId} in dataset revision ${revision}.${there}`);
  }
  const workloadId = request.workloadId ?? (await getMainWorkloadId(db, revision, configurationId));
  const runs = workloadId === null ? [] : await keptRuns(db, revision, { configurationId, workloadId });
  if (runs.length === 0) {
    return refused(`${configurationId} was not measured under the workload ${workloadId}.`);
  }
  const [accelerators, model, prices] = await Promise.all([
    listAccelerators(db, revision),
    getModel(db, revision, configuration.model),
    listPrices(db, revision),
  ]);
  const named = withNamedAccelerators(request.question, accelerators);
  const [problem] = named.problems;
  if (problem !== undefined) return refused(problem);
  const { question } = named;
  const answer = answerQuestion({ runs, prices, models: model === null ? [] : [model], accelerators, question });
  return choiceOf(db, revision, { configuration, answer, question, options, model, prices, accelerators });
}

/** The choice of a configuration whose question is answered already. @returns as {@link getChoice} */
export async function choiceOf(
  db: Database,
  revision: number,
  known: AnsweredConfiguration,
): Promise<Result<AskedChoice>> {
  const { configuration, question, model, accelerators } = known;
  const { configurationId } = configuration;
  const accelerator = accelerators.find((item) => item.id === configuration.accelerator);
  if (accelerator === undefined) {
    return refused(`The accelerator ${configuration.accelerator} is not in the catalogue.`);
  }
  const { ranked, nearMisses, notComparable, outsideStock, filteredOut } = known.answer.ranking;
  const best = ranked[0];
  if (best === undefined) {
    const [closest] = nearMisses;
    const missed = closest === undefined ? undefined : nearMissReason(closest);
    const reason = outsideStock[0]?.reason ?? missed ?? notComparable[0]?.reason ?? filteredOut[0]?.reason;
    return refused(reason ?? `${configurationId} has no load point that can be chosen.`);
  }
  const { curve } = best;
  const asked = readableOptions(known.options, { configuration, accelerator });
  const options = completeOptions(asked, accelerator);
  const fallbacks = options.deviceAccess === "dra" ? await fallbacksFor(db, revision, curve, known) : NO_FALLBACKS;
  const choice: Choice = {
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
  };
  return ok({ choice, asked });
}
