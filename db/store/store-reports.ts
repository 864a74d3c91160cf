import path from "node:path";
import { withoutSecrets } from "../../lib/redact/redact";
import type { Database } from "../handle";
import type { FileToStore } from "./file-to-store";
import { insertRow } from "./insert-row";

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
export function storeReport(db: Database, file: FileToStore): void {
  const { sha256 } = file;
  const { parts, redacted } = file.content();
  let ordinal = 0;
  for (const part of parts) {
    const content = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    if (ordinal === 0) {
      const row = {
        sha256,
        file_name: withoutSecrets(path.posix.basename(file.path)),
        media_type: MEDIA_TYPES[path.posix.extname(file.path).toLowerCase()] ?? "application/octet-stream",
        byte_length: file.byteLength,
        content,
        redacted: JSON.stringify(redacted),
      };
      if (!insertRow(db, "report", row, "DO NOTHING")) return;
    } else {
      insertRow(db, "report_part", { sha256, ordinal, content });
    }
    ordinal++;
  }
  if (ordinal === 0) throw new Error(`The report ${file.path} has no content to store.`);
}
