import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { HeatView } from "@/components/heat/heat-view";
import { readingDatabase } from "@/db/client";
import { HEAT_VALUES } from "@/lib/explorer/heat-table";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { choiceParam, problemText, type RawParams, textsOf } from "@/lib/params/param";
import { getHeatTable } from "@/server/pages/get-heat-table";
import { resolveRevision } from "@/server/pages/resolve-revision";

export const metadata: Metadata = { title: "Models × accelerators" };

const valueParam = choiceParam("value", HEAT_VALUES, "cost");

export default async function TablePage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const raw = await searchParams;
  const { query, problems } = parseExplorerQuery(raw);
  const refuse = (text: string, expected: string) =>
    problems.push({ parameter: valueParam.name, value: text, expected });
  const value = valueParam.read(textsOf(raw, valueParam, refuse), refuse);
  const db = await readingDatabase();
  const revision = await resolveRevision(db, query.revision);
  if (revision === null) notFound();
  // A model and a workload are of one row alone.
  const asked = { ...query, model: null, workload: null, highlight: [], compare: [] };
  return (
    <HeatView
      table={await getHeatTable(db, asked, revision, value)}
      query={asked}
      value={value}
      problems={problems.map(problemText)}
    />
  );
}
