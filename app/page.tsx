import { notFound } from "next/navigation";
import { Explorer } from "@/components/explorer/explorer";
import { database } from "@/db/client";
import { getExplorerData } from "@/db/queries/get-explorer-data";
import { resolveRevision } from "@/db/queries/resolve-revision";
import { parseExplorerQuery, problemText, type RawParams } from "@/lib/search-params";
import { prepareModelList } from "@/server/lists";

export const dynamic = "force-dynamic";

export default async function ExplorerPage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const { query, problems } = parseExplorerQuery(await searchParams);
  const db = database();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) notFound();
  await prepareModelList(db, revision.id);
  const data = await getExplorerData(db, query, revision);
  data.problems.unshift(...problems.map(problemText));
  return <Explorer data={data} />;
}
