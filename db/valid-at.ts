import { and, asc, desc, gt, isNull, lte, or, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { CatalogueTable } from "./columns";
import { type coverage, run } from "./schema";

/** Runs valid at a revision: added by then and not yet retired. */
export function runsAt(revision: number | Placeholder): SQL | undefined {
  return and(
    lte(run.addedInRevision, revision),
    or(isNull(run.retiredInRevision), gt(run.retiredInRevision, revision)),
  );
}

/** Rows of a catalogue table, or counts, valid at a revision. */
export function catalogueAt(table: CatalogueTable | typeof coverage, revision: number): SQL | undefined {
  return and(
    lte(table.addedInRevision, revision),
    or(isNull(table.leftInRevision), gt(table.leftInRevision, revision)),
  );
}

/** Newest measurement first, undated last. */
export const NEWEST_FIRST = [
  sql`${run.measuredOn} desc nulls last`,
  desc(run.addedInRevision),
  asc(run.runId),
] as const;
