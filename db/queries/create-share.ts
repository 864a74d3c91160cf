import { randomInt } from "node:crypto";
import type { Database } from "../client";

/** Letters and digits that are not mistaken for one another. */
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** 58^10 ≈ 4 × 10^17: nobody finds another's link by trying. */
const SLUG_LENGTH = 10;

function randomSlug(): string {
  return Array.from({ length: SLUG_LENGTH }, () => BASE58[randomInt(BASE58.length)]).join("");
}

/**
 * Makes a short link's slug for a query at a revision; the same query at the same revision has one slug.
 * @param query canonical search string without `?`
 */
export async function createShare(db: Database, query: string, revision: number): Promise<string> {
  const create = db.$client.transaction((): string => {
    const known = db.$client
      .prepare<[string, number], { slug: string }>("SELECT slug FROM share WHERE query = ? AND revision = ?")
      .get(query, revision);
    if (known !== undefined) return known.slug;
    const slug = randomSlug();
    db.$client
      .prepare("INSERT INTO share (slug, query, revision, created_at) VALUES (?, ?, ?, ?)")
      .run(slug, query, revision, new Date().toISOString());
    return slug;
  });
  return create.immediate();
}
