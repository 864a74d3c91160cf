import { z } from "zod";
import { redactSecrets, redactText, withoutSecretName } from "../../lib/redact/redact";
import { RedactingStream } from "../../lib/redact/redact-stream";
import type { Database } from "../handle";
import type { StoredReport } from "../queries/get-report";
import { gzipMember } from "./file-to-store";

/** Columns with texts that come from files, folders or people. */
const TEXT_COLUMNS: { table: string; texts: string[]; json: string[] }[] = [
  { table: "ingest", texts: ["reason"], json: ["problems", "skipped"] },
  { table: "revision", texts: ["reason"], json: [] },
  { table: "purge", texts: ["reason"], json: [] },
  { table: "report", texts: ["file_name"], json: [] },
  { table: "run_report", texts: ["file_name"], json: [] },
  { table: "run", texts: ["tool", "tool_version", "source_name", "source_url", "licence", "series_key"], json: [] },
  { table: "load_point", texts: ["source_ref", "report_at"], json: [] },
  { table: "load_point_detail", texts: [], json: ["extras"] },
];

/** A row with a secret in its texts, and the texts without it. */
export interface SecretRow {
  table: string;
  rowid: number;
  values: Record<string, string>;
}

/** Rows with texts in which something looks like a secret by today's rules. */
export function* rowsWithSecrets(db: Database): Generator<SecretRow> {
  for (const { table, texts, json } of TEXT_COLUMNS) {
    const columns = [...texts, ...json];
    const rows = db.$client
      .prepare<[], [number, ...(string | null)[]]>(`SELECT rowid, ${columns.join(", ")} FROM ${table}`)
      .raw()
      .all();
    for (const [rowid, ...values] of rows) {
      const changed: Record<string, string> = {};
      for (const [index, column] of columns.entries()) {
        const value = values[index] ?? "";
        const { text, redacted } = redactText(value, index < texts.length ? "text" : "json");
        if (redacted.length > 0) changed[column] = text;
      }
      if (Object.keys(changed).length > 0) yield { table, rowid, values: changed };
    }
  }
}

/** A stored report searched again: its bytes without what looks like a secret by today's rules, in gzip members. */
export interface ReportWithoutSecrets {
  parts: Uint8Array[];
  /** What was blanked now; empty where nothing was found. */
  found: string[];
  /** What was blanked before, named so that no name holds a secret. */
  before: string[];
}

export function reportWithoutSecrets(report: StoredReport): ReportWithoutSecrets {
  const before = report.redacted.map(withoutSecretName);
  const [first, second] = report.parts();
  if (first !== undefined && second === undefined) {
    const { bytes, redacted } = redactSecrets(first, report.fileName);
    return { parts: [gzipMember(bytes)], found: redacted, before };
  }
  const stream = new RedactingStream();
  const parts: Uint8Array[] = [];
  for (const bytes of report.parts()) parts.push(...stream.push(bytes).map(gzipMember));
  parts.push(...stream.end().map(gzipMember));
  return { parts, found: stream.redacted, before };
}

const pragmaRows = z.array(z.record(z.string(), z.unknown()));

/** What SQLite's own checks say, a sentence each; none where the file is whole. */
export function sqliteFaults(db: Database): string[] {
  const integrity = pragmaRows.parse(db.$client.pragma("integrity_check")).map((row) => String(row.integrity_check));
  const references = pragmaRows.parse(db.$client.pragma("foreign_key_check"));
  return [
    ...integrity.filter((line) => line !== "ok").map((line) => `SQLite's integrity check says: ${line}.`),
    ...references.map((row) => `A row of ${row.table} refers to a row of ${row.parent} that is not there.`),
  ];
}
