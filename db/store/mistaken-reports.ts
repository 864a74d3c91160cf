import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { and, asc, eq, ne, sql } from "drizzle-orm";
import type { Database } from "../handle";
import { perHandle } from "../per-handle";
import { report, reportPart } from "../schema";
import type { FileToStore } from "./file-to-store";

/**
 * Files whose hash is stored already, but with other bytes than theirs. Only an export can have brought such a report: where it
 * says that secrets were blanked, its bytes cannot be checked against the original's hash. Those of a file at hand can.
 */
export function filesStoredOtherwise(db: Database, files: readonly FileToStore[]): FileToStore[] {
  return files.filter((file) => {
    if (file.isCarried === true) return false;
    const stored = contentOf(db).get({ sha256: file.sha256 });
    if (stored === undefined) return false;
    const rest = partsOf(db).all({ sha256: file.sha256 });
    return hashOf([stored, ...rest].map(({ content }) => content)) !== hashOf(file.content().parts);
  });
}

const contentOf = perHandle((db) =>
  db
    .select({ content: report.content })
    .from(report)
    .where(and(eq(report.sha256, sql.placeholder("sha256")), ne(report.redacted, [])))
    .prepare(),
);

const partsOf = perHandle((db) =>
  db
    .select({ content: reportPart.content })
    .from(reportPart)
    .where(eq(reportPart.sha256, sql.placeholder("sha256")))
    .orderBy(asc(reportPart.ordinal))
    .prepare(),
);

function hashOf(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(gunzipSync(part));
  return hash.digest("hex");
}
