import { ChartAxes } from "./axes";
import { chartGeometry, limitLabel, limitPixel } from "./geometry";
import { FeasibleRegion, Marks } from "./marks";
import type { ChartLimit, ChartModel } from "./model";
import type { ChartGeometry, ChartSize } from "./placed";

/** The whole chart as one static SVG: what the server sends, and all there is without JavaScript. */
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
      <ChartAxes geometry={geometry} model={model} xPixel={geometry.x.toPixel} yPixel={geometry.y.toPixel} />
      <FeasibleRegion geometry={geometry} limit={limit} />
      <Marks geometry={geometry} />
      {limit !== null && <LimitLine geometry={geometry} limit={limit} />}
    </svg>
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
