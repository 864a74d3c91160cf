import { readingDatabase } from "@/db/client";
import { listPurges } from "@/db/queries/list-audit";
import { listIngests } from "@/db/queries/list-ingests";
import { parseListRequest } from "@/lib/api/list-params";

/** The audit: every time somebody brought data, newest first (`limit`, `offset`), and every deletion. */
export async function GET(request: Request): Promise<Response> {
  const page = parseListRequest(new URL(request.url).searchParams);
  if (!page.ok) return Response.json({ error: page.error }, { status: 400 });
  const db = await readingDatabase();
  const { ingests, total } = await listIngests(db, page.value);
  return Response.json(
    { ingests, total, ...page.value, purges: await listPurges(db) },
    { headers: { "cache-control": "no-store" } },
  );
}
