import { and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "../handle";
import { report, reportPart } from "../schema";
import { keyColumns } from "./key-columns";
import { insertReportPart } from "./store-reports";

/**
 * Puts a row in the place of another, for what may never be kept: rows are append-only, so the old one is deleted. What refers to
 * it stays. Call inside a write transaction.
 * @param key values of the columns of the table's primary key, by their names in db/schema.ts
 * @param values what columns hold that change, by the same names
 */
export async function replaceRow(
  db: Database,
  table: SQLiteTable,
  key: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.engine.deferReferences();
  const isRow = isRowOf(table, key);
  // As the columns hold them: what a value of ours leaves out of a text is kept.
  const columns = Object.entries(getTableColumns(table));
  const held = Object.fromEntries(columns.map(([name, column]) => [name, sql<unknown>`${column}`]));
  const [row] = await db.select(held).from(table).where(isRow);
  if (row === undefined) return;
  await db.delete(table).where(isRow);
  const fresh = columns.map(([name]) => (name in values ? values[name] : row[name]));
  await db.engine.insertLists(table, [fresh], "fail");
}

function isRowOf(table: SQLiteTable, key: Readonly<Record<string, unknown>>): SQL | undefined {
  const columns = getTableColumns(table);
  const conditions = keyColumns(table).map((name) => sql`${columns[name]} = ${key[name]}`);
  return and(...conditions);
}

/**
 * The same for the content of a report, in gzip members.
 * @param byteLength of the original bytes, where that changes, too
 */
export async function replaceContent(
  db: Database,
  sha256: string,
  parts: Iterable<Uint8Array>,
  redacted: readonly string[],
  byteLength?: number,
): Promise<void> {
  const [row] = await db.select().from(report).where(eq(report.sha256, sha256));
  if (row === undefined) return;
  await db.delete(reportPart).where(eq(reportPart.sha256, sha256));
  let ordinal = 0;
  for (const part of parts) {
    const content = Buffer.from(part);
    if (ordinal === 0) {
      await db.engine.deferReferences();
      await db.delete(report).where(eq(report.sha256, sha256));
      await db
        .insert(report)
        .values({ ...row, content, redacted: [...redacted], byteLength: byteLength ?? row.byteLength });
    } else await insertReportPart(db, [{ sha256, ordinal, content }]);
    ordinal++;
  }
}
