import { asc } from "drizzle-orm";
import type { Accelerator } from "../../lib/domain";
import type { Database } from "../client";
import { acceleratorFromRow } from "../rows";
import { accelerator } from "../schema";
import { catalogueAt } from "../valid-at";

/** The accelerators of the catalogue at a revision, by id. */
export async function listAccelerators(db: Database, revision: number): Promise<Accelerator[]> {
  return db
    .select()
    .from(accelerator)
    .where(catalogueAt(accelerator, revision))
    .orderBy(asc(accelerator.accelerator_id))
    .all()
    .map(acceleratorFromRow);
}
