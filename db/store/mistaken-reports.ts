import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { Database } from "../handle";
import type { FileToStore } from "./file-to-store";
import { prepared } from "./prepared";

/**
 * Files whose hash is stored already, but with other bytes than theirs. Only an export can have brought such a report: where it
 * says that secrets were blanked, its bytes cannot be checked against the original's hash. Those of a file at hand can.
 */
export function filesStoredOtherwise(db: Database, files: readonly FileToStore[]): FileToStore[] {
  return files.filter((file) => {
    if (file.isCarried === true) return false;
    const first = prepared(db, "SELECT content FROM report WHERE sha256 = ? AND redacted <> '[]'")
      .pluck()
      .get(file.sha256);
    if (!(first instanceof Uint8Array)) return false;
    const rest = prepared(db, "SELECT content FROM report_part WHERE sha256 = ? ORDER BY ordinal").pluck();
    return hashOf([first, ...rest.all(file.sha256)]) !== hashOf(file.content().parts);
  });
}

function hashOf(parts: Iterable<unknown>): string {
  const hash = createHash("sha256");
  for (const part of parts) if (part instanceof Uint8Array) hash.update(gunzipSync(part));
  return hash.digest("hex");
}
