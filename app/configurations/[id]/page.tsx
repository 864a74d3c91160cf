import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConfigurationView } from "@/components/configuration/configuration-view";
import { readingDatabase } from "@/db/client";
import { parseOptionParams } from "@/lib/manifests/options/option-params";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { problemText, type RawParams } from "@/lib/params/param";
import { printable } from "@/lib/printable";
import { getConfigurationPage } from "@/server/pages/get-configuration-page";
import { resolveRevision } from "@/server/pages/resolve-revision";

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<RawParams>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  return { title: printable(decodeURIComponent((await params).id)) };
}

export default async function ConfigurationPage({ params, searchParams }: PageProps) {
  const raw = await searchParams;
  const { query, problems } = parseExplorerQuery(raw);
  const db = await readingDatabase();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) notFound();
  const { asked, problems: optionProblems } = parseOptionParams(raw);
  const page = await getConfigurationPage(db, revision, {
    configurationId: decodeURIComponent((await params).id),
    query,
    asked,
  });
  if (page === null) notFound();
  return (
    <ConfigurationView
      page={page}
      problems={problems.map(problemText)}
      optionProblems={optionProblems.map(problemText)}
    />
  );
}
