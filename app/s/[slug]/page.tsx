import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Explorer } from "@/components/explorer/explorer";
import { readingDatabase } from "@/db/client";
import { getRevision } from "@/db/queries/get-revision";
import { getShare } from "@/db/queries/get-share";
import { getSharePurge } from "@/db/queries/get-share-purge";
import { askedView } from "@/lib/explorer/explorer-view";
import { questionTitle } from "@/lib/explorer/question-title";
import { answerText } from "@/lib/explorer/sentence";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import { readShareQuery } from "@/lib/params/share-query";
import { prepareModelList } from "@/server/lists";
import { getExplorerData } from "@/server/pages/get-explorer-data";
import { getNewerAnswer } from "@/server/pages/get-newer-answer";
import { linkPreview } from "../../link-preview";

interface PageProps {
  params: Promise<{ slug: string }>;
}

/** Title, sentence and picture of the answer, for whoever is sent the link. */
export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { slug } = await params;
  const db = await readingDatabase();
  const share = await getShare(db, slug);
  const revision = share === null ? null : await getRevision(db, share.revision);
  if (share === null || revision === null) return { title: "Nothing under this link" };
  const data = await getExplorerData(db, { ...readShareQuery(share.query), revision: share.revision }, revision);
  const { query, view } = askedView(data);
  const [best] = view.ranking.ranked;
  const sentence =
    best === undefined
      ? "No measured configuration meets these targets."
      : answerText(best, data.accelerators, view.question)
          .headline.map((phrase) => phrase.text)
          .join("");
  return linkPreview(
    questionTitle(query, data.model?.displayName ?? null) ?? "Shared answer",
    sentence,
    serializeExplorerQuery(query),
  );
}

/** A share link: the stored question at the stored revision, whatever came after. */
export default async function SharePage({ params }: PageProps) {
  const { slug } = await params;
  const db = await readingDatabase();
  const share = await getShare(db, slug);
  const revision = share === null ? null : await getRevision(db, share.revision);
  if (share === null || revision === null) notFound();
  const query = readShareQuery(share.query);
  await prepareModelList(db, revision.id);
  const data = await getExplorerData(db, { ...query, revision: share.revision }, revision);
  const [newer, purge] = await Promise.all([getNewerAnswer(db, data), getSharePurge(db, slug)]);
  return <Explorer key={slug} data={{ ...data, shareSlug: slug, newer, purge }} />;
}
