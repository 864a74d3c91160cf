import { type ChartGeometry, type ChartSize, chartGeometry, limitLabel, limitPixel } from "./geometry";
import { FeasibleRegion, Marks } from "./marks";
import type { ChartLimit, ChartModel } from "./model";
import { tickLabel } from "./scale";

/** The whole chart as one static SVG with simple axes: what the server sends and what stands without JavaScript. */
export function StaticChart({
  model,
  limit,
  size,
  className,
}: {
  model: ChartModel;
  limit: ChartLimit | null;
  size: ChartSize;
  className?: string;
}) {
  const geometry = chartGeometry(model, size, limit?.value ?? null);
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      className={className}
      width="100%"
      height="100%"
      role="img"
      aria-label={model.description}
      preserveAspectRatio="xMidYMid meet"
    >
      <StaticAxes geometry={geometry} model={model} />
      <FeasibleRegion geometry={geometry} limit={limit} />
      <Marks geometry={geometry} />
      {limit !== null && <LimitLine geometry={geometry} limit={limit} />}
    </svg>
  );
}

/** Grid, ticks and axis titles. */
function StaticAxes({ geometry, model }: { geometry: ChartGeometry; model: ChartModel }) {
  const { plot, x, y } = geometry;
  return (
    <g>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={plot.left} x2={plot.right} y1={y.toPixel(tick)} y2={y.toPixel(tick)} className="chart-grid" />
          <text x={plot.left - 8} y={y.toPixel(tick) + 4} textAnchor="end" className="chart-tick">
            {tickLabel(tick)}
          </text>
        </g>
      ))}
      <line x1={plot.left} x2={plot.right} y1={plot.bottom} y2={plot.bottom} className="chart-axis" />
      {x.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={x.toPixel(tick)}
            x2={x.toPixel(tick)}
            y1={plot.bottom}
            y2={plot.bottom + 4}
            className="chart-axis"
          />
          <text x={x.toPixel(tick)} y={plot.bottom + 18} textAnchor="middle" className="chart-tick">
            {tickLabel(tick)}
          </text>
        </g>
      ))}
      <AxisTitles geometry={geometry} model={model} />
    </g>
  );
}

/** Titles at the axes' ends: the y title above the plot, the x title below its right end. */
export function AxisTitles({ geometry, model }: { geometry: ChartGeometry; model: ChartModel }) {
  const { plot, y, size } = geometry;
  return (
    <>
      <text x={plot.left} y={13} className="chart-title">
        {model.yLabel}
        {y.kind === "log" ? " (log)" : ""}
      </text>
      <text x={plot.right} y={size.height - 8} textAnchor="end" className="chart-title">
        {model.xLabel} →
      </text>
    </>
  );
}

/** The limit as a dashed line with its label as a pill at the right. */
export function LimitLine({ geometry, limit }: { geometry: ChartGeometry; limit: ChartLimit }) {
  const { plot, size } = geometry;
  const label = limitLabel(geometry, limit);
  const y = limitPixel(geometry, limit.value);
  const width = label.length * 7 + 22;
  const left = size.narrow ? plot.right - width : plot.right + 4;
  return (
    <g className="chart-limit">
      <line x1={plot.left} x2={plot.right} y1={y} y2={y} />
      <rect x={left} y={y - 11} width={width} height={22} rx={11} />
      <text x={left + width / 2} y={y + 4} textAnchor="middle">
        {label}
      </text>
    </g>
  );
}
