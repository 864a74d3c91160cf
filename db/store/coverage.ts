import { and, asc, eq, inArray, isNull, lt, sql, sum } from "drizzle-orm";
import type { Database } from "../handle";
import { eachChunk, inChunks } from "../in-chunks";
import { preparedQuestion } from "../per-handle";
import { configuration, coverage, run } from "../schema";

/** How much was measured of each model on each accelerator ({@link coverage}). All of it within write transactions. */

type CoverageRow = Omit<typeof coverage.$inferSelect, "rowId">;
type Pair = Pick<CoverageRow, "model" | "accelerator">;

function pairKey({ model, accelerator }: Pair): string {
  return JSON.stringify([model, accelerator]);
}

/** Load points of runs that came or went with a revision, by configuration. */
function changedIn(db: Database, column: typeof run.addedInRevision | typeof run.retiredInRevision, revision: number) {
  return db
    .select({
      model: configuration.model,
      accelerator: configuration.accelerator,
      configurationId: run.configurationId,
      loadPoints: sum(run.loadPoints).mapWith(Number),
    })
    .from(run)
    .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
    .where(eq(column, revision))
    .groupBy(configuration.model, configuration.accelerator, run.configurationId);
}

/** Which of some configurations have runs that were valid before a revision and stay so. */
const unchangedConfigurations = preparedQuestion((db) =>
  db
    .selectDistinct({ configurationId: run.configurationId })
    .from(run)
    .where(
      and(
        sql`${run.configurationId} in ${db.engine.fromJsonList(sql.placeholder("configurations"))}`,
        isNull(run.retiredInRevision),
        lt(run.addedInRevision, sql.placeholder("revision")),
      ),
    ),
);

/** Counts the runs that a revision brought and those it retired. Once a revision, when all of them are there. */
export async function countCoverage(db: Database, revision: number): Promise<void> {
  const added = await changedIn(db, run.addedInRevision, revision);
  const retired = await changedIn(db, run.retiredInRevision, revision);
  if (added.length + retired.length === 0) return;
  const changed = [...added, ...retired];
  const configurations = [...new Set(changed.map(({ configurationId }) => configurationId))];
  const rows = await unchangedConfigurations(db, { configurations: JSON.stringify(configurations), revision });
  const unchanged = new Set(rows.map(({ configurationId }) => configurationId));
  const isIn = (list: typeof added) => {
    const ids = new Set(list.map(({ configurationId }) => configurationId));
    return (id: string) => ids.has(id) || unchanged.has(id);
  };
  const [wasValid, isValid] = [isIn(retired), isIn(added)];

  const live = await liveRows(db, changed);
  const counts = new Map<string, Pair & { configurations: number; loadPoints: number }>();
  const countOf = (pair: Pair) => {
    const key = pairKey(pair);
    const known = counts.get(key);
    if (known !== undefined) return known;
    const { configurations: before, loadPoints } = live.get(key) ?? { configurations: 0, loadPoints: 0 };
    const fresh = { model: pair.model, accelerator: pair.accelerator, configurations: before, loadPoints };
    counts.set(key, fresh);
    return fresh;
  };
  for (const item of added) countOf(item).loadPoints += item.loadPoints;
  for (const item of retired) countOf(item).loadPoints -= item.loadPoints;
  const pairOf = new Map(changed.map((item) => [item.configurationId, item]));
  for (const [id, pair] of pairOf) countOf(pair).configurations += Number(isValid(id)) - Number(wasValid(id));

  const left = [...counts.keys()].flatMap((key) => live.get(key)?.rowId ?? []);
  await eachChunk(left, (some) =>
    db.update(coverage).set({ leftInRevision: revision }).where(inArray(coverage.rowId, some)),
  );
  await insertCounted(
    db,
    [...counts.values()].map((count) => ({ ...count, addedInRevision: revision, leftInRevision: null })),
  );
}

async function liveRows(db: Database, pairs: readonly Pair[]): Promise<Map<string, typeof coverage.$inferSelect>> {
  const rows = await inChunks(
    pairs.map(({ model }) => model),
    (some) =>
      db
        .select()
        .from(coverage)
        .where(and(inArray(coverage.model, some), isNull(coverage.leftInRevision))),
  );
  return new Map(rows.map((row) => [pairKey(row), row]));
}

/** Where nothing is left to count there is no row. The database numbers them. */
async function insertCounted(db: Database, rows: readonly CoverageRow[]): Promise<void> {
  const kept = rows.filter(({ configurations }) => configurations > 0);
  for (let start = 0; start < kept.length; start += ROWS_AT_ONCE) {
    await db.insert(coverage).values(kept.slice(start, start + ROWS_AT_ONCE));
  }
}

/** Values of one statement stay far below what it takes. */
const ROWS_AT_ONCE = 1000;

/** Counts pairs anew in every revision, after runs of theirs were deleted. */
export async function recountCoverage(db: Database, pairs: readonly Pair[]): Promise<void> {
  const distinct = new Map(pairs.map((pair) => [pairKey(pair), pair]));
  for (const { model, accelerator } of distinct.values()) {
    await db.delete(coverage).where(and(eq(coverage.model, model), eq(coverage.accelerator, accelerator)));
    const runs = await db
      .select({
        configurationId: run.configurationId,
        loadPoints: run.loadPoints,
        addedInRevision: run.addedInRevision,
        retiredInRevision: run.retiredInRevision,
      })
      .from(configuration)
      .innerJoin(run, eq(run.configurationId, configuration.configurationId))
      .where(and(eq(configuration.model, model), eq(configuration.accelerator, accelerator)))
      .orderBy(asc(run.addedInRevision));
    await insertCounted(
      db,
      coverageOf(runs).map((row) => ({ model, accelerator, ...row })),
    );
  }
}

interface CountedRun {
  configurationId: string;
  loadPoints: number;
  addedInRevision: number;
  retiredInRevision: number | null;
}

/** How many configurations have valid runs, and how many load points these have, from revision to revision. */
function coverageOf(runs: readonly CountedRun[]): Omit<CoverageRow, keyof Pair>[] {
  const changes = new Map<number, { configurationId: string; runs: number; loadPoints: number }[]>();
  const change = (revision: number, { configurationId, loadPoints }: CountedRun, sign: 1 | -1) => {
    const item = { configurationId, runs: sign, loadPoints: sign * loadPoints };
    const known = changes.get(revision);
    if (known === undefined) changes.set(revision, [item]);
    else known.push(item);
  };
  for (const item of runs) {
    change(item.addedInRevision, item, 1);
    if (item.retiredInRevision !== null) change(item.retiredInRevision, item, -1);
  }
  const validRuns = new Map<string, number>();
  let loadPoints = 0;
  const revisions = [...changes.keys()].sort((a, b) => a - b);
  return revisions.map((revision, index) => {
    for (const item of changes.get(revision) ?? []) {
      const left = (validRuns.get(item.configurationId) ?? 0) + item.runs;
      if (left === 0) validRuns.delete(item.configurationId);
      else validRuns.set(item.configurationId, left);
      loadPoints += item.loadPoints;
    }
    return {
      configurations: validRuns.size,
      loadPoints,
      addedInRevision: revision,
      leftInRevision: revisions[index + 1] ?? null,
    };
  });
}
