import { asc, min } from "drizzle-orm";
import { withMachines } from "../../lib/catalogue/machines";
import type { Accelerator } from "../../lib/domain";
import type { Database } from "../client";
import { acceleratorFromRow, hardwareFromRow, machineFromRow } from "../rows";
import { accelerator, hardware, machine } from "../schema";
import { catalogueAt } from "../valid-at";

/** The revision to read a table at: databases that are older than the table have its first rows for all before. */
function notBefore(db: Database, table: typeof hardware | typeof machine, revision: number): number {
  const first =
    db
      .select({ revision: min(table.added_in_revision) })
      .from(table)
      .get()?.revision ?? revision;
  return Math.max(revision, first);
}

/** The accelerators of the catalogue at a revision with hardware and machines, by id. */
export async function listAccelerators(db: Database, revision: number): Promise<Accelerator[]> {
  const known = new Map(
    db
      .select()
      .from(hardware)
      .where(catalogueAt(hardware, notBefore(db, hardware, revision)))
      .all()
      .map((row) => [row.accelerator_id, hardwareFromRow(row)]),
  );
  const machines = db
    .select()
    .from(machine)
    .where(catalogueAt(machine, notBefore(db, machine, revision)))
    .all()
    .map(machineFromRow);
  const accelerators = db
    .select()
    .from(accelerator)
    .where(catalogueAt(accelerator, revision))
    .orderBy(asc(accelerator.accelerator_id))
    .all()
    .map(acceleratorFromRow);
  return withMachines(
    accelerators.map((item) => ({ ...item, hardware: known.get(item.id) ?? null })),
    machines,
  );
}
