import path from "node:path";
import { gzipSync } from "node:zlib";
import { redactSecrets } from "../../lib/ingest/redact";
import type { ReportFile } from "../../lib/ingest/report";
import type { Database } from "../handle";
import { insertRow } from "./insert-row";
import { exists } from "./prepared";

const MEDIA_TYPES: Record<string, string> = {
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".csv": "text/csv",
  ".txt": "text/plain",
};

/**
 * Stores a file's bytes under the hash of the original, secrets blanked, once.
 * The hash stays that of the original, so that the same file is recognised when it comes again.
 */
export function storeReport(db: Database, sha256: string, file: ReportFile): void {
  if (exists(db, "SELECT 1 FROM report WHERE sha256 = ?", sha256)) return;
  const { bytes, redacted } = redactSecrets(file.bytes, file.path);
  insertRow(db, "report", {
    sha256,
    file_name: path.posix.basename(file.path),
    media_type: MEDIA_TYPES[path.posix.extname(file.path).toLowerCase()] ?? "application/octet-stream",
    byte_length: file.bytes.byteLength,
    content: gzipSync(bytes),
    redacted: JSON.stringify(redacted),
  });
}
