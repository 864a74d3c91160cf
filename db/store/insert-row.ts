import type { Database } from "../handle";
import { LOAD_POINT_COLUMNS } from "../load-point-row";
import { prepared, type Value } from "./prepared";

function insertSql(table: string, columns: readonly string[], onConflict: "" | "DO NOTHING"): string {
  const conflict = onConflict === "" ? "" : ` ON CONFLICT ${onConflict}`;
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})${conflict}`;
}

/** The last statement for each table, with its columns. */
const INSERTS = new Map<string, { columns: string[]; text: string }>();

/**
 * Inserts one row whose keys are column names; the statement is prepared once (drizzle builds it anew for every row).
 * @returns false where the row was there already and nothing is done about it
 */
export function insertRow(db: Database, table: string, row: object, onConflict: "" | "DO NOTHING" = ""): boolean {
  const columns = Object.keys(row);
  const values: Value[] = Object.values(row);
  // The rows of a table always have the same columns in the same order.
  const key = `${table} ${columns.length} ${onConflict}`;
  let sql = INSERTS.get(key);
  if (sql === undefined || sql.columns.some((column, index) => column !== columns[index])) {
    sql = { columns, text: insertSql(table, columns, onConflict) };
    INSERTS.set(key, sql);
  }
  return prepared(db, sql.text).run(...values).changes > 0;
}

const INSERT_LOAD_POINT = insertSql("load_point", LOAD_POINT_COLUMNS, "");

/** Inserts one load point from its values in the order of the columns. */
export function insertLoadPoint(db: Database, values: readonly Value[]): void {
  prepared(db, INSERT_LOAD_POINT).run(...values);
}
