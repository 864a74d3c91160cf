import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChangesView } from "@/components/changes/changes-view";
import { readingDatabase } from "@/db/client";
import { askedView } from "@/lib/explorer/explorer-view";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { problemText, type RawParams } from "@/lib/params/param";
import { getExplorerData } from "@/server/pages/get-explorer-data";
import { resolveRevision } from "@/server/pages/resolve-revision";

export const metadata: Metadata = { title: "What changes were worth" };

export default async function ChangesPage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const { query, problems } = parseExplorerQuery(await searchParams);
  const db = await readingDatabase();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) notFound();
  const data = await getExplorerData(db, query, revision);
  const { query: asked, view } = askedView(data);
  return <ChangesView data={data} query={asked} view={view} problems={problems.map(problemText)} />;
}
