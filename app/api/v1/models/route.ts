import { readingDatabase } from "@/db/client";
import { getCurrentRevision } from "@/db/queries/get-revision";
import { listModels } from "@/db/queries/list-models";

export const dynamic = "force-dynamic";

/** The models there are figures of, with most load points first. */
export async function GET(): Promise<Response> {
  const db = await readingDatabase();
  const { id: revision } = await getCurrentRevision(db);
  const models = (await listModels(db, revision)).filter(({ loadPoints }) => loadPoints > 0);
  return Response.json({
    revision,
    models: models.map(({ model, loadPoints }) => ({ id: model.id, displayName: model.displayName, loadPoints })),
  });
}
