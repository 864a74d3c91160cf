import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { explorerChart } from "@/components/explorer/explorer-chart";
import { FrontierChart } from "@/components/frontier-chart/frontier-chart";
import { limitOn } from "@/components/frontier-chart/limit";
import { readingDatabase } from "@/db/client";
import { parseExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";
import type { RawParams } from "@/lib/params/param";
import { getShownElsewhere } from "@/server/pages/get-shown-elsewhere";

export const metadata: Metadata = { title: "Chart", robots: { index: false } };

/** The answer and its chart for a frame on another site's page: to be read, with nothing that stores or takes back. */
export default async function EmbedPage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const { query } = parseExplorerQuery(await searchParams);
  const db = await readingDatabase();
  const shown = await getShownElsewhere(db, query);
  if (shown === null) notFound();
  const { data, asked, view, headline, words } = shown;
  return (
    <main className="px-3 py-2" data-embed="">
      <h1 className="font-[650] text-[16px] leading-[1.3]">
        {headline === null
          ? `${words.title}: nothing measured meets ${words.asked}.`
          : headline.map((phrase) => phrase.text).join("")}
      </h1>
      <p className="text-[13px] text-muted">
        {words.title}: {words.asked}
      </p>
      {data.workload !== null && view.curves.length > 0 && (
        <FrontierChart model={explorerChart(data, view, asked)} limit={limitOn(view.question.slos, view.axes)} />
      )}
      <p className="text-[12px] text-muted">
        {words.source}.{" "}
        <a className="link" href={`/?${serializeExplorerQuery(asked)}`} target="_blank" rel="noopener">
          Open in Inference Quickstart
        </a>
      </p>
    </main>
  );
}
