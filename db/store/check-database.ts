import { createHash } from "node:crypto";
import { asc } from "drizzle-orm";
import { databaseTrouble } from "../database-trouble";
import type { Database } from "../handle";
import { getReport } from "../queries/get-report";
import { purge, report } from "../schema";
import { replaceContent, replaceRow } from "./replace-row";
import { renewFacets } from "./run-groups";
import { reportWithoutSecrets, rowsWithSecrets, type SecretRow } from "./stored-secrets";
import { structuralFaults } from "./structural-faults";

export interface DatabaseCheck {
  reports: number;
  /** Bytes the database takes, and bytes that are free for it; `null` where the server does not tell. */
  usedBytes: number;
  freeBytes: number | null;
  /** What is damaged or left over, a sentence each. */
  faults: string[];
  /** Reports that still hold what looks like a secret today, and what it is, in words. */
  secretReports: { sha256: string; fileName: string; found: string[] }[];
  /** Number of rows with a secret in their texts, by table. */
  secretRows: Record<string, number>;
  /** True where all of that was blanked. */
  isBlanked: boolean;
  /** False where the write-ahead log still holds what was blanked, because somebody else reads an earlier state. */
  isErased: boolean;
}

/**
 * Looks a whole database through: the engine's own checks, stored reports against their hashes, reports nothing refers to, and secrets
 * in reports, names and the audit by what is known of secrets today.
 * @param blank also blank the secrets, for good, in every revision; recorded as a purge
 */
export async function checkDatabase(db: Database, request: { blank: boolean; now: Date }): Promise<DatabaseCheck> {
  const faults = await structuralFaults(db);
  const hashes = await db.select({ sha256: report.sha256 }).from(report).orderBy(asc(report.sha256));
  const secretReports: DatabaseCheck["secretReports"] = [];
  for (const { sha256 } of hashes) {
    const stored = await getReport(db, sha256);
    if (stored === null) continue;
    const { fileName } = stored;
    try {
      if (stored.redacted.length === 0 && (await hashOf(stored.parts())) !== sha256) {
        faults.push(`The stored report ${sha256} (${fileName}) does not have the bytes its sha256 says.`);
      }
      const { found, before } = await reportWithoutSecrets(stored);
      const names = before.filter((name, index) => name !== stored.redacted[index]);
      if (found.length + names.length > 0) secretReports.push({ sha256, fileName, found: [...found, ...names] });
    } catch (error) {
      // What the database itself says is about the database, not about this report.
      if (databaseTrouble(error) !== null) throw error;
      faults.push(`The stored report ${sha256} (${fileName}) cannot be unpacked.`);
    }
  }
  const rows: SecretRow[] = [];
  const secretRows: Record<string, number> = {};
  for await (const row of rowsWithSecrets(db)) {
    rows.push(row);
    secretRows[row.tableName] = (secretRows[row.tableName] ?? 0) + 1;
  }
  const check = { reports: hashes.length, ...(await db.engine.space()), faults, secretReports, secretRows };
  if (!request.blank || secretReports.length + rows.length === 0) return { ...check, isBlanked: false, isErased: true };
  await blankSecrets(db, secretReports, rows, request.now);
  return { ...check, isBlanked: true, isErased: await db.engine.emptyLog() };
}

async function hashOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of parts) hash.update(part);
  return hash.digest("hex");
}

async function blankSecrets(
  db: Database,
  reports: DatabaseCheck["secretReports"],
  rows: readonly SecretRow[],
  now: Date,
): Promise<void> {
  await db.engine.write(
    async (tx) => {
      for (const { table, key, values } of rows) await replaceRow(tx, table, key, values);
      await renewFacets(tx);
      for (const { sha256 } of reports) {
        const stored = await getReport(tx, sha256);
        if (stored === null) continue;
        const { parts, found, before } = await reportWithoutSecrets(stored);
        await replaceContent(tx, sha256, parts, [...before, ...found]);
      }
      const reason = `blank secrets in what is stored: ${reports.length} reports, ${rows.length} texts`;
      const at = now.toISOString();
      await tx.insert(purge).values({ at, reason, runs: 0, loadPoints: 0, reports: reports.length });
    },
    { isErasing: true },
  );
  // What was let go of before may hold them, too.
  await db.engine.compact();
}
