import { database } from "@/db/client";
import { exportFile, parseExportRequest } from "@/lib/api/export-request";
import { exportStream } from "@/server/export/export-stream";
import { resolveRevision } from "@/server/pages/resolve-revision";
import { taskRefusalResponse } from "../task-response";

/** Everything valid at a revision as a file, sent while it is read. */
export async function GET(request: Request): Promise<Response> {
  const asked = parseExportRequest(new URL(request.url).searchParams);
  if ("expected" in asked) return Response.json({ error: asked.expected }, { status: 400 });
  const revision = await resolveRevision(database(), asked.revision);
  if (revision === null) return Response.json({ error: `There is no revision ${asked.revision}.` }, { status: 404 });
  const body = await exportStream(asked.request, revision);
  if (!(body instanceof ReadableStream)) return taskRefusalResponse(body);
  const { mediaType, fileName } = exportFile(asked.request, revision.id);
  return new Response(body, {
    headers: {
      "content-type": mediaType,
      "content-disposition": `attachment; filename="${fileName}"`,
      "x-content-type-options": "nosniff",
      "x-dataset-revision": String(revision.id),
      "cache-control": "no-cache",
    },
  });
}
