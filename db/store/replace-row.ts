import type { Database } from "../handle";
import { insertRow } from "./insert-row";

/**
 * Puts a row in the place of another, for what may never be kept: rows are append-only, so the old one is deleted. What refers to
 * it stays. Call inside a write transaction.
 * @param values columns that change
 */
export function replaceRow(db: Database, table: string, rowid: number, values: object): void {
  db.$client.pragma("defer_foreign_keys = ON");
  const row = db.$client.prepare<[number], object>(`SELECT * FROM ${table} WHERE rowid = ?`).get(rowid);
  if (row === undefined) return;
  db.$client.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(rowid);
  insertRow(db, table, { ...row, ...values });
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
  const rowid = db.$client.prepare<[string], number>("SELECT rowid FROM report WHERE sha256 = ?").pluck().get(sha256);
  if (rowid === undefined) return;
  db.$client.prepare("DELETE FROM report_part WHERE sha256 = ?").run(sha256);
  let ordinal = 0;
  for (const part of parts) {
    const content = Buffer.from(part);
    if (ordinal === 0) {
      const length = byteLength === undefined ? {} : { byte_length: byteLength };
      replaceRow(db, "report", rowid, { content, redacted: JSON.stringify(redacted), ...length });
    } else insertRow(db, "report_part", { sha256, ordinal, content });
    ordinal++;
  }
}
