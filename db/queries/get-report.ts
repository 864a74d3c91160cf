import { gunzipSync } from "node:zlib";
import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../client";
import { report } from "../schema";

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

const redactedList = z.array(z.string());

/** The bytes a figure was read from; `null` when no such report is stored. */
export async function getReport(db: Database, sha256: string): Promise<StoredReport | null> {
  const row = db.select().from(report).where(eq(report.sha256, sha256)).get();
  if (row === undefined) return null;
  return {
    sha256: row.sha256,
    fileName: row.file_name,
    mediaType: row.media_type,
    byteLength: row.byte_length,
    redacted: redactedList.parse(JSON.parse(row.redacted)),
    *parts() {
      yield gunzipSync(row.content);
      const next = db.$client.prepare<[string, number], { content: Buffer }>(
        "SELECT content FROM report_part WHERE sha256 = ? AND ordinal = ?",
      );
      for (let ordinal = 1; ; ordinal++) {
        const part = next.get(sha256, ordinal);
        if (part === undefined) return;
        yield gunzipSync(part.content);
      }
    },
  };
}
