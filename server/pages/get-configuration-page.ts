import type { Database } from "../../db/client";
import { getConfiguration } from "../../db/queries/get-configuration";
import { getModel } from "../../db/queries/get-model";
import { getCurrentRevision, type Revision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listPrices } from "../../db/queries/list-prices";
import { answerOver } from "../../lib/answer/answer";
import { compareText } from "../../lib/compare-text";
import type { ConfigurationPage } from "../../lib/explorer/configuration-page";
import { withNamedAccelerators } from "../../lib/explorer/name-stock";
import { loadCurves } from "../../lib/frontier/curve";
import { flagOutliers } from "../../lib/frontier/outliers";
import { otherForms } from "../../lib/manifests/forms/other-forms";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import type { AskedOptions, ManifestOptions } from "../../lib/manifests/options/manifest-options";
import { optionChoices } from "../../lib/manifests/options/option-choices";
import { mendedOptions } from "../../lib/manifests/options/option-mend";
import { canonicalOptions, manifestPath } from "../../lib/manifests/options/option-params";
import type { ManifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { bundleRefusal, manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { type ExplorerQuery, questionOf, serializeExplorerQuery } from "../../lib/params/explorer-params";
import type { Result } from "../../lib/result";
import type { Ranking } from "../../lib/selection/types";
import { choiceOf } from "./get-choice";
import { keptRuns } from "./kept-runs";
import { listInClusterLoads } from "./list-in-cluster-loads";

/**
 * One configuration under one of its workloads (the one asked for, else the one with most points), with its operating
 * point under the question and its manifest. `null` when the configuration has no run at this revision.
 */
export async function getConfigurationPage(
  db: Database,
  revision: Revision,
  request: { configurationId: string; query: ExplorerQuery; asked: AskedOptions },
): Promise<ConfigurationPage | null> {
  const { configurationId, query } = request;
  const configuration = await getConfiguration(db, revision.id, configurationId);
  if (configuration === null) return null;
  const every = await keptRuns(db, revision.id, { configurationId });
  const counted = new Map<string, ConfigurationPage["workloads"][number]>();
  for (const run of every) {
    const entry = counted.get(run.workload.workloadId) ?? { workload: run.workload, loadPoints: 0 };
    entry.loadPoints += run.points.length;
    counted.set(run.workload.workloadId, entry);
  }
  const workloads = [...counted.values()].sort(
    (a, b) => b.loadPoints - a.loadPoints || compareText(a.workload.workloadId, b.workload.workloadId),
  );
  const workload = (counted.get(query.workload ?? "") ?? workloads[0])?.workload;
  if (workload === undefined) return null;

  const [newest, model, accelerators, prices] = await Promise.all([
    getCurrentRevision(db),
    getModel(db, revision.id, configuration.model),
    listAccelerators(db, revision.id),
    listPrices(db, revision.id),
  ]);
  const isGone = newest.id > revision.id && (await getConfiguration(db, newest.id, configurationId)) === null;
  const accelerator = accelerators.find((item) => item.id === configuration.accelerator) ?? null;
  const models = model === null ? [] : [model];
  const runs = flagOutliers(
    every.filter((run) => run.workload.workloadId === workload.workloadId),
    { models, accelerators },
  );
  const { question } = withNamedAccelerators(questionOf(query, query.slos ?? []), accelerators);
  const answer = answerOver(loadCurves(runs), prices, question);
  const known = { configuration, answer, question, options: request.asked, model, prices, accelerators };
  const choice = await choiceOf(db, revision.id, known);
  const manifest: Result<ManifestBundle> = choice.ok ? manifestBundle(choice.value.choice) : choice;
  const refusal = (options: ManifestOptions) =>
    choice.ok ? bundleRefusal({ ...choice.value.choice, options }) : choice.error;
  const readable = choice.ok ? choice.value.asked : request.asked;
  const asked = accelerator === null ? readable : canonicalOptions(readable, accelerator);
  const search = serializeExplorerQuery({
    ...query,
    compare: [],
    model: null,
    workload: workload.workloadId,
    revision: revision.id,
  });
  return {
    revision,
    newestRevision: newest.id,
    configuration,
    accelerator,
    model,
    workloads,
    workload,
    runs,
    query,
    question,
    outcome: outcomeOf(answer.ranking),
    asked,
    mend: accelerator === null || manifest.ok || !choice.ok ? null : mendedOptions(asked, accelerator, refusal),
    choices: accelerator === null ? null : optionChoices(asked, accelerator, refusal),
    options: accelerator === null ? null : completeOptions(asked, accelerator),
    manifest,
    otherForms: choice.ok ? otherForms(choice.value.choice, choice.value.asked) : null,
    manifestPath: manifestPath(configurationId, asked, search),
    isGone,
    inCluster: await listInClusterLoads(db, revision.id, {
      configuration,
      workload,
      runs,
      question,
      prices,
      models,
      accelerators,
    }),
  };
}

function outcomeOf(ranking: Ranking): ConfigurationPage["outcome"] {
  const [row] = ranking.ranked;
  if (row !== undefined) return { kind: "ranked", row };
  const [nearMiss] = ranking.nearMisses;
  if (nearMiss !== undefined) return { kind: "nearMiss", nearMiss };
  const [notComparable] = ranking.notComparable;
  if (notComparable !== undefined) return { kind: "notComparable", notComparable };
  const [filtered] = ranking.filteredOut;
  return filtered === undefined
    ? { kind: "none" }
    : { kind: "notComparable", notComparable: { ...filtered, missing: [] } };
}
