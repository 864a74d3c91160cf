import { isDeepStrictEqual } from "node:util";
import { eq, isNotNull, isNull, like } from "drizzle-orm";
import type { CatalogueTable } from "../columns";
import type { Database } from "../handle";
import { accelerator, configuration, hardware, machine, model, type Origin, price, revision, run } from "../schema";
import type { PendingRevision } from "./current-revision";
import type { Catalogue } from "./read-catalogue";

/** How the reasons of revisions that took in shipped data begin. */
export const SHIPPED_REASON = "shipped data";

/** Columns of a catalogue row that say from when to when it holds. */
interface Validity {
  rowId: number;
  origin: Origin;
  addedInRevision: number;
  leftInRevision: number | null;
}

/** How one table of the catalogue is made equal to what the files say. */
interface Kind<Item> {
  /** Rows that hold now. */
  live: readonly (Item & Validity)[];
  /** What the files say. */
  items: readonly Item[];
  idOf(item: Item): string;
  /** Ids of rows that stay although they have gone from the files: valid runs still speak of them. */
  spokenOf: ReadonlySet<string>;
  /** Rows that left, in the order they were added: what is equal to the newest of them was taken out by a person. */
  gone: readonly (Item & Validity)[];
  /** False for rows that only name what a report named: the files know better. Left out = every row of a person's own stays. */
  isOwn?(row: Item): boolean;
  /** Adds an item from a revision on. */
  add(item: Item & { origin: Origin; addedInRevision: number }): PromiseLike<unknown>;
}

function itemOf<Item extends object>(row: Item & Validity): object {
  const { rowId: _row, origin: _origin, addedInRevision: _from, leftInRevision: _to, ...item } = row;
  return item;
}

async function supersede<Item extends object>(
  db: Database,
  table: CatalogueTable,
  kind: Kind<Item>,
  pending: PendingRevision,
): Promise<void> {
  const live = new Map(kind.live.map((row) => [kind.idOf(row), row]));
  const leave = async (rowId: number) => {
    await db
      .update(table)
      .set({ leftInRevision: await pending.open() })
      .where(eq(table.rowId, rowId));
  };
  const kept = new Set(kind.items.map(kind.idOf));
  const byFiles = await shippedRevisions(db);
  const gone = new Map(
    kind.gone
      .filter(({ origin, leftInRevision }) => origin === "shipped" && !byFiles.has(leftInRevision ?? 0))
      .map((row) => [kind.idOf(row), row]),
  );
  for (const item of kind.items) {
    const row = live.get(kind.idOf(item));
    if (row?.origin === "user" && (kind.isOwn?.(row) ?? true)) continue;
    const last = gone.get(kind.idOf(item));
    if (row === undefined && last !== undefined && isDeepStrictEqual(itemOf(last), item)) continue;
    if (row !== undefined) {
      if (row.origin === "shipped" && isDeepStrictEqual(itemOf(row), item)) continue;
      await leave(row.rowId);
    }
    await kind.add({ ...item, origin: "shipped", addedInRevision: await pending.open() });
  }
  for (const [id, row] of live) {
    if (row.origin === "shipped" && !kept.has(id) && !kind.spokenOf.has(id)) await leave(row.rowId);
  }
}

/** Revisions that took in shipped data: what left in one of them was not taken out by a person. */
async function shippedRevisions(db: Database): Promise<Set<number>> {
  const rows = await db
    .select({ id: revision.id })
    .from(revision)
    .where(like(revision.reason, `${SHIPPED_REASON}%`));
  return new Set(rows.map(({ id }) => id));
}

/** Ids of what valid runs were measured on or with. */
async function spokenOf(
  db: Database,
  column: typeof configuration.model | typeof configuration.accelerator,
): Promise<Set<string>> {
  const rows = await db
    .selectDistinct({ id: column })
    .from(run)
    .innerJoin(configuration, eq(configuration.configurationId, run.configurationId))
    .where(isNull(run.retiredInRevision));
  return new Set(rows.map(({ id }) => id));
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Makes the shipped part of the catalogue equal to what the files say: changed rows leave and come anew, new ones are
 * added, rows that are gone leave. What users added or changed stays, and what they took out stays out until the files say
 * something else of it. Call inside a transaction.
 */
export async function storeCatalogue(db: Database, catalogue: Catalogue, pending: PendingRevision): Promise<void> {
  const accelerators = await spokenOf(db, configuration.accelerator);
  await supersede(
    db,
    accelerator,
    {
      live: await db.select().from(accelerator).where(isNull(accelerator.leftInRevision)),
      gone: await db.select().from(accelerator).where(isNotNull(accelerator.leftInRevision)).orderBy(accelerator.rowId),
      items: catalogue.accelerators.map(({ hardware: _, ...item }) => item),
      idOf: ({ id }) => id,
      spokenOf: accelerators,
      add: (row) => db.insert(accelerator).values(row),
    },
    pending,
  );
  await supersede(
    db,
    hardware,
    {
      live: await db.select().from(hardware).where(isNull(hardware.leftInRevision)),
      gone: await db.select().from(hardware).where(isNotNull(hardware.leftInRevision)).orderBy(hardware.rowId),
      items: catalogue.accelerators.flatMap(({ id, hardware: known }) => {
        if (known === null) return [];
        const { machines: _, ...item } = known;
        return [{ acceleratorId: id, ...item }];
      }),
      idOf: ({ acceleratorId }) => acceleratorId,
      spokenOf: accelerators,
      add: (row) => db.insert(hardware).values(row),
    },
    pending,
  );
  await supersede(
    db,
    machine,
    {
      live: await db.select().from(machine).where(isNull(machine.leftInRevision)),
      gone: await db.select().from(machine).where(isNotNull(machine.leftInRevision)).orderBy(machine.rowId),
      items: catalogue.accelerators.flatMap((item) => item.hardware?.machines ?? []),
      idOf: ({ seller, type }) => `${seller} ${type}`,
      spokenOf: NONE,
      add: (row) => db.insert(machine).values(row),
    },
    pending,
  );
  await supersede(
    db,
    model,
    {
      live: await db.select().from(model).where(isNull(model.leftInRevision)),
      gone: await db.select().from(model).where(isNotNull(model.leftInRevision)).orderBy(model.rowId),
      items: catalogue.models,
      isOwn: (row) =>
        row.totalParametersBillions !== null || row.weightBytes !== null || row.contextLengthTokens !== null,
      idOf: ({ id }) => id,
      spokenOf: await spokenOf(db, configuration.model),
      add: (row) => db.insert(model).values(row),
    },
    pending,
  );
  await supersede(
    db,
    price,
    {
      live: await db.select().from(price).where(isNull(price.leftInRevision)),
      gone: await db.select().from(price).where(isNotNull(price.leftInRevision)).orderBy(price.rowId),
      items: catalogue.prices,
      idOf: ({ priceId }) => priceId,
      spokenOf: NONE,
      add: (row) => db.insert(price).values(row),
    },
    pending,
  );
}
