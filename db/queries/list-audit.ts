import type { AuditEntry, AuditPage, ListedPurge, ListedRetirement } from "../../lib/runs/types";
import type { Database } from "../client";
import { currentRevisionId } from "../store/current-revision";
import { getRetireWarning } from "./get-retire-warning";
import { getIngest } from "./list-ingests";

const ENTRIES_PER_PAGE = 50;

interface EventRow {
  kind: "ingest" | "retirement" | "purge";
  id: number;
}

interface RetirementRow {
  at: string;
  reason: string;
  runs: number;
  load_points: number;
}

interface PurgeRow extends RetirementRow {
  id: number;
  reports: number;
  broken_shares: number;
}

/** All that ever changed the data, in one list. A revision can bring runs and retire others: it has two entries. */
const EVENTS = `
  SELECT 'ingest' AS kind, id, at, 2 AS place FROM ingest
  UNION ALL
  SELECT 'retirement', id, created_at, 1 FROM revision
    WHERE id IN (SELECT retired_in_revision FROM run WHERE retired_in_revision IS NOT NULL)
  UNION ALL
  SELECT 'purge', id, at, 0 FROM purge`;

const ORDER = "ORDER BY at DESC, place, id DESC";

const PURGES = `SELECT purge.*, (SELECT count(*) FROM purged_share WHERE purge_id = purge.id) AS broken_shares FROM purge`;

/**
 * Ingests, retirements and purges, newest first; a page past the end is the last one.
 * @param asked a page by its number, or the page that lists an ingest
 */
export async function listAudit(db: Database, asked: { page: number; ingestId: number | null }): Promise<AuditPage> {
  const total = Number(db.$client.prepare(`SELECT count(*) FROM (${EVENTS})`).pluck().get());
  const pages = Math.max(1, Math.ceil(total / ENTRIES_PER_PAGE));
  const page = asked.ingestId === null ? asked.page : pageOfIngest(db, asked.ingestId);
  const shown = Math.min(page, pages);
  const events = db.$client
    .prepare<[number, number], EventRow>(`SELECT kind, id FROM (${EVENTS}) ${ORDER} LIMIT ? OFFSET ?`)
    .all(ENTRIES_PER_PAGE, (shown - 1) * ENTRIES_PER_PAGE);
  const entries: AuditEntry[] = [];
  for (const event of events) {
    const entry = await entryOf(db, event);
    if (entry !== null) entries.push(entry);
  }
  return { revision: currentRevisionId(db), entries, total, page: shown, pages };
}

/** Every true deletion, newest first. */
export async function listPurges(db: Database): Promise<ListedPurge[]> {
  return db.$client.prepare<[], PurgeRow>(`${PURGES} ORDER BY id DESC`).all().map(purgeOf);
}

function pageOfIngest(db: Database, id: number): number {
  const position = db.$client
    .prepare(
      `SELECT position FROM (SELECT kind, id, row_number() OVER (${ORDER}) AS position FROM (${EVENTS}))
       WHERE kind = 'ingest' AND id = ?`,
    )
    .pluck()
    .get(id);
  return Math.max(1, Math.ceil(Number(position ?? 1) / ENTRIES_PER_PAGE));
}

async function entryOf(db: Database, { kind, id }: EventRow): Promise<AuditEntry | null> {
  switch (kind) {
    case "ingest": {
      const ingest = await getIngest(db, id);
      return ingest === null ? null : { kind, ingest, warning: (await getRetireWarning(db, id))?.text ?? null };
    }
    case "retirement":
      return { kind, retirement: retirementOf(db, id) };
    case "purge": {
      const row = db.$client.prepare<[number], PurgeRow>(`${PURGES} WHERE id = ?`).get(id);
      return row === undefined ? null : { kind, purge: purgeOf(row) };
    }
  }
}

function retirementOf(db: Database, revision: number): ListedRetirement {
  const row = db.$client
    .prepare<[number], RetirementRow>(
      `SELECT revision.created_at AS at, revision.reason, count(*) AS runs, sum(run.load_points) AS load_points
       FROM run JOIN revision ON revision.id = run.retired_in_revision WHERE run.retired_in_revision = ?`,
    )
    .get(revision);
  return {
    revision,
    at: row?.at ?? "",
    reason: row?.reason ?? "",
    runs: row?.runs ?? 0,
    loadPoints: row?.load_points ?? 0,
  };
}

function purgeOf(row: PurgeRow): ListedPurge {
  return {
    id: row.id,
    at: row.at,
    reason: row.reason,
    runs: row.runs,
    loadPoints: row.load_points,
    reports: row.reports,
    brokenShares: row.broken_shares,
  };
}
