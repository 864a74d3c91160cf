import { database } from "@/db/client";
import { listRunSummaries } from "@/db/queries/list-run-summaries";
import { parseListPage } from "@/lib/api/list-params";
import { parseRunQuery } from "@/lib/run-search-params";
import { rawParams } from "@/lib/search-params";

/** What is in the database: the filters of the page, `limit` and `offset`. */
export async function GET(request: Request): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const { query, problems } = parseRunQuery(rawParams(params));
  const [problem] = problems;
  if (problem !== undefined) {
    return badRequest(`${problem.parameter}=${problem.value}: expected ${problem.expected}`);
  }
  const page = parseListPage(params);
  if ("expected" in page) return badRequest(page.expected);
  const { runs, total, loadPoints } = await listRunSummaries(database(), query.filter, page);
  return Response.json({ runs, total, loadPoints, ...page }, { headers: { "cache-control": "no-store" } });
}

function badRequest(error: string): Response {
  return Response.json({ error }, { status: 400 });
}
