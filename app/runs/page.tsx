import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { RunsView } from "@/components/runs/runs-view";
import { readingDatabase } from "@/db/client";
import { problemText, type RawParams } from "@/lib/params/param";
import { parseRunQuery, runsPath } from "@/lib/params/run-params";
import { runsPage } from "@/server/lists";

export const metadata: Metadata = { title: "Runs" };

export default async function RunsListPage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const raw = await searchParams;
  const { query, problems } = parseRunQuery(raw);
  // A form sends its empty fields too: the address people copy has only what they chose.
  if (problems.length === 0 && Object.values(raw).includes("")) redirect(runsPath(query));
  return <RunsView page={await runsPage(await readingDatabase(), query)} problems={problems.map(problemText)} />;
}
