import { eq } from "drizzle-orm";
import type { Database } from "../handle";
import { report, reportPart } from "../schema";
import { insertReportPart } from "./store-reports";

/**
 * Puts a row in the place of another, for what may never be kept: rows are append-only, so the old one is deleted. What refers to
 * it stays. Call inside a write transaction. In plain SQL: any table, by SQLite's own number of the row.
 * @param values columns that change, by their names in the database
 */
export function replaceRow(db: Database, table: string, rowid: number, values: Record<string, unknown>): void {
  db.$client.pragma("defer_foreign_keys = ON");
  const row = db.$client.prepare<[number], object>(`SELECT * FROM ${table} WHERE rowid = ?`).get(rowid);
  if (row === undefined) return;
  db.$client.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(rowid);
  const fresh = { ...row, ...values };
  const columns = Object.keys(fresh);
  db.$client
    .prepare<unknown[]>(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
    .run(...Object.values(fresh));
}

/**
 * The same for the content of a report, in gzip members.
 * @param byteLength of the original bytes, where that changes, too
 */
export function replaceContent(
  db: Database,
  sha256: string,
  parts: Iterable<Uint8Array>,
  redacted: readonly string[],
  byteLength?: number,
): void {
  const row = db.select().from(report).where(eq(report.sha256, sha256)).get();
  if (row === undefined) return;
  db.delete(reportPart).where(eq(reportPart.sha256, sha256)).run();
  let ordinal = 0;
  for (const part of parts) {
    const content = Buffer.from(part);
    if (ordinal === 0) {
      db.$client.pragma("defer_foreign_keys = ON");
      db.delete(report).where(eq(report.sha256, sha256)).run();
      db.insert(report)
        .values({ ...row, content, redacted: [...redacted], byteLength: byteLength ?? row.byteLength })
        .run();
    } else insertReportPart(db, { sha256, ordinal, content });
    ordinal++;
  }
}
