import { asc, countDistinct, eq, sum } from "drizzle-orm";
import type { Model } from "../../lib/catalogue/catalogue";
import { compareText } from "../../lib/compare-text";
import { modelColumns } from "../columns";
import type { Database } from "../handle";
import { perRevision } from "../per-revision";
import { configuration, model as modelTable, run } from "../schema";
import { catalogueAt, runsAt } from "../valid-at";

export interface ListedModel {
  model: Model;
  loadPoints: number;
  configurations: number;
  /** Catalogue ids of the accelerators it was measured on, sorted. */
  accelerators: string[];
}

/** The models of the catalogue at a revision. */
export async function listCatalogueModels(db: Database, revision: number): Promise<Model[]> {
  return db.select(modelColumns).from(modelTable).where(catalogueAt(modelTable, revision));
}

/** All models of the catalogue at a revision with how much was measured of each; most data first, then by id. */
export async function listModels(db: Database, revision: number): Promise<readonly ListedModel[]> {
  return modelLists.get(db, revision);
}

/** Counting goes through all runs: it is done once a revision. */
export const modelLists = perRevision(countedModels);

async function countedModels(db: Database, revision: number): Promise<readonly ListedModel[]> {
  const groups = await db
    .select({
      model: configuration.model,
      accelerator: configuration.accelerator,
      loadPoints: sum(run.loadPoints).mapWith(Number),
      configurations: countDistinct(run.configurationId),
    })
    .from(run)
    .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
    .where(runsAt(revision))
    .groupBy(configuration.model, configuration.accelerator)
    .orderBy(asc(configuration.accelerator));
  const listed = new Map<string, ListedModel>();
  for (const model of await listCatalogueModels(db, revision)) {
    listed.set(model.id, { model, loadPoints: 0, configurations: 0, accelerators: [] });
  }
  for (const group of groups) {
    const entry = listed.get(group.model);
    if (entry === undefined) continue;
    entry.loadPoints += group.loadPoints;
    entry.configurations += group.configurations;
    entry.accelerators.push(group.accelerator);
  }
  return [...listed.values()].sort((a, b) => b.loadPoints - a.loadPoints || compareText(a.model.id, b.model.id));
}
