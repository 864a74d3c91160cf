import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Explorer } from "@/components/explorer/explorer";
import { readingDatabase } from "@/db/client";
import { questionTitle } from "@/lib/explorer/question-title";
import { parseExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";
import { problemText, type RawParams } from "@/lib/params/param";
import { prepareModelList } from "@/server/lists";
import { getExplorerData } from "@/server/pages/get-explorer-data";
import { getNewerAnswer } from "@/server/pages/get-newer-answer";
import { resolveRevision } from "@/server/pages/resolve-revision";
import { linkPreview } from "./link-preview";

export async function generateMetadata({ searchParams }: { searchParams: Promise<RawParams> }): Promise<Metadata> {
  const { query } = parseExplorerQuery(await searchParams);
  const title = questionTitle(query, null);
  if (title === null) return {};
  return linkPreview(
    title,
    `Which accelerator, how many, at what cost: ${title}, from measured figures, with the manifest to apply.`,
    serializeExplorerQuery(query),
  );
}

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
