"use client";

import { type ReactNode, useState } from "react";
import { download } from "@/components/download";
import { provenanceOf, rankingMarkdown, rankingRecords, type ViewProvenance } from "@/lib/explorer/ranking-export";
import type { RankedConfiguration } from "@/lib/selection/types";
import type { ExplorerProps } from "./explorer-props";

function absolute(path: string): string {
  return new URL(path, window.location.origin).href;
}

/** `gpt-oss-120b-random-1024-1024`: what a file of a view is called. */
function fileStem({ data }: Pick<ExplorerProps, "data">): string {
  const model = (data.model?.id ?? "model").split("/").at(-1) ?? "model";
  return `${model}-${data.workload?.workloadId ?? "points"}`.replaceAll(/[^\w.-]+/g, "-");
}

function useNotice(): [ReactNode, (work: () => Promise<string> | string) => void] {
  const [text, setText] = useState("");
  const notice = (
    <span role="status" className="text-muted">
      {text}
    </span>
  );
  const run = (work: () => Promise<string> | string) => {
    Promise.resolve()
      .then(work)
      .then(setText, (error: unknown) => setText(error instanceof Error ? error.message : "That did not work."));
  };
  return [notice, run];
}

/** The chart as it is seen, as a picture for slides and posts. */
export function ChartDownloads({ data, query, view }: Omit<ExplorerProps, "onChange">) {
  const [notice, run] = useNotice();
  const sources = view.frontiers.flatMap((frontier) => frontier.points.map(({ curve }) => curve.source.name));
  async function picture(kind: "png" | "svg") {
    const chart = document.querySelector("[data-chart]");
    if (chart === null) throw new Error("There is no chart on this page.");
    const { path, ...words } = provenanceOf(data, query, view.question, sources);
    const { chartPng, chartSvg } = await import("@/components/frontier-chart/export-picture");
    const asked = { ...words, link: absolute(path) };
    download(kind === "png" ? await chartPng(chart, asked) : chartSvg(chart, asked), `${fileStem({ data })}.${kind}`);
    return `The ${kind.toUpperCase()} was saved.`;
  }
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-4 text-[13px]" data-exports="chart">
      <button type="button" className="link tap" onClick={() => run(() => picture("png"))}>
        PNG
      </button>
      <button type="button" className="link tap" onClick={() => run(() => picture("svg"))}>
        SVG
      </button>
      {notice}
    </div>
  );
}

/** The rows of the ranking that are seen, for a pull request, a chat or a spreadsheet. */
export function RankingDownloads({
  rows,
  data,
  query,
  view,
}: Omit<ExplorerProps, "onChange"> & { rows: readonly RankedConfiguration[] }) {
  const [notice, run] = useNotice();
  const [refused, setRefused] = useState<string | null>(null);
  const provenance = (): ViewProvenance =>
    provenanceOf(
      data,
      query,
      view.question,
      rows.map(({ curve }) => curve.source.name),
    );
  async function copy() {
    const told = provenance();
    const text = `${rankingMarkdown(rows, data, view.question, told)}${absolute(told.path)}\n`;
    try {
      await navigator.clipboard.writeText(text);
      setRefused(null);
      return "Copied.";
    } catch {
      setRefused(text);
      return "The browser refused: copy it from here.";
    }
  }
  async function csv() {
    const { stringify } = await import("csv-stringify/browser/esm/sync");
    const told = provenance();
    const records = rankingRecords(rows, view.question, told, absolute(told.path));
    download(stringify(records, { header: true, escape_formulas: true }), `${fileStem({ data })}-ranking.csv`);
    return "The CSV was saved.";
  }
  return (
    <div className="mt-1 text-[13px]" data-exports="ranking">
      <div className="flex flex-wrap items-center gap-x-4">
        <button type="button" className="link tap" onClick={() => run(copy)}>
          Copy as Markdown
        </button>
        <button type="button" className="link tap" onClick={() => run(csv)}>
          CSV of these rows
        </button>
        {notice}
      </div>
      {refused !== null && (
        <textarea
          readOnly
          aria-label="The Markdown"
          className="field mt-1 h-32 w-full font-mono text-[12px]"
          value={refused}
        />
      )}
    </div>
  );
}
