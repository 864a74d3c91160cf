import type { Database } from "../../db/client";
import { countLoadPoints } from "../../db/queries/count-load-points";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { type ListedModel, listModels } from "../../db/queries/list-models";
import { listPrices } from "../../db/queries/list-prices";
import { listWorkloads } from "../../db/queries/list-workloads";
import type { Accelerator, Model } from "../../lib/catalogue/catalogue";
import type { Configuration } from "../../lib/domain";
import type { ExplorerData } from "../../lib/explorer/data";
import { withNamedAccelerators } from "../../lib/explorer/name-stock";
import { packRuns } from "../../lib/explorer/pack-runs";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import { readableOptions } from "../../lib/manifests/options/readable-options";
import { manifestRefusal } from "../../lib/manifests/plan/decide-bundle";
import type { ExplorerQuery } from "../../lib/params/explorer-params";
import { nearestWorkloads } from "../../lib/selection/asked-workload";
import { firstWorkload } from "../../lib/selection/first-workload";
import { keptRuns } from "./kept-runs";
import { withRuns } from "./with-runs";

/**
 * What the explorer needs to answer one query at one revision. A model or workload the query does not name is the one
 * with most data; one that does not exist at the revision is reported and shown as empty.
 */
export async function getExplorerData(
  db: Database,
  query: ExplorerQuery,
  revision: { id: number; createdAt: string },
): Promise<ExplorerData> {
  const [newest, models, accelerators, prices, loadPoints] = await Promise.all([
    getCurrentRevision(db),
    listModels(db, revision.id),
    listAccelerators(db, revision.id),
    listPrices(db, revision.id),
    countLoadPoints(db, revision.id),
  ]);
  const problems: string[] = [];
  const wanted = query.model === null ? firstModel(models) : models.find((item) => item.model.id === query.model);
  if (query.model !== null && wanted === undefined) {
    problems.push(`The model “${query.model}” is not in the catalogue: choose one from the list.`);
  }
  const workloads = wanted === undefined ? [] : await listWorkloads(db, revision.id, wanted.model.id);
  const named = workloads.find((item) => item.workload.workloadId === query.workload);
  if (query.workload !== null && named === undefined && wanted !== undefined) {
    problems.push(
      `${wanted.model.displayName} was not measured under “${query.workload}”: shown is the workload with most data.`,
    );
  }
  const asked = query.askedWorkload;
  const near = asked === null ? firstWorkload(workloads) : nearestWorkloads(workloads, asked)[0]?.entry;
  const workload = (named ?? near)?.workload ?? null;
  const runs =
    wanted === undefined || workload === null
      ? []
      : await keptRuns(db, revision.id, { modelId: wanted.model.id, workloadId: workload.workloadId });
  const measured = new Set(runs.map((run) => run.configuration.configurationId));
  const highlight = query.highlight.filter((id) => measured.has(id));
  if (highlight.length < query.highlight.length) {
    problems.push("The link emphasises a configuration that was not measured here: left out.");
  }
  const known = withNamedAccelerators(query.question, accelerators);
  problems.push(...known.problems);
  const used = new Set(runs.map((run) => run.configuration.accelerator));
  const data: ExplorerData = {
    revision,
    newestRevision: newest.id,
    loadPoints,
    models: models.map(({ model, loadPoints: points, accelerators: on }) => ({
      id: model.id,
      displayName: model.displayName,
      family: model.family,
      loadPoints: points,
      totalParametersBillions: model.totalParametersBillions,
      activeParametersBillions: model.activeParametersBillions,
      accelerators: on,
    })),
    workloads: workloads,
    model: wanted?.model ?? null,
    workload,
    runs: packRuns([]),
    summary: null,
    distinctions: {},
    keptOff: {},
    caveats: {},
    prices: prices.filter((price) => used.has(price.acceleratorId)),
    accelerators: accelerators
      .filter((accelerator) => used.has(accelerator.id))
      // Only the server places pods.
      .map((accelerator) => ({ ...accelerator, hardware: null })),
    acceleratorIds: known.ids,
    acceleratorNames: accelerators.map(({ id, shortName }) => ({ id, shortName })),
    catalogueModels: wanted === undefined ? [] : [wanted.model],
    deployable: [],
    query: {
      ...query,
      question: known.question,
      model: wanted?.model.id ?? query.model,
      workload: workload?.workloadId ?? query.workload,
      highlight,
    },
    problems,
    shareSlug: null,
    newer: null,
    purge: null,
  };
  return withRuns(data, runs, manifestsFor(wanted?.model ?? null, accelerators));
}

/** What a link without a model opens with: a model that many accelerators were measured on, served by vLLM among others. */
const FIRST_MODEL = "openai/gpt-oss-120b";

function firstModel(models: readonly ListedModel[]): ListedModel | undefined {
  return models.find((item) => item.model.id === FIRST_MODEL && item.loadPoints > 0) ?? models[0];
}

/** Whether manifests can be made for a configuration of a model. */
function manifestsFor(
  model: Model | null,
  accelerators: readonly Accelerator[],
): (configuration: Configuration) => boolean {
  const byId = new Map(accelerators.map((accelerator) => [accelerator.id, accelerator]));
  return (configuration) => {
    const accelerator = byId.get(configuration.accelerator);
    if (accelerator === undefined) return false;
    const options = completeOptions(readableOptions({}, { configuration, accelerator }), accelerator);
    return manifestRefusal({ configuration, accelerator, model, options }) === null;
  };
}
