import { asc, min } from "drizzle-orm";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { withMachines } from "../../lib/catalogue/machines";
import { acceleratorColumns, hardwareColumns, machineColumns } from "../columns";
import type { Database } from "../handle";
import { perRevision } from "../per-revision";
import { accelerator, hardware, machine } from "../schema";
import { catalogueAt } from "../valid-at";

/** The revision to read a table at: databases that are older than the table have its first rows for all before. */
async function notBefore(db: Database, table: typeof hardware | typeof machine, revision: number): Promise<number> {
  const [row] = await db.select({ first: min(table.addedInRevision) }).from(table);
  return Math.max(revision, row?.first ?? revision);
}

/** The accelerators of the catalogue at a revision with hardware and machines, by id. */
export async function listAccelerators(db: Database, revision: number): Promise<readonly Accelerator[]> {
  return accelerators.get(db, revision);
}

const accelerators = perRevision(readAccelerators);

async function readAccelerators(db: Database, revision: number): Promise<readonly Accelerator[]> {
  const [hardwareFrom, machinesFrom] = await Promise.all([
    notBefore(db, hardware, revision),
    notBefore(db, machine, revision),
  ]);
  const [known, machines, described] = await Promise.all([
    db.select(hardwareColumns).from(hardware).where(catalogueAt(hardware, hardwareFrom)),
    db.select(machineColumns).from(machine).where(catalogueAt(machine, machinesFrom)),
    db
      .select(acceleratorColumns)
      .from(accelerator)
      .where(catalogueAt(accelerator, revision))
      .orderBy(asc(accelerator.id)),
  ]);
  const hardwareOf = new Map(known.map(({ acceleratorId, ...row }) => [acceleratorId, { ...row, machines: [] }]));
  return withMachines(
    described.map((item) => ({ ...item, hardware: hardwareOf.get(item.id) ?? null })),
    machines,
  );
}
