"use client";

import { useRouter } from "next/navigation";
import {
  startTransition as startBehind,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useTransition,
} from "react";
import { FrontierChart } from "@/components/frontier-chart/frontier-chart";
import { limitOn } from "@/components/frontier-chart/limit";
import type { ExplorerData } from "@/lib/explorer/data";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/search-params";
import { Answer } from "./answer";
import { AskBar, returnFocusTo } from "./ask-bar";
import { ChartControls } from "./chart-controls";
import { ChartDataTable } from "./chart-data-table";
import { Notices } from "./notices";
import { OutsideRanking } from "./outside-ranking";
import { RankingTable } from "./ranking-table";
import { explorerChart, explorerCurves, explorerView, withTargets } from "./view-model";

const ADDRESS_DELAY_MS = 120;

/**
 * The explorer. All state is the query, and the query is the URL; everything shown is a pure function of it and the
 * data of one revision, computed alike on the server and in the browser.
 */
export function Explorer({ data }: { data: ExplorerData }) {
  const router = useRouter();
  const curves = useMemo(() => explorerCurves(data), [data]);
  const [query, setQuery] = useState(() => withTargets(data.query, curves.available));
  // While the limit moves, its line is under the pointer at once; answer, frontiers and tables follow as fast as they can
  // be drawn. Every other change is shown at once.
  const [shown, setShown] = useState(query);
  // The old answer stands, dimmed, until the new model's data is here: nothing jumps.
  const [loading, startTransition] = useTransition();
  const view = useMemo(() => explorerView(data, curves, shown), [data, curves, shown]);
  const chart = useMemo(() => explorerChart(data, view, shown), [data, view, shown]);

  const latest = useRef(query);
  const offered = useRef(query.slos);
  const addressTimer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(addressTimer.current), []);

  const change = useCallback(
    (next: ExplorerQuery, moving = false) => {
      window.clearTimeout(addressTimer.current);
      const { model, workload, revision } = latest.current;
      if (next.model !== model || next.workload !== workload || next.revision !== revision) {
        // Targets nobody touched were an offer: another model makes its own.
        const untouched = data.query.slos === null && next.slos === offered.current;
        const href = `/?${serializeExplorerQuery(untouched ? { ...next, slos: null } : next)}`;
        returnFocusTo(next.model === model ? "workload" : "model");
        startTransition(() => router.push(href));
        return;
      }
      latest.current = next;
      setQuery(next);
      if (moving) startBehind(() => setShown(next));
      else setShown(next);
      const url = `/?${serializeExplorerQuery(next)}`;
      // Browsers limit how often the address may change: a drag writes it once it rests.
      addressTimer.current = window.setTimeout(() => window.history.replaceState(null, "", url), ADDRESS_DELAY_MS);
    },
    [router, data.query.slos],
  );

  const { metric, statistic } = view.axes;
  const onLimitChange = useCallback(
    (limitMs: number) => {
      const slos = (latest.current.slos ?? []).map((slo) =>
        slo.metric === metric && slo.statistic === statistic ? { ...slo, limitMs } : slo,
      );
      change({ ...latest.current, slos }, true);
    },
    [change, metric, statistic],
  );

  return (
    <main
      aria-busy={loading}
      className={`mx-auto w-full max-w-[1440px] px-4 pt-4 pb-10 sm:px-8 sm:pt-6 ${loading ? "opacity-60" : ""}`}
    >
      <Notices data={data} query={shown} />
      <AskBar data={data} query={query} view={view} onChange={change} />
      <Answer data={data} query={shown} view={view} onChange={change} />
      {data.workload !== null && view.curves.length > 0 && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-6 border-line border-t pt-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,540px)]">
          <section aria-label="Frontiers">
            <ChartControls query={shown} view={view} onChange={change} />
            <FrontierChart model={chart} limit={limitOn(query.slos ?? [], view.axes)} onLimitChange={onLimitChange} />
            <ChartDataTable data={data} query={shown} view={view} />
          </section>
          <section aria-label="Ranking">
            <RankingTable data={data} query={shown} view={view} onChange={change} />
            <OutsideRanking data={data} query={shown} view={view} onChange={change} />
          </section>
        </div>
      )}
    </main>
  );
}
