import { type RefObject, useMemo } from "react";
import { FrontierChart } from "@/components/frontier-chart/frontier-chart";
import { limitOn } from "@/components/frontier-chart/limit";
import { useLitOwner } from "@/components/frontier-chart/use-lit-owner";
import type { Slo } from "@/lib/domain";
import { ChartControls } from "./chart-controls";
import { ChartDataTable } from "./chart-data-table";
import { explorerChart } from "./explorer-chart";
import type { ExplorerProps } from "./explorer-props";
import { ChartDownloads } from "./export-buttons";

interface ChartPartProps extends ExplorerProps {
  /** Where rows and points that belong together light up together. */
  root: RefObject<HTMLElement | null>;
  /** Targets as they are moved, ahead of the view. */
  slos: readonly Slo[];
  onLimitChange: (limitMs: number) => void;
}

/** The chart with its axes, its downloads and its points as a table. */
export function ChartPart({ root, data, query, view, slos, onChange, onLimitChange }: ChartPartProps) {
  useLitOwner(root);
  const chart = useMemo(() => explorerChart(data, view, query), [data, view, query]);
  if (chart.series.length === 0) {
    return (
      <p className="text-[13px] text-muted" data-nothing-drawn="">
        Nothing to draw: no point that counts has both a latency and a throughput.
      </p>
    );
  }
  return (
    <>
      <ChartControls query={query} view={view} onChange={onChange} />
      <FrontierChart model={chart} limit={limitOn(slos, view.axes)} onLimitChange={onLimitChange} />
      <ChartDownloads data={data} query={query} view={view} />
      <ChartDataTable data={data} query={query} view={view} />
    </>
  );
}
