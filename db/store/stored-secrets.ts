import { getTableColumns, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { redactSecrets, redactText, withoutSecretName } from "../../lib/redact/redact";
import { RedactingStream } from "../../lib/redact/redact-stream";
import type { Database } from "../handle";
import type { StoredReport } from "../queries/get-report";
import { ingest, loadPoint, loadPointDetail, purge, report, revision, run, runGroup, runReport } from "../schema";
import { gzipMember } from "./file-to-store";
import { keyColumns } from "./key-columns";

/** Columns with texts that come from files, folders or people, by their names in db/schema.ts. */
const TEXT_COLUMNS: { name: string; table: SQLiteTable; texts: string[]; json: string[] }[] = [
  { name: "ingest", table: ingest, texts: ["reason"], json: ["problems", "skipped"] },
  { name: "revision", table: revision, texts: ["reason"], json: [] },
  { name: "purge", table: purge, texts: ["reason"], json: [] },
  { name: "report", table: report, texts: ["fileName"], json: [] },
  { name: "run_report", table: runReport, texts: ["fileName"], json: [] },
  {
    name: "run",
    table: run,
    texts: ["tool", "toolVersion", "sourceName", "sourceUrl", "licence", "seriesKey"],
    json: [],
  },
  { name: "run_group", table: runGroup, texts: ["sourceName"], json: [] },
  { name: "load_point", table: loadPoint, texts: ["sourceRef", "reportAt"], json: [] },
  { name: "load_point_detail", table: loadPointDetail, texts: [], json: ["extras"] },
];

/** A row with a secret in its texts, and the texts without it. */
export interface SecretRow {
  /** Name of the table in the database. */
  tableName: string;
  table: SQLiteTable;
  /** Its primary key, by the names of db/schema.ts. */
  key: Record<string, unknown>;
  values: Record<string, string>;
}

/** Rows looked at in one question. */
const ROWS_AT_ONCE = 5000;

/** Rows with texts in which something looks like a secret by today's rules. */
export async function* rowsWithSecrets(db: Database): AsyncGenerator<SecretRow> {
  for (const { name, table, texts, json } of TEXT_COLUMNS) {
    const names = keyColumns(table);
    const columns = getTableColumns(table);
    // As the columns hold them: JSON as its text.
    const held = (some: readonly string[]) => some.map((key) => [key, sql<unknown>`${columns[key]}`] as const);
    const selected = Object.fromEntries(held([...names, ...texts, ...json]));
    const order = names.map((key) => sql`${columns[key]}`);
    for (let last: readonly unknown[] | null = null; ; ) {
      const rows: Record<string, unknown>[] = await db
        .select(selected)
        .from(table)
        .where(
          last === null
            ? undefined
            : sql`(${sql.join(order, sql`, `)}) > (${sql.join(
                last.map((value) => sql`${value}`),
                sql`, `,
              )})`,
        )
        .orderBy(...order)
        .limit(ROWS_AT_ONCE);
      for (const row of rows) {
        const values = blanked(row, texts, json);
        const key = Object.fromEntries(names.map((column) => [column, row[column]]));
        if (values !== null) yield { tableName: name, table, key, values };
      }
      if (rows.length < ROWS_AT_ONCE) break;
      last = names.map((column) => rows.at(-1)?.[column]);
    }
  }
}

/** The texts of a row in which something was found, without it; `null` where nothing was. */
function blanked(row: Readonly<Record<string, unknown>>, texts: readonly string[], json: readonly string[]) {
  const changed: Record<string, string> = {};
  for (const column of [...texts, ...json]) {
    const { text, redacted } = redactText(String(row[column] ?? ""), texts.includes(column) ? "text" : "json");
    if (redacted.length > 0) changed[column] = text;
  }
  return Object.keys(changed).length === 0 ? null : changed;
}

/** A stored report searched again: its bytes without what looks like a secret by today's rules, in gzip members. */
export interface ReportWithoutSecrets {
  parts: Uint8Array[];
  /** What was blanked now; empty where nothing was found. */
  found: string[];
  /** What was blanked before, named so that no name holds a secret. */
  before: string[];
}

export async function reportWithoutSecrets(stored: StoredReport): Promise<ReportWithoutSecrets> {
  const before = stored.redacted.map(withoutSecretName);
  if (!stored.hasManyParts) {
    for await (const part of stored.parts()) {
      const { bytes, redacted } = redactSecrets(part, stored.fileName);
      return { parts: [gzipMember(bytes)], found: redacted, before };
    }
  }
  const stream = new RedactingStream();
  const parts: Uint8Array[] = [];
  for await (const bytes of stored.parts()) parts.push(...stream.push(bytes).map(gzipMember));
  parts.push(...stream.end().map(gzipMember));
  return { parts, found: stream.redacted, before };
}
