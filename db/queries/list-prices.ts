import { asc } from "drizzle-orm";
import type { Price } from "../../lib/catalogue/catalogue";
import { priceColumns } from "../columns";
import type { Database } from "../handle";
import { perRevision } from "../per-revision";
import { price } from "../schema";
import { catalogueAt } from "../valid-at";

/** The prices of the catalogue at a revision, by accelerator, provider, kind and id. */
export async function listPrices(db: Database, revision: number): Promise<readonly Price[]> {
  return prices.get(db, revision);
}

const prices = perRevision<readonly Price[]>((db, revision) =>
  db
    .select(priceColumns)
    .from(price)
    .where(catalogueAt(price, revision))
    .orderBy(asc(price.acceleratorId), asc(price.provider), asc(price.kind), asc(price.priceId)),
);
