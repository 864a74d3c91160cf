import { and, eq } from "drizzle-orm";
import type { Model } from "../../lib/catalogue/catalogue";
import { modelColumns } from "../columns";
import type { Database } from "../handle";
import { model } from "../schema";
import { catalogueAt } from "../valid-at";

/** A model of the catalogue at a revision, by its Hugging Face id; `null` when it is not there. */
export async function getModel(db: Database, revision: number, id: string): Promise<Model | null> {
  const [row] = await db
    .select(modelColumns)
    .from(model)
    .where(and(eq(model.id, id), catalogueAt(model, revision)));
  return row ?? null;
}
