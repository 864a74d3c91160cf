import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { ConfigurationView } from "@/components/configuration/configuration-view";
import { readingDatabase } from "@/db/client";
import { getLastShippedRevision } from "@/db/queries/get-configuration";
import { parseOptionParams, serializeOptionParams } from "@/lib/manifests/options/option-params";
import { parseExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";
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
  const configurationId = decodeURIComponent((await params).id);
  const page = await getConfigurationPage(db, revision, { configurationId, query, asked });
  if (page === null) {
    // A link from before its figures were corrected shows what it showed.
    const last = query.revision === null ? await getLastShippedRevision(db, configurationId) : null;
    if (last === null) notFound();
    const search = [serializeOptionParams(asked), serializeExplorerQuery({ ...query, revision: last })];
    redirect(
      `/configurations/${encodeURIComponent(configurationId)}?${search.filter((part) => part !== "").join("&")}`,
    );
  }
  return (
    <ConfigurationView
      page={page}
      problems={problems.map(problemText)}
      optionProblems={optionProblems.map(problemText)}
    />
  );
}
