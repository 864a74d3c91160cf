import { gunzipSync } from "node:zlib";
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../handle";
import { perHandle } from "../per-handle";
import { report, reportPart } from "../schema";

export interface StoredReport {
  /** Of the original bytes; the content differs from them where `redacted` says so. */
  sha256: string;
  fileName: string;
  mediaType: string;
  /** Of the original bytes. */
  byteLength: number;
  /** What was blanked before storing, in words. */
  redacted: string[];
  /** The content, a part at a time: a report may be larger than memory. */
  parts(): Iterable<Uint8Array>;
}

/** The bytes a figure was read from; `null` when no such report is stored. */
export async function getReport(db: Database, sha256: string): Promise<StoredReport | null> {
  const [row] = await db.select().from(report).where(eq(report.sha256, sha256));
  if (row === undefined) return null;
  const { content, ...facts } = row;
  return {
    ...facts,
    *parts() {
      yield gunzipSync(content);
      for (let ordinal = 1; ; ordinal++) {
        const part = partOf(db).get({ sha256, ordinal });
        if (part === undefined) return;
        yield gunzipSync(part.content);
      }
    },
  };
}

const partOf = perHandle((db) =>
  db
    .select({ content: reportPart.content })
    .from(reportPart)
    .where(and(eq(reportPart.sha256, sql.placeholder("sha256")), eq(reportPart.ordinal, sql.placeholder("ordinal"))))
    .prepare(),
);
