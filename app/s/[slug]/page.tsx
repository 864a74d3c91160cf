import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Explorer } from "@/components/explorer/explorer";
import { readingDatabase } from "@/db/client";
import { getRevision } from "@/db/queries/get-revision";
import { getShare } from "@/db/queries/get-share";
import { getSharePurge } from "@/db/queries/get-share-purge";
import { readShareQuery } from "@/lib/params/share-query";
import { prepareModelList } from "@/server/lists";
import { getExplorerData } from "@/server/pages/get-explorer-data";
import { getNewerAnswer } from "@/server/pages/get-newer-answer";

export const metadata: Metadata = { title: "Shared answer" };

/** A share link: the stored question at the stored revision, whatever came after. */
export default async function SharePage({ params }: { params: Promise<{ slug: string }> }) {
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
