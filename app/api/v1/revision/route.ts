import { readingDatabase } from "@/db/client";
import { getCurrentRevision } from "@/db/queries/get-revision";

export const dynamic = "force-dynamic";

/** The newest revision: how an open page learns that there is more to show. */
export async function GET(): Promise<Response> {
  const { id, createdAt } = await getCurrentRevision(await readingDatabase());
  return Response.json({ id, createdAt }, { headers: { "cache-control": "no-store" } });
}
