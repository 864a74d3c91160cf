"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState, useTransition } from "react";
import { FrontierChart } from "@/components/frontier-chart/frontier-chart";
import type { ExplorerData } from "@/lib/explorer/data";
import { unpackRuns } from "@/lib/explorer/packed-runs";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/search-params";
import { Answer } from "./answer";
import { AskBar } from "./ask-bar";
import { ChartControls } from "./chart-controls";
import { ChartDataTable } from "./chart-data-table";
import { Notices } from "./notices";
import { OutsideRanking } from "./outside-ranking";
import { RankingTable } from "./ranking-table";
import { explorerChart, explorerView } from "./view-model";

const ADDRESS_DELAY_MS = 120;

/**
 * The explorer. All state is the query, and the query is the URL; everything shown is a pure function of it and the
 * data of one revision, computed alike on the server and in the browser.
 */
export function Explorer({ data }: { data: ExplorerData }) {
  const router = useRouter();
  const [query, setQuery] = useState(data.query);
  // The old answer stands, dimmed, until the new model's data is here: nothing jumps.
  const [loading, startTransition] = useTransition();
  const addressTimer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(addressTimer.current), []);
  const runs = useMemo(() => unpackRuns(data.runs), [data.runs]);
  const view = useMemo(() => explorerView(data, runs, query), [data, runs, query]);
  const chart = useMemo(() => explorerChart(data, view, query), [data, view, query]);

  const change = useCallback(
    (next: ExplorerQuery) => {
      // Targets that were offered become said: the link must show the same when the offer changes.
      const said = next.slos === null ? { ...next, slos: view.question.slos } : next;
      const url = `/?${serializeExplorerQuery(said)}`;
      if (said.model !== query.model || said.workload !== query.workload || said.revision !== query.revision) {
        window.clearTimeout(addressTimer.current);
        startTransition(() => router.push(url));
        return;
      }
      setQuery(said);
      // Browsers limit how often the address may change: a drag writes it once it rests.
      window.clearTimeout(addressTimer.current);
      addressTimer.current = window.setTimeout(() => window.history.replaceState(null, "", url), ADDRESS_DELAY_MS);
    },
    [query, router, view.question.slos],
  );

  const limitSlo = view.question.slos.find(
    (slo) => slo.metric === view.axes.metric && slo.statistic === view.axes.statistic,
  );

  function onLimitChange(limitMs: number) {
    change({ ...query, slos: view.question.slos.map((slo) => (slo === limitSlo ? { ...slo, limitMs } : slo)) });
  }

  return (
    <main
      aria-busy={loading}
      className={`mx-auto w-full max-w-[1440px] px-4 pt-4 pb-10 sm:px-8 sm:pt-6 ${loading ? "opacity-60" : ""}`}
    >
      <Notices data={data} query={query} />
      <AskBar data={data} query={query} view={view} onChange={change} />
      <Answer data={data} query={query} view={view} onChange={change} />
      {data.workload !== null && view.curves.length > 0 && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-6 border-line border-t pt-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,540px)]">
          <section aria-label="Frontiers">
            <ChartControls query={query} view={view} onChange={change} />
            <FrontierChart model={chart} onLimitChange={onLimitChange} />
            <ChartDataTable data={data} query={query} view={view} />
          </section>
          <section aria-label="Ranking">
            <RankingTable data={data} query={query} view={view} onChange={change} />
            <OutsideRanking data={data} query={query} view={view} onChange={change} />
          </section>
        </div>
      )}
    </main>
  );
}
