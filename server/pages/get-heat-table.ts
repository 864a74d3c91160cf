import type { Database } from "../../db/client";
import type { Revision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listModels } from "../../db/queries/list-models";
import { listPrices } from "../../db/queries/list-prices";
import { listWorkloads } from "../../db/queries/list-workloads";
import { answerOver } from "../../lib/answer/answer";
import { answerCurves } from "../../lib/answer/answer-question";
import { compareText } from "../../lib/compare-text";
import { withTargets } from "../../lib/explorer/explorer-view";
import { type HeatRow, type HeatTable, type HeatValue, heatCells } from "../../lib/explorer/heat-table";
import { withNamedAccelerators } from "../../lib/explorer/name-stock";
import { availableAxes } from "../../lib/frontier/axes";
import type { ExplorerQuery } from "../../lib/params/explorer-params";
import { firstWorkload } from "../../lib/selection/first-workload";
import { keptRuns } from "./kept-runs";

/** Models with most load points; the work grows with all of theirs. */
const MAX_MODELS = 80;

/**
 * Models × accelerators: the best of each under one question. Each model is asked under the workload its page opens with, because
 * no workload was measured for all of them.
 */
export async function getHeatTable(
  db: Database,
  query: ExplorerQuery,
  revision: Revision,
  value: HeatValue,
): Promise<HeatTable> {
  const [models, accelerators, prices] = await Promise.all([
    listModels(db, revision.id),
    listAccelerators(db, revision.id),
    listPrices(db, revision.id),
  ]);
  const measured = models.filter(({ loadPoints }) => loadPoints > 0).sort((a, b) => b.loadPoints - a.loadPoints);
  const { question: named } = withNamedAccelerators(query.question, accelerators);
  const rows: HeatRow[] = [];
  // One after another: each holds the curves of its model only as long as it is answered.
  for (const { model } of measured.slice(0, MAX_MODELS)) {
    const workload = firstWorkload(await listWorkloads(db, revision.id, model.id))?.workload ?? null;
    if (workload === null) continue;
    const runs = await keptRuns(db, revision.id, { modelId: model.id, workloadId: workload.workloadId });
    const curves = answerCurves(runs, { models: [model], accelerators });
    const { slos } = withTargets(query, { curves, first: availableAxes(curves) });
    const { ranking } = answerOver(curves, prices, { ...named, slos: slos ?? [] });
    const on = new Set(curves.map(({ configuration }) => configuration.accelerator));
    rows.push({
      modelId: model.id,
      modelName: model.displayName,
      workloadId: workload.workloadId,
      slos: slos ?? [],
      cells: heatCells(ranking.ranked, on, value, slos ?? []),
    });
  }
  const measuredOn = (id: string) => rows.filter(({ cells }) => cells.has(id)).length;
  const columns = accelerators
    .map(({ id, shortName }) => ({ id, shortName, models: measuredOn(id) }))
    .filter(({ models: count }) => count > 0)
    // Those most was measured on are seen without scrolling.
    .sort((a, b) => b.models - a.models || compareText(a.id, b.id));
  return {
    accelerators: columns.map(({ id, shortName }) => ({ id, shortName })),
    rows,
    modelsLeftOut: Math.max(0, measured.length - MAX_MODELS),
  };
}
