import { createHash } from "node:crypto";
import type { Database } from "../client";
import { emptyLog, overwriting } from "../store/erase";
import { replaceContent, replaceRow } from "../store/replace-row";
import { reportWithoutSecrets, rowsWithSecrets, type SecretRow, sqliteFaults } from "../store/stored-secrets";
import { withWriteLock } from "../store/write-lock";
import { getReport } from "./get-report";

export interface DatabaseCheck {
  reports: number;
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
 * Looks a whole database through: SQLite's own checks, stored reports against their hashes, reports nothing refers to, and secrets
 * in reports, names and the audit by what is known of secrets today.
 * @param blank also blank the secrets, for good, in every revision; recorded as a purge
 */
export async function checkDatabase(db: Database, request: { blank: boolean; now: Date }): Promise<DatabaseCheck> {
  const faults = sqliteFaults(db);
  const hashes = db.$client.prepare<[], string>("SELECT sha256 FROM report ORDER BY sha256").pluck().all();
  const secretReports: DatabaseCheck["secretReports"] = [];
  for (const sha256 of hashes) {
    const report = await getReport(db, sha256);
    if (report === null) continue;
    const { fileName } = report;
    try {
      if (report.redacted.length === 0 && hashOf(report.parts()) !== sha256) {
        faults.push(`The stored report ${sha256} (${fileName}) does not have the bytes its sha256 says.`);
      }
      const { found, before } = reportWithoutSecrets(report);
      const names = before.filter((name, index) => name !== report.redacted[index]);
      if (found.length + names.length > 0) secretReports.push({ sha256, fileName, found: [...found, ...names] });
    } catch {
      faults.push(`The stored report ${sha256} (${fileName}) cannot be unpacked.`);
    }
  }
  faults.push(...orphans(db));
  const rows = [...rowsWithSecrets(db)];
  const secretRows: Record<string, number> = {};
  for (const { table } of rows) secretRows[table] = (secretRows[table] ?? 0) + 1;
  const check = { reports: hashes.length, faults, secretReports, secretRows };
  if (!request.blank || secretReports.length + rows.length === 0) return { ...check, isBlanked: false, isErased: true };
  await blankSecrets(db, secretReports, rows, request.now);
  return { ...check, isBlanked: true, isErased: await emptyLog(db) };
}

function hashOf(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function orphans(db: Database): string[] {
  return db.$client
    .prepare<[], string>(
      `SELECT sha256 FROM report
       WHERE sha256 NOT IN (SELECT sha256 FROM run_report) AND sha256 NOT IN (SELECT report_sha256 FROM load_point)`,
    )
    .pluck()
    .all()
    .map((sha256) => `No run refers to the stored report ${sha256}.`);
}

async function blankSecrets(
  db: Database,
  reports: DatabaseCheck["secretReports"],
  rows: readonly SecretRow[],
  now: Date,
): Promise<void> {
  const stored = await Promise.all(reports.map(({ sha256 }) => getReport(db, sha256)));
  const blank = db.$client.transaction(() => {
    // Texts first: a report's row gets another number with its new content.
    for (const { table, rowid, values } of rows) replaceRow(db, table, rowid, values);
    for (const report of stored) {
      if (report === null) continue;
      const { parts, found, before } = reportWithoutSecrets(report);
      replaceContent(db, report.sha256, parts, [...before, ...found]);
    }
    const reason = `blank secrets in what is stored: ${reports.length} reports, ${rows.length} texts`;
    db.$client
      .prepare("INSERT INTO purge (at, reason, runs, load_points, reports) VALUES (?, ?, 0, 0, ?)")
      .run(now.toISOString(), reason, reports.length);
  });
  await withWriteLock(db, () => overwriting(db, () => blank.immediate()));
  // Pages let go of before may hold them, too.
  await withWriteLock(db, () => db.$client.exec("VACUUM"));
}
