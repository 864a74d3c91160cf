import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
import { preparedQuestion } from "../per-handle";
import { report, reportPart } from "../schema";
import type { FileToStore } from "./file-to-store";

/**
 * Files whose hash is stored already, but with other bytes than theirs. Only an export can have brought such a report: where it
 * says that secrets were blanked, its bytes cannot be checked against the original's hash. Those of a file at hand can.
 */
export async function filesStoredOtherwise(db: Database, files: readonly FileToStore[]): Promise<FileToStore[]> {
  const own = new Map(files.filter((file) => file.isCarried !== true).map((file) => [file.sha256, file]));
  const blanked = await inChunks([...own.keys()], (some) =>
    db
      .select({ sha256: report.sha256 })
      .from(report)
      .where(and(inArray(report.sha256, some), ne(report.redacted, []))),
  );
  const otherwise: FileToStore[] = [];
  for (const { sha256 } of blanked) {
    const file = own.get(sha256);
    if (file === undefined) continue;
    const parts = [...(await contentOf(db, { sha256 })), ...(await partsOf(db, { sha256 }))];
    if (hashOf(parts.map(({ content }) => content)) !== hashOf(file.content().parts)) otherwise.push(file);
  }
  return otherwise;
}

const contentOf = preparedQuestion((db) =>
  db
    .select({ content: report.content })
    .from(report)
    .where(eq(report.sha256, sql.placeholder("sha256"))),
);

const partsOf = preparedQuestion((db) =>
  db
    .select({ content: reportPart.content })
    .from(reportPart)
    .where(eq(reportPart.sha256, sql.placeholder("sha256")))
    .orderBy(asc(reportPart.ordinal)),
);

function hashOf(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(gunzipSync(part));
  return hash.digest("hex");
}
