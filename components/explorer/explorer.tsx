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
import {
  AnswerSection,
  ChartPart,
  CompareTray,
  HighlightNotice,
  LiveRefresh,
  Notices,
  OutsideRanking,
} from "#explorer-parts";
import { Late } from "@/components/late";
import type { Slo } from "@/lib/domain";
import type { ExplorerData } from "@/lib/explorer/data";
import {
  type ExplorerCurves,
  explorerCurves,
  explorerView,
  hasPlan,
  withOpenAxis,
  withTargets,
} from "@/lib/explorer/explorer-view";
import { questionTitle } from "@/lib/explorer/question-title";
import { type ExplorerQuery, parseExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";
import { rawParams } from "@/lib/params/param";
import { AskBar, returnFocusTo } from "./ask-bar";
import { RankingTable } from "./ranking-table";

const ADDRESS_DELAY_MS = 120;
const NO_SLOS: Slo[] = [];

/**
 * A new question gets a new explorer, so that no state of the old one is left over. New data for the question on screen is shown
 * in the same explorer, so that open editors, focus and scroll position stay.
 */
export function Explorer({ data }: { data: ExplorerData }) {
  const asked = serializeExplorerQuery(data.query);
  const [shown, setShown] = useState({ asked, generation: 0 });
  // Addresses this explorer has written itself: when the server answers one of them, that is not a new question.
  const written = useRef(new Set<string>());
  if (asked !== shown.asked) {
    const isOwn = written.current.has(asked);
    if (!isOwn) written.current = new Set();
    setShown({ asked, generation: shown.generation + (isOwn ? 0 : 1) });
  }
  return <OneExplorer key={shown.generation} data={data} written={written.current} />;
}

/**
 * The explorer. All state is the query, and the query is the URL; everything shown is a pure function of it and the
 * data of one revision, computed alike on the server and in the browser.
 */
function OneExplorer({ data, written }: { data: ExplorerData; written: Set<string> }) {
  const router = useRouter();
  const curves = useMemo(() => explorerCurves(data), [data]);
  const [start] = useState(() => (data.summary === null ? questionHere(data) : data.query));
  const [query, setQuery] = useState(() => firstQuery(start, data, curves));
  // While the limit is dragged, its line follows the pointer at once; answer, frontiers and tables follow as fast as they can
  // be drawn. Every other change is shown at once.
  const [followed, setShown] = useState(query);
  // A summary holds for the question the server answered: that one is shown until the next has been.
  const answered = useMemo(() => firstQuery(data.query, data, curves), [data, curves]);
  const shown = data.summary === null ? followed : answered;
  // The old answer stays, dimmed, until the new model's data has come, so that nothing jumps.
  const [loading, startTransition] = useTransition();
  const view = useMemo(() => explorerView(data, curves, shown), [data, curves, shown]);

  const isSummary = data.summary !== null;
  const latest = useRef(query);
  const offered = useRef(query.slos);
  const addressTimer = useRef<number | undefined>(undefined);
  const movedLast = useRef(false);
  useEffect(() => () => window.clearTimeout(addressTimer.current), []);

  const change = useCallback(
    (next: ExplorerQuery, moving = false) => {
      window.clearTimeout(addressTimer.current);
      const { model, workload, revision } = latest.current;
      if (next.model !== model || next.workload !== workload || next.revision !== revision) {
        // Targets the reader did not set were only offered: another model offers its own.
        const untouched = start.slos === null && next.slos === offered.current;
        const question = untouched ? { ...next, slos: null } : next;
        const isOther = next.model !== model || next.workload !== workload;
        const href = `/?${serializeExplorerQuery(isOther ? { ...question, highlight: [] } : question)}`;
        returnFocusTo(next.model === model ? "workload" : "model");
        startTransition(() => router.push(href));
        return;
      }
      latest.current = next;
      setQuery(next);
      if (moving) startBehind(() => setShown(next));
      else setShown(next);
      // Browsers limit how often the address may change, so a drag writes it only when the pointer rests. The whole drag is one
      // step back.
      addressTimer.current = window.setTimeout(() => {
        const mode = moving && movedLast.current ? "replace" : "push";
        movedLast.current = moving;
        if (isSummary) startTransition(() => askServer(router, next, written, mode));
        else writeAddress(next, written, mode);
      }, ADDRESS_DELAY_MS);
    },
    [router, start.slos, written, isSummary],
  );

  // The browser's back button undoes one step: the address is the question again.
  useEffect(() => {
    const onBack = () => {
      window.clearTimeout(addressTimer.current);
      movedLast.current = false;
      const asked = questionOfAddress(data);
      if (asked === null) return;
      const before = firstQuery(asked, data, curves);
      latest.current = before;
      setQuery(before);
      setShown(before);
    };
    window.addEventListener("popstate", onBack);
    return () => window.removeEventListener("popstate", onBack);
  }, [data, curves]);

  const onNewer = useCallback(() => {
    // The whole question is written to the address first: what the address leaves open could be answered otherwise with the new data.
    const untouched = start.slos === null && latest.current.slos === offered.current;
    writeAddress(untouched ? { ...latest.current, slos: null } : latest.current, written, "replace");
    router.refresh();
  }, [router, start.slos, written]);

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

  const title = questionTitle(shown, data.model?.displayName ?? null);
  useEffect(() => {
    if (title === null) return;
    document.title = `${title} · Inference Quickstart`;
    const kept = { title, address: `/?${serializeExplorerQuery({ ...shown, highlight: [], compare: [] })}` };
    import("@/components/palette/recent-questions").then(
      (module) => module.keepQuestion(kept),
      () => {
        // It is not offered again, no more.
      },
    );
  }, [title, shown]);
  const main = useRef<HTMLElement>(null);

  return (
    <main
      ref={main}
      aria-busy={loading}
      className={`mx-auto w-full max-w-[1440px] px-4 pt-4 pb-10 sm:px-8 sm:pt-6 ${loading ? "opacity-60" : ""}`}
    >
      <Late>
        <LiveRefresh revision={data.query.revision === null ? data.revision.id : null} onNewer={onNewer} />
      </Late>
      <Late>
        <Notices data={data} query={shown} onChange={change} />
      </Late>
      <AskBar data={data} query={query} view={view} onChange={change} />
      <Late>
        <CompareTray query={query} view={view} onChange={change} />
      </Late>
      <Late>
        <AnswerSection data={data} query={shown} view={view} onChange={change} />
      </Late>
      {data.workload !== null && view.curves.length > 0 && (
        <div
          className={`grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-6 border-line border-t pt-3 ${
            // A plan is one column more.
            hasPlan(view)
              ? "lg:grid-cols-[minmax(0,1fr)_minmax(0,640px)]"
              : "lg:grid-cols-[minmax(0,1fr)_minmax(0,540px)]"
          }`}
        >
          <section aria-label="Frontiers" className="lg:sticky lg:top-3 lg:self-start">
            <Late>
              <HighlightNotice data={data} query={shown} view={view} onChange={change} />
            </Late>
            <Late>
              <ChartPart
                root={main}
                data={data}
                query={shown}
                view={view}
                slos={query.slos ?? NO_SLOS}
                onChange={change}
                onLimitChange={onLimitChange}
              />
            </Late>
          </section>
          <section aria-label="Ranking">
            <RankingTable data={data} query={shown} view={view} onChange={change} />
            <Late>
              <OutsideRanking data={data} query={shown} view={view} onChange={change} />
            </Late>
          </section>
        </div>
      )}
    </main>
  );
}

function firstQuery(start: ExplorerQuery, data: ExplorerData, curves: ExplorerCurves): ExplorerQuery {
  const query = withTargets(start, curves);
  return data.shareSlug === null ? query : withOpenAxis(query, curves);
}

/**
 * The question to begin with: the server's, or the one in the address where it is of the same model, workload and revision. They
 * differ when a reader goes back to a page whose address was changed after it had been loaded.
 */
function questionHere(data: ExplorerData): ExplorerQuery {
  if (typeof window === "undefined") return data.query;
  return questionOfAddress(data) ?? data.query;
}

/** The question the address asks; `null` where it is of another model, workload or revision, which other data answers. */
function questionOfAddress(data: ExplorerData): ExplorerQuery | null {
  // A share link's address is its name: it asks what the server read.
  if (window.location.pathname === `/s/${data.shareSlug}`) return data.query;
  const { query } = parseExplorerQuery(rawParams(new URLSearchParams(window.location.search)));
  const { model, workload, revision, highlight } = data.query;
  const isSame =
    (query.model === null || query.model === model) &&
    (query.workload === null || query.workload === workload) &&
    query.revision === revision;
  if (!isSame) return null;
  const named = <T extends { accelerator: string }>(items: readonly T[]): T[] =>
    items.flatMap((item) => {
      const accelerator = data.acceleratorIds[item.accelerator];
      return accelerator === undefined ? [] : { ...item, accelerator };
    });
  const { stock, price } = query.question;
  return {
    ...query,
    model,
    workload,
    question: {
      ...query.question,
      stock: named(stock),
      price: { ...price, ownByAccelerator: named(price.ownByAccelerator) },
    },
    highlight: query.highlight.filter((id) => highlight.includes(id)),
  };
}

/** The question as the page's address: as a step of its own that the back button undoes, or in the place of the last one. */
function writeAddress(query: ExplorerQuery, written: Set<string>, how: "push" | "replace"): void {
  const search = serializeExplorerQuery(query);
  const address = `/?${search}`;
  written.add(search);
  // What changes nothing is no step.
  const isSame = address === `${window.location.pathname}${window.location.search}`;
  if (how === "push" && !isSame) window.history.pushState(null, "", address);
  else window.history.replaceState(null, "", address);
}

/** The question as the page's address, answered by the server. */
function askServer(
  router: ReturnType<typeof useRouter>,
  query: ExplorerQuery,
  written: Set<string>,
  mode: "push" | "replace",
): void {
  const search = serializeExplorerQuery(query);
  written.add(search);
  router[mode](`/?${search}`, { scroll: false });
}
