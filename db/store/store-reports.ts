import path from "node:path";
import { withoutSecrets } from "../../lib/redact/redact";
import type { Database } from "../handle";
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

const insertReport = insertInto(report, "ignore");
export const insertReportPart = insertInto(reportPart);

/**
 * Stores a file's bytes under the hash of the original, secrets blanked, once.
 * The hash stays that of the original, so that the same file is recognised when it comes again.
 */
export function storeReport(db: Database, file: FileToStore): void {
  const { sha256 } = file;
  const { parts, redacted } = file.content();
  let ordinal = 0;
  for (const part of parts) {
    const content = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    if (ordinal === 0) {
      const row = {
        sha256,
        fileName: withoutSecrets(path.posix.basename(file.path)),
        mediaType: MEDIA_TYPES[path.posix.extname(file.path).toLowerCase()] ?? "application/octet-stream",
        byteLength: file.byteLength,
        content,
        redacted: [...redacted],
      };
      if (!insertReport(db, row)) return;
    } else {
      insertReportPart(db, { sha256, ordinal, content });
    }
    ordinal++;
  }
  if (ordinal === 0) throw new Error(`The report ${file.path} has no content to store.`);
}
