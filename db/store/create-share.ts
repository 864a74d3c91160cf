import { randomInt } from "node:crypto";
import { and, eq } from "drizzle-orm";
import type { Database } from "../handle";
import { share } from "../schema";

/** Letters and digits that are not mistaken for one another. */
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** 58^10 ≈ 4 × 10^17: nobody finds someone else's link by guessing. */
const SLUG_LENGTH = 10;

function randomSlug(): string {
  return Array.from({ length: SLUG_LENGTH }, () => BASE58[randomInt(BASE58.length)]).join("");
}

/** The slug of a query at a revision, where it has one. */
export async function findShare(db: Database, query: string, revision: number): Promise<string | null> {
  return knownSlug(db, query, revision);
}

async function knownSlug(db: Database, query: string, revision: number): Promise<string | null> {
  const [known] = await db
    .select({ slug: share.slug })
    .from(share)
    .where(and(eq(share.query, query), eq(share.revision, revision)));
  return known?.slug ?? null;
}

/**
 * Makes a short link's slug for a query at a revision; the same query at the same revision has one slug.
 * @param query canonical search string without `?`
 */
export async function createShare(db: Database, query: string, revision: number): Promise<string> {
  const known = await knownSlug(db, query, revision);
  if (known !== null) return known;
  return db.engine.write(async (tx) => {
    const meanwhile = await knownSlug(tx, query, revision);
    if (meanwhile !== null) return meanwhile;
    const slug = randomSlug();
    await tx.insert(share).values({ slug, query, revision, createdAt: new Date().toISOString() });
    return slug;
  });
}
