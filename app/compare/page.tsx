import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { CompareView } from "@/components/compare/compare-view";
import { readingDatabase } from "@/db/client";
import { parseCompareQuery } from "@/lib/params/compare-params";
import { problemText, type RawParams } from "@/lib/params/param";
import { getComparison } from "@/server/pages/get-comparison";
import { resolveRevision } from "@/server/pages/resolve-revision";

export const metadata: Metadata = { title: "Side by side" };

export default async function ComparePage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const { problems, ...asked } = parseCompareQuery(await searchParams);
  const db = await readingDatabase();
  const revision = await resolveRevision(db, asked.query.revision);
  if (revision === null) notFound();
  return <CompareView comparison={await getComparison(db, revision, asked)} problems={problems.map(problemText)} />;
}
