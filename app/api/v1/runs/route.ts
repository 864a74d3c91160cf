import { readingDatabase } from "@/db/client";
import { parseRunListRequest } from "@/lib/api/list-params";
import { runSummaries } from "@/server/lists";

/** What is in the database: the filters of the page, `limit` and `offset`. */
export async function GET(request: Request): Promise<Response> {
  const asked = parseRunListRequest(new URL(request.url).searchParams);
  if (!asked.ok) return Response.json({ error: asked.error }, { status: 400 });
  const { filter, page } = asked.value;
  const { runs, total, loadPoints } = await runSummaries(await readingDatabase(), filter, page);
  return Response.json({ runs, total, loadPoints, ...page }, { headers: { "cache-control": "no-store" } });
}
