import path from "node:path";
import { inArray } from "drizzle-orm";
import { withoutSecrets } from "../../lib/redact/redact";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
import { insertInto } from "../per-handle";
import { report, reportPart } from "../schema";
import type { FileToStore } from "./file-to-store";

const MEDIA_TYPES: Record<string, string> = {
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".csv": "text/csv",
  ".txt": "text/plain",
};

/** Reports are inserted so many at a time, and no more than this of their content stands in memory for it. */
const REPORTS_AT_ONCE = 500;
const BYTES_AT_ONCE = 4 * 1024 * 1024;

const insertReports = insertInto(report, "ignore");
export const insertReportPart = insertInto(reportPart);

/**
 * Stores files' bytes under the hash of the original, secrets blanked, each once.
 * The hash stays that of the original, so that the same file is recognised when it comes again. Call inside a write transaction.
 */
export async function storeReports(db: Database, files: Iterable<FileToStore>): Promise<void> {
  const wanted = new Map([...files].map((file) => [file.sha256, file]));
  const stored = await inChunks([...wanted.keys()], (some) =>
    db.select({ sha256: report.sha256 }).from(report).where(inArray(report.sha256, some)),
  );
  for (const { sha256 } of stored) wanted.delete(sha256);
  let rows: (typeof report.$inferSelect)[] = [];
  let bytes = 0;
  const flush = async () => {
    await insertReports(db, rows);
    rows = [];
    bytes = 0;
  };
  for (const file of wanted.values()) {
    const { sha256 } = file;
    const { parts, redacted } = file.content();
    let ordinal = 0;
    for (const part of parts) {
      const content = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
      if (ordinal === 0) {
        rows.push({
          sha256,
          fileName: withoutSecrets(path.posix.basename(file.path)),
          mediaType: MEDIA_TYPES[path.posix.extname(file.path).toLowerCase()] ?? "application/octet-stream",
          byteLength: file.byteLength,
          content,
          redacted: [...redacted],
        });
        bytes += content.length;
      } else {
        await flush();
        await insertReportPart(db, [{ sha256, ordinal, content }]);
      }
      ordinal++;
    }
    if (ordinal === 0) throw new Error(`The report ${file.path} has no content to store.`);
    if (rows.length >= REPORTS_AT_ONCE || bytes >= BYTES_AT_ONCE) await flush();
  }
  await flush();
}
