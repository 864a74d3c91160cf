import { asc } from "drizzle-orm";
import type { Price } from "../../lib/domain";
import type { Database } from "../client";
import { priceFromRow } from "../rows";
import { price } from "../schema";
import { catalogueAt } from "../valid-at";

/** The prices of the catalogue at a revision, by accelerator, provider, kind and id. */
export async function listPrices(db: Database, revision: number): Promise<Price[]> {
  return db
    .select()
    .from(price)
    .where(catalogueAt(price, revision))
    .orderBy(asc(price.accelerator_id), asc(price.provider), asc(price.kind), asc(price.price_id))
    .all()
    .map(priceFromRow);
}
