import { asc } from "drizzle-orm";
import type { Model } from "../../lib/catalogue/catalogue";
import { compareText } from "../../lib/compare-text";
import { modelColumns } from "../columns";
import type { Database } from "../handle";
import { perRevision } from "../per-revision";
import { coverage, model as modelTable } from "../schema";
import { catalogueAt } from "../valid-at";

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

/** Worked out once a revision: every page has it. */
export const modelLists = perRevision(countedModels);

async function countedModels(db: Database, revision: number): Promise<readonly ListedModel[]> {
  const counts = await db
    .select({
      model: coverage.model,
      accelerator: coverage.accelerator,
      loadPoints: coverage.loadPoints,
      configurations: coverage.configurations,
    })
    .from(coverage)
    .where(catalogueAt(coverage, revision))
    .orderBy(asc(coverage.accelerator));
  const listed = new Map<string, ListedModel>();
  for (const model of await listCatalogueModels(db, revision)) {
    listed.set(model.id, { model, loadPoints: 0, configurations: 0, accelerators: [] });
  }
  for (const count of counts) {
    const entry = listed.get(count.model);
    if (entry === undefined) continue;
    entry.loadPoints += count.loadPoints;
    entry.configurations += count.configurations;
    entry.accelerators.push(count.accelerator);
  }
  return [...listed.values()].sort((a, b) => b.loadPoints - a.loadPoints || compareText(a.model.id, b.model.id));
}
