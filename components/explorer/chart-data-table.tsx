"use client";

import { memo, useMemo, useState } from "react";
import { download } from "@/components/download";
import { compareText } from "@/lib/compare-text";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { configurationHref, type ExplorerView } from "@/lib/explorer/explorer-view";
import { configurationFields, provenanceOf, type ViewProvenance } from "@/lib/explorer/ranking-export";
import { formatNumber, plural } from "@/lib/format";
import type { ChartPoint } from "@/lib/frontier/frontiers";
import { METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";
import { configurationSubtitle, loadLabel } from "@/lib/words";
import { Distinction } from "./distinction";
import type { ExplorerProps } from "./explorer-props";

interface ChartRow extends ChartPoint {
  frontier: boolean;
}

type SortKey = "accelerator" | "load" | "x" | "y";

/** The chart as a table: the same points, sortable, to download in full precision. */
export const ChartDataTable = memo(function ChartDataTable({ data, query, view }: Omit<ExplorerProps, "onChange">) {
  const [sort, setSort] = useState<{ key: SortKey; descending: boolean }>({ key: "accelerator", descending: false });
  const [everyPoint, setEveryPoint] = useState(false);
  const [open, setOpen] = useState(false);
  // The server writes the rows into the page; after that a closed table is not kept up to date with every change.
  const [firstView] = useState(view);
  const listed = open || view === firstView;
  const rows = useMemo(() => (listed ? sortedRows(view, sort, everyPoint) : []), [listed, view, sort, everyPoint]);
  const count = view.frontiers.reduce(
    (sum, frontier) => sum + frontier.points.length + (everyPoint ? frontier.dominated.length : 0),
    0,
  );
  const yTitle = `${METRIC_LABELS[view.axes.metric]} ${STATISTIC_LABELS[view.axes.statistic]}, ms`;
  const xTitle = {
    accelerator: "tok/s per accelerator",
    deployment: "tok/s per deployment",
    usd: "tokens per $",
    watt: "tok/s per W",
  }[view.axes.throughput];
  const told = () =>
    provenanceOf(
      data,
      query,
      view.question,
      rows.map(({ curve }) => curve.source.name),
    );
  const nameOf = (id: string) => acceleratorName(data.accelerators, id);

  function header(key: SortKey, title: string, text = false) {
    const direction = sort.key === key ? (sort.descending ? "descending" : "ascending") : "none";
    return (
      <th scope="col" className={text ? "text" : ""} aria-sort={direction}>
        <button type="button" onClick={() => setSort({ key, descending: sort.key === key && !sort.descending })}>
          {title}{" "}
          <span aria-hidden="true">{direction === "ascending" ? "↑" : direction === "descending" ? "↓" : ""}</span>
        </button>
      </th>
    );
  }

  return (
    <details
      className="mt-3 border-line border-t pt-2"
      data-table="chart"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="font-semibold">
        The chart as a table
        <span className="font-normal text-muted"> · {plural(count, "point")}</span>
      </summary>
      <div className="mt-1 flex flex-wrap gap-x-5 text-[13px]">
        <label className="flex items-center gap-1.5 text-muted">
          <input type="checkbox" checked={everyPoint} onChange={(event) => setEveryPoint(event.target.checked)} />
          With the points off the frontiers
        </label>
        <button
          type="button"
          className="link"
          onClick={async () => download(await csv(rows, view, told()), `${data.workload?.workloadId ?? "points"}.csv`)}
        >
          Download CSV
        </button>
      </div>
      <div className="max-h-[420px] overflow-auto">
        <table className="data-table">
          <thead>
            <tr>
              {header("accelerator", "Configuration", true)}
              {header("load", "Load")}
              {header("x", xTitle)}
              {header("y", yTitle)}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.point.pointId} data-point-row={row.point.pointId}>
                <td className="text">
                  <a
                    className="hover:underline"
                    href={configurationHref(row.curve.configuration.configurationId, query, view)}
                  >
                    {nameOf(row.curve.configuration.accelerator)} × {row.curve.configuration.acceleratorCount}
                  </a>
                  <div className="text-[12px] text-muted">
                    {configurationSubtitle(row.curve.configuration)}
                    {row.frontier ? "" : " · off the frontier"}
                  </div>
                  <Distinction of={row.curve.configuration} among={data.distinctions} />
                </td>
                <td className="whitespace-nowrap">{loadLabel(row.point.loadKind, row.point.loadValue)}</td>
                <td className="whitespace-nowrap">
                  {formatNumber(row.x)}
                  {row.basis === "derived" && <div className="text-[12px] text-muted italic">derived</div>}
                </td>
                <td>{formatNumber(row.y)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
});

function sortedRows(view: ExplorerView, sort: { key: SortKey; descending: boolean }, everyPoint: boolean): ChartRow[] {
  const rows = view.frontiers.flatMap((frontier) => [
    ...frontier.points.map((point): ChartRow => ({ ...point, frontier: true })),
    ...(everyPoint ? frontier.dominated.map((point): ChartRow => ({ ...point, frontier: false })) : []),
  ]);
  const keys: Record<SortKey, (row: ChartRow) => string | number> = {
    accelerator: (row) => row.curve.configuration.accelerator,
    load: (row) => row.point.loadValue ?? Number.POSITIVE_INFINITY,
    x: (row) => row.x,
    y: (row) => row.y,
  };
  const key = keys[sort.key];
  const sign = sort.descending ? -1 : 1;
  return rows.sort((a, b) => {
    const left = key(a);
    const right = key(b);
    const order = left < right ? -1 : left > right ? 1 : 0;
    return sign * order || a.x - b.x || compareText(a.point.pointId, b.point.pointId);
  });
}

/** Full precision, with what identifies each point. The writer is downloaded when first wanted. */
async function csv(rows: readonly ChartRow[], view: ExplorerView, { asked, path }: ViewProvenance): Promise<string> {
  const { stringify } = await import("csv-stringify/browser/esm/sync");
  const x = { accelerator: "second_per_accelerator", deployment: "second", usd: "usd", watt: "second_per_watt" }[
    view.axes.throughput
  ];
  const link = new URL(path, window.location.origin).href;
  const records = rows.map((row) => {
    const { source, measuredOn } = row.curve;
    return {
      ...configurationFields(row.curve),
      load_kind: row.point.loadKind,
      load_value: row.point.loadValue,
      [`output_tokens_per_${x}`]: row.x,
      throughput_basis: row.basis,
      [`${view.axes.metric}_ms_${view.axes.statistic}`]: row.y,
      on_frontier: row.frontier ? "yes" : "no",
      source: source.name,
      measured_on: measuredOn,
      asked,
      link,
    };
  });
  return stringify(records, { header: true, escape_formulas: true });
}
