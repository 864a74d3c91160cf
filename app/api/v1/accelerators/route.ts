import { readingDatabase } from "@/db/client";
import { getCurrentRevision } from "@/db/queries/get-revision";
import { listAccelerators } from "@/db/queries/list-accelerators";

export const dynamic = "force-dynamic";

/** The accelerators of the catalogue with the names they go by: what a stock is read with. */
export async function GET(): Promise<Response> {
  const db = await readingDatabase();
  const { id } = await getCurrentRevision(db);
  const accelerators = await listAccelerators(db, id);
  return Response.json({
    revision: id,
    accelerators: accelerators.map(({ id, name, shortName, aliases, gkeAcceleratorLabel, kubernetesResource }) => ({
      ...{ id, name, shortName, aliases, gkeAcceleratorLabel, kubernetesResource },
    })),
  });
}
