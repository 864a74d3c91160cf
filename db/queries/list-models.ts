import { compareText } from "../../lib/compare-text";
import type { Model } from "../../lib/domain";
import type { Database } from "../client";
import { perRevision } from "../per-revision";
import { modelFromRow } from "../rows";
import { model as modelTable } from "../schema";
import { catalogueAt, RUN_VALID_SQL } from "../valid-at";

export interface ListedModel {
  model: Model;
  loadPoints: number;
  configurations: number;
  /** Catalogue ids of the accelerators it was measured on, sorted. */
  accelerators: string[];
}

interface GroupRow {
  model: string;
  accelerator: string;
  load_points: number;
  configurations: number;
}

/** The models of the catalogue at a revision. */
export function listCatalogueModels(db: Database, revision: number): Model[] {
  return db.select().from(modelTable).where(catalogueAt(modelTable, revision)).all().map(modelFromRow);
}

/** All models of the catalogue at a revision with how much was measured of each; most data first, then by id. */
export async function listModels(db: Database, revision: number): Promise<readonly ListedModel[]> {
  return modelLists.get(db, revision);
}

/** Counting goes through all runs: it is done once a revision. */
export const modelLists = perRevision(countedModels);

function countedModels(db: Database, revision: number): readonly ListedModel[] {
  const groups = db.$client
    .prepare<[number, number], GroupRow>(
      `SELECT configuration.model, configuration.accelerator, sum(run.load_points) AS load_points,
              count(DISTINCT run.configuration_id) AS configurations
       FROM run JOIN configuration ON configuration.configuration_id = run.configuration_id
       WHERE ${RUN_VALID_SQL}
       GROUP BY configuration.model, configuration.accelerator
       ORDER BY configuration.accelerator`,
    )
    .all(revision, revision);
  const listed = new Map<string, ListedModel>();
  for (const model of listCatalogueModels(db, revision)) {
    listed.set(model.id, { model, loadPoints: 0, configurations: 0, accelerators: [] });
  }
  for (const group of groups) {
    const entry = listed.get(group.model);
    if (entry === undefined) continue;
    entry.loadPoints += group.load_points;
    entry.configurations += group.configurations;
    entry.accelerators.push(group.accelerator);
  }
  return [...listed.values()].sort((a, b) => b.loadPoints - a.loadPoints || compareText(a.model.id, b.model.id));
}
