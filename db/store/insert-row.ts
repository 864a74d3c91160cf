import type { Database } from "../handle";
import { LOAD_POINT_COLUMNS } from "../load-point-row";
import { prepared, type Value } from "./prepared";

function insertSql(table: string, columns: readonly string[], onConflict: "" | "DO NOTHING"): string {
  const conflict = onConflict === "" ? "" : ` ON CONFLICT ${onConflict}`;
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})${conflict}`;
}

/** Inserts one row whose keys are column names; the statement is prepared once (drizzle builds it anew for every row). */
export function insertRow(db: Database, table: string, row: object, onConflict: "" | "DO NOTHING" = ""): void {
  const entries: [string, Value][] = Object.entries(row);
  const columns = entries.map(([column]) => column);
  prepared(db, insertSql(table, columns, onConflict)).run(...entries.map(([, value]) => value));
}

const INSERT_LOAD_POINT = insertSql("load_point", LOAD_POINT_COLUMNS, "");

/** Inserts one load point from its values in the order of the columns. */
export function insertLoadPoint(db: Database, values: readonly Value[]): void {
  prepared(db, INSERT_LOAD_POINT).run(...values);
}
