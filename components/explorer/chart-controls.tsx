import { memo } from "react";
import { LatencyAxisSelect } from "@/components/latency-axis-select";
import { Select } from "@/components/select";
import { plural } from "@/lib/format";
import type { Axes, AxisScale } from "@/lib/frontier/axes";
import { precisionLabel } from "@/lib/words";
import { precisionShape } from "./explorer-chart";
import type { ExplorerProps } from "./explorer-props";

const THROUGHPUT_CHOICES: [Axes["throughput"], string][] = [
  ["accelerator", "per accelerator"],
  ["deployment", "per deployment"],
  ["usd", "per US dollar"],
  ["watt", "per watt"],
];

const SCALE_CHOICES: [AxisScale, string][] = [
  ["auto", "automatic scale"],
  ["log", "logarithmic"],
  ["linear", "linear"],
];

const SHAPE_SIGNS = { circle: "●", diamond: "◆", square: "■", triangle: "▲", cross: "✚" } as const;

/** Axes of the chart. Only what was measured here can be chosen. */
export const ChartControls = memo(function ChartControls({ query, view, onChange }: Omit<ExplorerProps, "data">) {
  const { axes } = view;
  const points = view.frontiers.reduce((sum, item) => sum + item.points.length + item.dominated.length, 0);
  const precisions = [
    ...new Set(view.frontiers.flatMap((f) => f.points.map((p) => p.curve.configuration.precision))),
  ].sort();

  return (
    <div className="mb-1 flex flex-wrap items-center gap-x-3 text-[13px] text-muted">
      <label>
        Throughput{" "}
        <Select
          className="inline-select"
          choices={THROUGHPUT_CHOICES.filter(
            ([id]) => (id !== "usd" || view.pricedAccelerators > 0) && (id !== "watt" || view.poweredAccelerators > 0),
          )}
          value={axes.throughput}
          onChoose={(throughput) => onChange({ ...query, axes: { ...query.axes, throughput } })}
        />
      </label>
      <LatencyAxisSelect
        axis={axes}
        available={view.available}
        onChange={(latency) => onChange({ ...query, axes: { ...query.axes, latency } })}
      />
      <Select
        aria-label="Scale of the latency axis"
        className="inline-select"
        choices={SCALE_CHOICES}
        value={query.axes.scale}
        onChoose={(scale) => onChange({ ...query, axes: { ...query.axes, scale } })}
      />
      <span className="sm:ml-auto">
        {precisions.map((precision) => (
          <span key={precision ?? "unknown"} className="mr-2">
            <span aria-hidden="true">{SHAPE_SIGNS[precisionShape(precision)]}</span> {precisionLabel(precision)}
          </span>
        ))}
        {plural(points, "point")}
      </span>
    </div>
  );
});
