import { count, eq, inArray, isNotNull, max, type SQL, sql, sum } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { LoadPoint, Run } from "../../lib/domain";
import type { QualityFlag } from "../../lib/measurement/quality-flags";
import type { Database } from "../handle";
import { eachChunk, inChunks } from "../in-chunks";
import { insertInto, preparedQuestion } from "../per-handle";
import { type Facet, run, runFacet, runGroup } from "../schema";

/** Groups of runs ({@link runGroup}), what their filters offer, and how many runs they hold. All of it within write transactions. */

type Group = typeof runGroup.$inferSelect;
type GroupFacts = Pick<Group, "model" | "accelerator" | "sourceName" | "format" | "qualityFlags" | "measuredDay">;

const insertGroups = insertInto(runGroup);
const insertFacets = insertInto(runFacet, "ignore");

/** Digits of a date without the time of day. */
const DAY_LENGTH = 10;

/** The day of a date or a time. */
export function dayOf(measuredOn: string | null): string | null {
  return measuredOn === null ? null : measuredOn.slice(0, DAY_LENGTH);
}

/** What of a run says which group it is of. */
export interface GroupedRun extends Pick<Run, "format" | "qualityFlags" | "measuredOn"> {
  configuration: Pick<Run["configuration"], "model" | "accelerator">;
  source: Pick<Run["source"], "name">;
  points: readonly Pick<LoadPoint, "qualityFlags">[];
}

function factsOf(of: GroupedRun): GroupFacts {
  const flags = new Set<QualityFlag>(of.qualityFlags);
  for (const point of of.points) for (const flag of point.qualityFlags) flags.add(flag);
  return {
    model: of.configuration.model,
    accelerator: of.configuration.accelerator,
    sourceName: of.source.name,
    format: of.format,
    qualityFlags: [...flags].sort(),
    measuredDay: dayOf(of.measuredOn),
  };
}

function keyOf({ model, accelerator, sourceName, format, qualityFlags, measuredDay }: GroupFacts): string {
  return JSON.stringify([model, accelerator, sourceName, format, qualityFlags, measuredDay]);
}

const groupsOn = preparedQuestion((db) =>
  db
    .select()
    .from(runGroup)
    .where(
      sql`${runGroup.measuredDay} = ${sql.placeholder("day")} and ${runGroup.model} in ${db.engine.fromJsonList(sql.placeholder("models"))}`,
    ),
);

const undatedGroups = preparedQuestion((db) =>
  db
    .select()
    .from(runGroup)
    .where(
      sql`${runGroup.measuredDay} is null and ${runGroup.model} in ${db.engine.fromJsonList(sql.placeholder("models"))}`,
    ),
);

/**
 * The groups of runs that are about to be stored, those made that are not there yet. They count nothing before
 * {@link countRunsOfGroups} or {@link recountGroups}.
 * @param runs with the points that are stored of them
 * @returns an id for each run, in their order
 */
export async function groupsOfRuns(db: Database, runs: readonly GroupedRun[]): Promise<number[]> {
  const facts = runs.map(factsOf);
  const modelsOfDay = new Map<string | null, Set<string>>();
  for (const { measuredDay, model } of facts) {
    const models = modelsOfDay.get(measuredDay);
    if (models === undefined) modelsOfDay.set(measuredDay, new Set([model]));
    else models.add(model);
  }
  const ids = new Map<string, number>();
  for (const [day, models] of modelsOfDay) {
    const asked = { models: JSON.stringify([...models]) };
    const known = day === null ? await undatedGroups(db, asked) : await groupsOn(db, { ...asked, day });
    for (const group of known) ids.set(keyOf(group), group.groupId);
  }
  const [last] = await db.select({ id: max(runGroup.groupId) }).from(runGroup);
  let next = (last?.id ?? 0) + 1;
  const fresh: Group[] = [];
  const idsOfRuns = facts.map((group) => {
    const key = keyOf(group);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const groupId = next++;
    ids.set(key, groupId);
    fresh.push({ ...group, groupId, runs: 0, loadPoints: 0, retiredRuns: 0, retiredLoadPoints: 0 });
    return groupId;
  });
  await insertGroups(db, fresh);
  await insertFacets(db, facetsOf(fresh));
  return idsOfRuns;
}

function facetsOf(groups: readonly GroupFacts[]): { facet: Facet; value: string }[] {
  const values: Record<Facet, Set<string>> = {
    model: new Set(),
    accelerator: new Set(),
    source: new Set(),
    format: new Set(),
    flag: new Set(),
  };
  for (const group of groups) {
    values.model.add(group.model);
    values.accelerator.add(group.accelerator);
    values.source.add(group.sourceName);
    values.format.add(group.format);
    for (const flag of group.qualityFlags) values.flag.add(flag);
  }
  const facets = Object.entries(values) as [Facet, Set<string>][];
  return facets.flatMap(([facet, found]) => [...found].map((value) => ({ facet, value })));
}

function countedBy(db: Database, condition: SQL) {
  return db
    .select({ groupId: run.groupId, runs: count(), loadPoints: sum(run.loadPoints).mapWith(Number) })
    .from(run)
    .where(condition)
    .groupBy(run.groupId);
}

/** Counts the runs that a revision brought and those it retired. */
export async function countRunsOfGroups(db: Database, revision: number): Promise<void> {
  for (const added of await countedBy(db, eq(run.addedInRevision, revision))) await addToGroup(db, { ...added });
  for (const retired of await countedBy(db, eq(run.retiredInRevision, revision))) await addRetired(db, { ...retired });
}

const addToGroup = preparedUpdate({
  runs: sql`${runGroup.runs} + ${sql.placeholder("runs")}`,
  loadPoints: sql`${runGroup.loadPoints} + ${sql.placeholder("loadPoints")}`,
});

const addRetired = preparedUpdate({
  retiredRuns: sql`${runGroup.retiredRuns} + ${sql.placeholder("runs")}`,
  retiredLoadPoints: sql`${runGroup.retiredLoadPoints} + ${sql.placeholder("loadPoints")}`,
});

const setCounts = preparedUpdate({
  runs: sql`${sql.placeholder("runs")}`,
  loadPoints: sql`${sql.placeholder("loadPoints")}`,
  retiredRuns: sql`${sql.placeholder("retiredRuns")}`,
  retiredLoadPoints: sql`${sql.placeholder("retiredLoadPoints")}`,
});

function preparedUpdate(values: Partial<Record<"runs" | "loadPoints" | "retiredRuns" | "retiredLoadPoints", SQL>>) {
  return preparedQuestion((db) =>
    db
      .update(runGroup)
      .set(values)
      .where(eq(runGroup.groupId, sql.placeholder("groupId"))),
  );
}

/** Counts groups anew after runs of theirs were deleted; those without a run are deleted, and so are filters nothing is left of. */
export async function recountGroups(db: Database, groupIds: readonly number[]): Promise<void> {
  const isRetired = isNotNull(run.retiredInRevision);
  const counted = await inChunks(groupIds, (some) =>
    db
      .select({
        groupId: run.groupId,
        runs: count(),
        loadPoints: sum(run.loadPoints).mapWith(Number),
        retiredRuns: sql`sum(case when ${isRetired} then 1 else 0 end)`.mapWith(Number),
        retiredLoadPoints: sql`sum(case when ${isRetired} then ${run.loadPoints} else 0 end)`.mapWith(Number),
      })
      .from(run)
      .where(inArray(run.groupId, some))
      .groupBy(run.groupId),
  );
  for (const group of counted) await setCounts(db, { ...group });
  const left = new Set(counted.map(({ groupId }) => groupId));
  const empty = groupIds.filter((groupId) => !left.has(groupId));
  await eachChunk(empty, (some) => db.delete(runGroup).where(inArray(runGroup.groupId, some)));
  if (empty.length > 0) await renewFacets(db);
}

/** Makes the filters offer what the groups have, and nothing else. */
export async function renewFacets(db: Database): Promise<void> {
  await db.delete(runFacet);
  const of = async (facet: Facet, column: SQLiteColumn) => {
    const rows = await db.selectDistinct({ value: sql<string>`${column}` }).from(runGroup);
    return rows.map(({ value }) => ({ facet, value }));
  };
  const flags = await db.selectDistinct({ flags: runGroup.qualityFlags }).from(runGroup);
  const distinctFlags = [...new Set(flags.flatMap((row) => row.flags))];
  await insertFacets(db, [
    ...(await of("model", runGroup.model)),
    ...(await of("accelerator", runGroup.accelerator)),
    ...(await of("source", runGroup.sourceName)),
    ...(await of("format", runGroup.format)),
    ...distinctFlags.map((value) => ({ facet: "flag" as const, value })),
  ]);
}
