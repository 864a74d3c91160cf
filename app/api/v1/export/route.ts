import { readingDatabase } from "@/db/client";
import { exportFile, parseExportRequest } from "@/lib/api/export-request";
import { exportStream } from "@/server/export/export-stream";
import { resolveRevision } from "@/server/pages/resolve-revision";
import { taskRefusalResponse } from "../task-response";

/** Everything valid at a revision as a file, sent while it is read. */
export async function GET(request: Request): Promise<Response> {
  const asked = parseExportRequest(new URL(request.url).searchParams);
  if (!asked.ok) return Response.json({ error: asked.error }, { status: 400 });
  const { request: wanted, revision: wantedRevision } = asked.value;
  const revision = await resolveRevision(await readingDatabase(), wantedRevision);
  if (revision === null) return Response.json({ error: `There is no revision ${wantedRevision}.` }, { status: 404 });
  const body = await exportStream(wanted, revision);
  if (!body.ok) return taskRefusalResponse(body.error);
  const { mediaType, fileName } = exportFile(wanted, revision.id);
  return new Response(body.value, {
    headers: {
      "content-type": mediaType,
      "content-disposition": `attachment; filename="${fileName}"`,
      "x-content-type-options": "nosniff",
      "x-dataset-revision": String(revision.id),
      "cache-control": "no-cache",
    },
  });
}
