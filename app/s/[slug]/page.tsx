import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Explorer } from "@/components/explorer/explorer";
import { readingDatabase } from "@/db/client";
import { getRevision } from "@/db/queries/get-revision";
import { getShare } from "@/db/queries/get-share";
import { getSharePurge } from "@/db/queries/get-share-purge";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { rawParams } from "@/lib/params/param";
import { prepareModelList } from "@/server/lists";
import { getExplorerData } from "@/server/pages/get-explorer-data";

export const metadata: Metadata = { title: "Shared answer" };

/** A share link: the stored question at the stored revision, whatever came after. */
export default async function SharePage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const db = await readingDatabase();
  const share = await getShare(db, slug);
  const revision = share === null ? null : await getRevision(db, share.revision);
  if (share === null || revision === null) notFound();
  const { query } = parseExplorerQuery(rawParams(new URLSearchParams(share.query)));
  await prepareModelList(db, revision.id);
  const data = await getExplorerData(db, { ...query, revision: share.revision }, revision);
  return <Explorer key={slug} data={{ ...data, shareSlug: slug, purge: await getSharePurge(db, slug) }} />;
}
