import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../handle";
import { preparedQuestion } from "../per-handle";
import { report, reportPart } from "../schema";

/** Away from the main thread: a part may hold very many bytes. */
const unpack = promisify<Uint8Array, Buffer>(gunzip);

export interface StoredReport {
  /** Of the original bytes; the content differs from them where `redacted` says so. */
  sha256: string;
  fileName: string;
  mediaType: string;
  /** Of the original bytes. */
  byteLength: number;
  /** What was blanked before storing, in words. */
  redacted: string[];
  /** Whether the content stands in more than one part. */
  hasManyParts: boolean;
  /** The content, a part at a time: a report may be larger than memory. */
  parts(): AsyncIterable<Uint8Array>;
}

/** The bytes a figure was read from; `null` when no such report is stored. */
export async function getReport(db: Database, sha256: string): Promise<StoredReport | null> {
  const [row] = await db.select().from(report).where(eq(report.sha256, sha256));
  if (row === undefined) return null;
  const { content, ...facts } = row;
  const [second] = await partOf(db, { sha256, ordinal: 1 });
  return {
    ...facts,
    hasManyParts: second !== undefined,
    async *parts() {
      yield await unpack(content);
      for (let ordinal = 1; ; ordinal++) {
        const [part] = await partOf(db, { sha256, ordinal });
        if (part === undefined) return;
        yield await unpack(part.content);
      }
    },
  };
}

const partOf = preparedQuestion((db) =>
  db
    .select({ content: reportPart.content })
    .from(reportPart)
    .where(and(eq(reportPart.sha256, sql.placeholder("sha256")), eq(reportPart.ordinal, sql.placeholder("ordinal")))),
);
