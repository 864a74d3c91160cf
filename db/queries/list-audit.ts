import { and, asc, count, desc, eq, inArray, isNotNull, sql, sum } from "drizzle-orm";
import { unionAll } from "drizzle-orm/sqlite-core";
import type { AuditEntry, AuditPage, ListedPurge, ListedRetirement } from "../../lib/runs/types";
import type { Database } from "../handle";
import { ingest, purge, purgedShare, revision, run } from "../schema";
import { getRetireWarning } from "./get-retire-warning";
import { getCurrentRevision } from "./get-revision";
import { getIngest } from "./list-ingests";

const ENTRIES_PER_PAGE = 50;

interface Event {
  kind: AuditEntry["kind"];
  id: number;
}

/** All that ever changed the data, in one list. A revision can bring runs and retire others: it has two entries. */
function eventsOf(db: Database) {
  const retired = db.select({ id: run.retiredInRevision }).from(run).where(isNotNull(run.retiredInRevision));
  const kind = (name: AuditEntry["kind"], rank: number) => ({
    kind: sql<AuditEntry["kind"]>`${sql.raw(`'${name}'`)}`.as("kind"),
    // Of what happened at the same time.
    rank: sql<number>`${sql.raw(String(rank))}`.as("rank"),
  });
  return unionAll(
    db.select({ ...kind("ingest", 2), id: ingest.id, at: ingest.at }).from(ingest),
    db
      .select({ ...kind("retirement", 1), id: revision.id, at: revision.createdAt })
      .from(revision)
      .where(inArray(revision.id, retired)),
    db.select({ ...kind("purge", 0), id: purge.id, at: purge.at }).from(purge),
  ).as("event");
}

/**
 * Ingests, retirements and purges, newest first; a page past the end is the last one.
 * @param asked a page by its number, or the page that lists an ingest
 */
export async function listAudit(db: Database, asked: { page: number; ingestId: number | null }): Promise<AuditPage> {
  const events = eventsOf(db);
  const order = [desc(events.at), asc(events.rank), desc(events.id)];
  const [counted] = await db.select({ total: count() }).from(events);
  const total = counted?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / ENTRIES_PER_PAGE));
  const page = asked.ingestId === null ? asked.page : await pageOfIngest(db, asked.ingestId);
  const shown = Math.min(page, pages);
  const rows = await db
    .select({ kind: events.kind, id: events.id })
    .from(events)
    .orderBy(...order)
    .limit(ENTRIES_PER_PAGE)
    .offset((shown - 1) * ENTRIES_PER_PAGE);
  const entries: AuditEntry[] = [];
  for (const event of rows) {
    const entry = await entryOf(db, event);
    if (entry !== null) entries.push(entry);
  }
  return { revision: (await getCurrentRevision(db)).id, entries, total, page: shown, pages };
}

function listedPurges(db: Database) {
  return db
    .select({
      id: purge.id,
      at: purge.at,
      reason: purge.reason,
      runs: purge.runs,
      loadPoints: purge.loadPoints,
      reports: purge.reports,
      brokenShares: db.$count(purgedShare, eq(purgedShare.purgeId, purge.id)),
    })
    .from(purge);
}

/** Every true deletion, newest first. */
export async function listPurges(db: Database): Promise<ListedPurge[]> {
  return listedPurges(db).orderBy(desc(purge.id));
}

async function pageOfIngest(db: Database, id: number): Promise<number> {
  const events = eventsOf(db);
  const position = sql<number>`row_number() over (order by ${events.at} desc, ${events.rank}, ${events.id} desc)`;
  const placed = db
    .select({ kind: events.kind, id: events.id, position: position.as("position") })
    .from(events)
    .as("placed");
  const [row] = await db
    .select({ position: placed.position })
    .from(placed)
    .where(and(eq(placed.kind, "ingest"), eq(placed.id, id)));
  return Math.max(1, Math.ceil((row?.position ?? 1) / ENTRIES_PER_PAGE));
}

async function entryOf(db: Database, { kind, id }: Event): Promise<AuditEntry | null> {
  switch (kind) {
    case "ingest": {
      const ingest = await getIngest(db, id);
      return ingest === null ? null : { kind, ingest, warning: (await getRetireWarning(db, id))?.text ?? null };
    }
    case "retirement":
      return { kind, retirement: await retirementOf(db, id) };
    case "purge": {
      const [row] = await listedPurges(db).where(eq(purge.id, id));
      return row === undefined ? null : { kind, purge: row };
    }
  }
}

async function retirementOf(db: Database, id: number): Promise<ListedRetirement> {
  const [row] = await db
    .select({
      at: revision.createdAt,
      reason: revision.reason,
      runs: count(),
      loadPoints: sum(run.loadPoints).mapWith(Number),
    })
    .from(run)
    .innerJoin(revision, eq(revision.id, run.retiredInRevision))
    .where(eq(run.retiredInRevision, id))
    .groupBy(revision.id);
  return {
    revision: id,
    at: row?.at ?? "",
    reason: row?.reason ?? "",
    runs: row?.runs ?? 0,
    loadPoints: row?.loadPoints ?? 0,
  };
}
