import { database } from "@/db/client";
import { parseRunListRequest } from "@/lib/api/list-params";
import { runSummaries } from "@/server/lists";

/** What is in the database: the filters of the page, `limit` and `offset`. */
export async function GET(request: Request): Promise<Response> {
  const asked = parseRunListRequest(new URL(request.url).searchParams);
  if ("expected" in asked) return Response.json({ error: asked.expected }, { status: 400 });
  const { runs, total, loadPoints } = await runSummaries(database(), asked.filter, asked.page);
  return Response.json({ runs, total, loadPoints, ...asked.page }, { headers: { "cache-control": "no-store" } });
}
