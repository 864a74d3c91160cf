import { notFound } from "next/navigation";
import { Explorer } from "@/components/explorer/explorer";
import { readingDatabase } from "@/db/client";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { problemText, type RawParams } from "@/lib/params/param";
import { prepareModelList } from "@/server/lists";
import { getExplorerData } from "@/server/pages/get-explorer-data";
import { getNewerAnswer } from "@/server/pages/get-newer-answer";
import { resolveRevision } from "@/server/pages/resolve-revision";

export default async function ExplorerPage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const { query, problems } = parseExplorerQuery(await searchParams);
  const db = await readingDatabase();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) notFound();
  await prepareModelList(db, revision.id);
  const data = await getExplorerData(db, query, revision);
  data.problems.unshift(...problems.map(problemText));
  return <Explorer data={{ ...data, newer: await getNewerAnswer(db, data) }} />;
}
