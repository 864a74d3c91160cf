import { and, gt, isNull, lte, or, type SQL } from "drizzle-orm";
import { type accelerator, type hardware, type machine, type model, type price, run } from "./schema";

/** Runs valid at a revision: added by then and not yet retired. */
export function runsAt(revision: number): SQL | undefined {
  return and(
    lte(run.added_in_revision, revision),
    or(isNull(run.retired_in_revision), gt(run.retired_in_revision, revision)),
  );
}

/** Rows of a catalogue table valid at a revision. */
export function catalogueAt(
  table: typeof model | typeof accelerator | typeof hardware | typeof machine | typeof price,
  revision: number,
): SQL | undefined {
  return and(
    lte(table.added_in_revision, revision),
    or(isNull(table.left_in_revision), gt(table.left_in_revision, revision)),
  );
}

/** The same condition for plain SQL over a table named `run`; takes the revision twice. */
export const RUN_VALID_SQL =
  "run.added_in_revision <= ? AND (run.retired_in_revision IS NULL OR run.retired_in_revision > ?)";
