import type { ChartModel } from "./model";
import type { ChartGeometry } from "./placed";
import { tickLabel } from "./scale";

interface AxesProps {
  geometry: ChartGeometry;
  model: ChartModel;
  /** Positions of values: from our scales in the server's picture, from those of recharts in the live chart. */
  xPixel: (value: number) => number;
  yPixel: (value: number) => number;
}

/** Grid, ticks and titles of both axes: one drawing, so that nothing changes when the live chart takes the picture's place. */
export function ChartAxes({ geometry, model, xPixel, yPixel }: AxesProps) {
  const { plot, x, y, size } = geometry;
  return (
    <g>
      {y.ticks.map((tick) => (
        <g key={tick} data-tick="y">
          <line x1={plot.left} x2={plot.right} y1={yPixel(tick)} y2={yPixel(tick)} className="chart-grid" />
          <text x={plot.left - 8} y={yPixel(tick) + 4} textAnchor="end" className="chart-tick">
            {tickLabel(tick)}
          </text>
        </g>
      ))}
      <line x1={plot.left} x2={plot.right} y1={plot.bottom} y2={plot.bottom} className="chart-axis" />
      {x.ticks.map((tick) => (
        <g key={tick} data-tick="x">
          <line x1={xPixel(tick)} x2={xPixel(tick)} y1={plot.bottom} y2={plot.bottom + 4} className="chart-axis" />
          <text x={xPixel(tick)} y={plot.bottom + 18} textAnchor="middle" className="chart-tick">
            {tickLabel(tick)}
          </text>
        </g>
      ))}
      <text x={plot.left} y={13} className="chart-title">
        {model.yLabel}
        {y.kind === "log" ? " (log)" : ""}
      </text>
      <text x={plot.right} y={size.height - 8} textAnchor="end" className="chart-title">
        {model.xLabel} →
      </text>
    </g>
  );
}
