import { METRICS, type Metric, STATISTICS, type Statistic } from "@/lib/domain";
import { formatCount } from "@/lib/format";
import type { Axes } from "@/lib/frontier/axes";
import type { ExplorerQuery } from "@/lib/search-params";
import { METRIC_LABELS, precisionLabel, STATISTIC_LABELS } from "@/lib/words";
import { type ExplorerView, precisionShape } from "./view-model";

interface ChartControlsProps {
  query: ExplorerQuery;
  view: ExplorerView;
  onChange: (query: ExplorerQuery) => void;
}

const THROUGHPUT_CHOICES: [Axes["throughput"], string][] = [
  ["accelerator", "per accelerator"],
  ["deployment", "per deployment"],
  ["usd", "per US dollar"],
];

const SHAPE_SIGNS = { circle: "●", diamond: "◆", square: "■", triangle: "▲", cross: "✚" } as const;

/** Axes of the chart. Only what was measured here can be chosen. */
export function ChartControls({ query, view, onChange }: ChartControlsProps) {
  const { axes } = view;
  const metrics = METRICS.filter((metric) => view.available.some((item) => item.metric === metric && item.points > 0));
  const statistics = STATISTICS.filter((statistic) => available(view, axes.metric, statistic));
  const points = view.frontiers.reduce((sum, item) => sum + item.points.length + item.dominated.length, 0);
  const precisions = [
    ...new Set(view.frontiers.flatMap((f) => f.points.map((p) => p.curve.configuration.precision))),
  ].sort();

  function set(next: Partial<{ throughput: Axes["throughput"]; metric: Metric; statistic: Statistic }>) {
    const merged = { ...axes, ...next };
    const statistic = available(view, merged.metric, merged.statistic)
      ? merged.statistic
      : (STATISTICS.find((item) => available(view, merged.metric, item)) ?? merged.statistic);
    onChange({
      ...query,
      axes: { throughput: merged.throughput, latency: { metric: merged.metric, statistic } },
    });
  }

  return (
    <div className="mb-1 flex flex-wrap items-center gap-x-3 text-[13px] text-muted">
      <label>
        Throughput{" "}
        <select
          className="inline-select"
          value={axes.throughput}
          onChange={(event) => set({ throughput: event.target.value as Axes["throughput"] })}
        >
          {THROUGHPUT_CHOICES.filter(([id]) => id !== "usd" || view.pricedAccelerators > 0).map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Latency{" "}
        <select
          className="inline-select"
          value={axes.metric}
          onChange={(event) => set({ metric: event.target.value as Metric })}
        >
          {metrics.map((metric) => (
            <option key={metric} value={metric}>
              {METRIC_LABELS[metric]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="sr-only">Statistic</span>
        <select
          className="inline-select"
          value={axes.statistic}
          onChange={(event) => set({ statistic: event.target.value as Statistic })}
        >
          {statistics.map((statistic) => (
            <option key={statistic} value={statistic}>
              {STATISTIC_LABELS[statistic]}
            </option>
          ))}
        </select>
      </label>
      <span className="sm:ml-auto">
        {precisions.map((precision) => (
          <span key={precision ?? "unknown"} className="mr-2">
            <span aria-hidden="true">{SHAPE_SIGNS[precisionShape(precision)]}</span> {precisionLabel(precision)}
          </span>
        ))}
        {formatCount(points)} points
      </span>
    </div>
  );
}

function available(view: ExplorerView, metric: Metric, statistic: Statistic): boolean {
  return view.available.some((item) => item.metric === metric && item.statistic === statistic && item.points > 0);
}
