import { isDeepStrictEqual } from "node:util";
import { eq, isNull } from "drizzle-orm";
import { ok, type Result, refused } from "../../lib/result";
import {
  acceleratorColumns,
  type CatalogueTable,
  hardwareColumns,
  machineColumns,
  modelColumns,
  priceColumns,
} from "../columns";
import type { Database } from "../handle";
import { accelerator, configuration, hardware, machine, model, type Origin, price, run } from "../schema";
import { catalogueAt } from "../valid-at";
import { countRevision } from "./count-revision";
import { currentRevisionId, type PendingRevision, pendingRevision } from "./current-revision";
import { CATALOGUE_KINDS, type CatalogueKind, idOfRow, type OwnCatalogue, type PlainRow, plainRow } from "./own-rows";

/** A row of the catalogue as it holds now, with where it came from. */
export interface CatalogueEntry {
  kind: CatalogueKind;
  id: string;
  origin: Origin;
  /** Revision from which it holds. */
  addedInRevision: number;
  row: PlainRow;
}

/** What became of own rows. */
export interface CatalogueChange {
  /** Revision after the change; the current one where nothing changed. */
  revision: number;
  added: string[];
  changed: string[];
  same: string[];
}

/**
 * Every row of the catalogue that holds, kind by kind, by id.
 * @param revision at this one; left out: now
 */
export async function listCatalogue(db: Database, revision?: number): Promise<CatalogueEntry[]> {
  const held = (table: CatalogueTable) =>
    revision === undefined ? isNull(table.leftInRevision) : catalogueAt(table, revision);
  const [chips, hosts, machines, models, prices] = [
    await db
      .select({ item: acceleratorColumns, origin: accelerator.origin, from: accelerator.addedInRevision })
      .from(accelerator)
      .where(held(accelerator)),
    await db.select({ item: hardwareColumns }).from(hardware).where(held(hardware)),
    await db
      .select({ item: machineColumns, origin: machine.origin, from: machine.addedInRevision })
      .from(machine)
      .where(held(machine)),
    await db
      .select({ item: modelColumns, origin: model.origin, from: model.addedInRevision })
      .from(model)
      .where(held(model)),
    await db
      .select({ item: priceColumns, origin: price.origin, from: price.addedInRevision })
      .from(price)
      .where(held(price)),
  ];
  const hostOf = new Map(hosts.map(({ item }) => [item.acceleratorId, item]));
  const rows: Record<CatalogueKind, { item: object; origin: Origin; from: number }[]> = {
    accelerators: chips.map((row) => ({ ...row, item: { ...row.item, hardware: hostOf.get(row.item.id) ?? null } })),
    machines,
    models,
    prices,
  };
  return CATALOGUE_KINDS.flatMap((kind) =>
    rows[kind]
      .map(({ item, origin, from }) => {
        const row = plainRow(kind, item);
        return { kind, id: idOfRow(kind, row), origin, addedInRevision: from, row };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
}

/** Rows by their kind, as a file of own rows lists them; kinds without any are left out. */
export function rowsByKind(entries: readonly CatalogueEntry[]): Record<string, PlainRow[]> {
  const lists = CATALOGUE_KINDS.map((kind): [string, PlainRow[]] => [
    kind,
    entries.filter((entry) => entry.kind === kind).map(({ row }) => row),
  ]);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}

/** Of these, those that did not come with the program; models of which nothing but the name is known are there with their runs. */
export function ownRowsOf(entries: readonly CatalogueEntry[]): Record<string, PlainRow[]> {
  const isNameAlone = ({ kind, row }: CatalogueEntry) =>
    kind === "models" && Object.keys(row).every((column) => ["id", "display_name", "source"].includes(column));
  return rowsByKind(entries.filter((entry) => entry.origin === "user" && !isNameAlone(entry)));
}

/**
 * Stores own rows as one revision: new ones are added, changed ones take the place of those that held, equal ones change nothing.
 * A change to a shipped row is a row of one's own, which later versions of the shipped data leave alone.
 */
export async function storeOwnCatalogue(
  db: Database,
  rows: OwnCatalogue,
  request: { reason: string; now: Date },
): Promise<Result<CatalogueChange>> {
  const unknown = await unknownAccelerator(db, rows);
  if (unknown !== null) return refused(unknown);
  return db.engine.write(async (tx) => {
    const revision = await pendingRevision(tx, request.now, request.reason);
    const change = await putOwnRows(tx, rows, revision);
    if (revision.opened()) await countRevision(tx, revision.id);
    return ok({ ...change, revision: revision.opened() ? revision.id : await currentRevisionId(tx) });
  });
}

async function unknownAccelerator(db: Database, rows: OwnCatalogue): Promise<string | null> {
  const live = await db.select({ id: accelerator.id }).from(accelerator).where(isNull(accelerator.leftInRevision));
  const known = new Set([...live, ...rows.accelerators].map(({ id }) => id));
  const named = [...rows.machines.map((row) => row.accelerator), ...rows.prices.map((row) => row.acceleratorId)];
  const missing = named.find((id) => !known.has(id));
  return missing === undefined
    ? null
    : `Nothing was stored: a machine or price names accelerator "${missing}", which is not in the catalogue; add it in the same file.`;
}

/** Stores own rows from a revision on; call inside a write transaction. */
export async function putOwnRows(
  tx: Database,
  rows: OwnCatalogue,
  revision: PendingRevision,
): Promise<Omit<CatalogueChange, "revision">> {
  const change = { added: [] as string[], changed: [] as string[], same: [] as string[] };
  const put = async <Item extends object>(
    table: CatalogueTable,
    live: { rowId: number; item: Item } | undefined,
    item: Item,
    add: (validity: { origin: "user"; addedInRevision: number }) => PromiseLike<unknown>,
  ): Promise<"added" | "changed" | "same"> => {
    if (live !== undefined && isDeepStrictEqual(live.item, item)) return "same";
    if (live !== undefined) await leave(tx, table, live.rowId, revision);
    await add({ origin: "user", addedInRevision: await revision.open() });
    return live === undefined ? "added" : "changed";
  };
  for (const { hardware: host, ...item } of rows.accelerators) {
    const [live] = await tx
      .select({ rowId: accelerator.rowId, item: acceleratorColumns, left: accelerator.leftInRevision })
      .from(accelerator)
      .where(eq(accelerator.id, item.id))
      .then((all) => all.filter(({ left }) => left === null));
    const what = await put(accelerator, live, item, (validity) =>
      tx.insert(accelerator).values({ ...item, ...validity }),
    );
    let hostWhat: string = "same";
    if (host !== null) {
      const { machines: _, ...own } = host;
      const described = { acceleratorId: item.id, ...own };
      const [before] = await tx
        .select({ rowId: hardware.rowId, item: hardwareColumns, left: hardware.leftInRevision })
        .from(hardware)
        .where(eq(hardware.acceleratorId, item.id))
        .then((all) => all.filter(({ left }) => left === null));
      hostWhat = await put(hardware, before, described, (validity) =>
        tx.insert(hardware).values({ ...described, ...validity }),
      );
    }
    change[what === "same" && hostWhat !== "same" ? "changed" : what].push(item.id);
  }
  for (const item of rows.machines) {
    const [live] = await tx
      .select({ rowId: machine.rowId, item: machineColumns, left: machine.leftInRevision })
      .from(machine)
      .where(eq(machine.type, item.type))
      .then((all) => all.filter(({ left, item: { seller } }) => left === null && seller === item.seller));
    const what = await put(machine, live, item, (validity) => tx.insert(machine).values({ ...item, ...validity }));
    change[what].push(`${item.seller} ${item.type}`);
  }
  for (const item of rows.models) {
    const [live] = await tx
      .select({ rowId: model.rowId, item: modelColumns, left: model.leftInRevision })
      .from(model)
      .where(eq(model.id, item.id))
      .then((all) => all.filter(({ left }) => left === null));
    const what = await put(model, live, item, (validity) => tx.insert(model).values({ ...item, ...validity }));
    change[what].push(item.id);
  }
  for (const item of rows.prices) {
    const [live] = await tx
      .select({ rowId: price.rowId, item: priceColumns, left: price.leftInRevision })
      .from(price)
      .where(eq(price.priceId, item.priceId))
      .then((all) => all.filter(({ left }) => left === null));
    const what = await put(price, live, item, (validity) => tx.insert(price).values({ ...item, ...validity }));
    change[what].push(idOfRow("prices", plainRow("prices", item)));
  }
  return change;
}

async function leave(tx: Database, table: CatalogueTable, rowId: number, revision: PendingRevision): Promise<void> {
  await tx
    .update(table)
    .set({ leftInRevision: await revision.open() })
    .where(eq(table.rowId, rowId));
}

/**
 * Takes rows out of the catalogue from a new revision on; links made before keep showing them. An accelerator goes with its
 * machines and prices, but not while runs that hold speak of it.
 * @returns the revision, or why nothing was taken out
 */
export async function retireFromCatalogue(
  db: Database,
  kind: CatalogueKind,
  ids: readonly string[],
  request: { reason: string; now: Date },
): Promise<Result<number>> {
  const entries = (await listCatalogue(db)).filter((entry) => entry.kind === kind);
  const missing = ids.find((id) => !entries.some((entry) => entry.id === id));
  if (missing !== undefined) return refused(`Nothing was retired: there is no ${missing} among the ${kind}.`);
  const column = kind === "models" ? configuration.model : kind === "accelerators" ? configuration.accelerator : null;
  if (column !== null) {
    const spoken = await db
      .selectDistinct({ id: column })
      .from(run)
      .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
      .where(isNull(run.retiredInRevision));
    const used = ids.find((id) => spoken.some((row) => row.id === id));
    if (used !== undefined) {
      return refused(`Nothing was retired: runs speak of ${used}. Retire those first (iq runs, iq retire).`);
    }
  }
  return db.engine.write(async (tx) => {
    const revision = await pendingRevision(tx, request.now, request.reason);
    const gone = new Set(ids);
    const leaveRows = async <Row extends { rowId: number; leftInRevision: number | null }>(
      table: CatalogueTable,
      rows: readonly Row[],
      isGone: (row: Row) => boolean,
    ) => {
      for (const row of rows)
        if (row.leftInRevision === null && isGone(row)) await leave(tx, table, row.rowId, revision);
    };
    const ofChip = (id: string) => kind === "accelerators" && gone.has(id);
    if (kind === "models") await leaveRows(model, await tx.select().from(model), (row) => gone.has(row.id));
    if (kind === "accelerators") {
      await leaveRows(accelerator, await tx.select().from(accelerator), (row) => gone.has(row.id));
      await leaveRows(hardware, await tx.select().from(hardware), (row) => gone.has(row.acceleratorId));
    }
    if (kind !== "models") {
      await leaveRows(
        machine,
        await tx.select().from(machine),
        (row) => ofChip(row.accelerator) || (kind === "machines" && gone.has(idOfRow(kind, plainRow(kind, row)))),
      );
      await leaveRows(
        price,
        await tx.select().from(price),
        (row) => ofChip(row.acceleratorId) || (kind === "prices" && gone.has(idOfRow(kind, plainRow(kind, row)))),
      );
    }
    if (revision.opened()) await countRevision(tx, revision.id);
    return ok(revision.id);
  });
}
