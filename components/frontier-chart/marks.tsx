import { memo, useId } from "react";
import { acceleratorColor, variantDashes } from "./colors";
import { limitPixel } from "./geometry";
import type { ChartLimit, MarkShape } from "./model";
import type { ChartGeometry, PlacedMark } from "./placed";

/** The region that meets the limit, tinted. */
export function FeasibleRegion({ geometry, limit }: { geometry: ChartGeometry; limit: ChartLimit | null }) {
  if (limit === null) return null;
  const { plot } = geometry;
  const top = limitPixel(geometry, limit.value);
  return (
    <rect
      x={plot.left}
      y={top}
      width={plot.right - plot.left}
      height={Math.max(0, plot.bottom - top)}
      className="chart-feasible"
    />
  );
}

/**
 * The picture inside the axes as pure SVG: drawn by the server into the page, and by the browser as the custom layer
 * of the live chart. Same component, same pixels. It does not depend on the limit, so a drag leaves it alone.
 */
export const Marks = memo(function Marks({
  geometry,
  activeId,
}: {
  geometry: ChartGeometry;
  activeId?: string | null;
}) {
  const clip = useId();
  const { plot } = geometry;
  const clipped = geometry.isWindow ? `url(#${clip})` : undefined;
  const hasEmphasis = geometry.series.some(({ series }) => series.emphasised === true);
  return (
    <g>
      {geometry.isWindow && (
        <clipPath id={clip}>
          <rect x={plot.left} y={plot.top} width={plot.right - plot.left} height={plot.bottom - plot.top} />
        </clipPath>
      )}
      {geometry.series.map(({ series, dominatedPath }) => (
        <path
          key={series.id}
          d={dominatedPath}
          strokeWidth={4}
          strokeLinecap="round"
          opacity={0.28}
          style={{ stroke: acceleratorColor(series.accelerator) }}
        />
      ))}
      {geometry.series.map(({ series, path, marks, label }) => (
        <g
          key={series.id}
          style={{ color: acceleratorColor(series.accelerator, series.variant) }}
          data-series={series.id}
          data-emphasised={series.emphasised === true ? "" : undefined}
        >
          {series.emphasised === true && <path d={path} className="chart-casing" clipPath={clipped} />}
          <g opacity={hasEmphasis && series.emphasised !== true ? 0.4 : undefined}>
            <path
              d={path}
              fill="none"
              stroke="currentColor"
              strokeWidth={series.emphasised === true ? 3.5 : 2}
              strokeDasharray={variantDashes(series.variant)}
              strokeLinejoin="round"
              clipPath={clipped}
            />
            {marks.map((placed) => (
              <Mark
                key={placed.mark.id}
                placed={placed}
                active={placed.mark.id === activeId}
                emphasised={series.emphasised === true}
              />
            ))}
          </g>
          {label !== null && (
            <>
              {label.leader !== null && <line {...label.leader} stroke="currentColor" className="chart-leader" />}
              <text x={label.px} y={label.py} className="chart-end-label" data-label={series.id}>
                {series.label}
              </text>
            </>
          )}
        </g>
      ))}
      {geometry.rings.map(({ ring, px, py, path }) => (
        <g
          key={`${ring.accelerator}-${ring.x}-${ring.y}`}
          style={{ color: acceleratorColor(ring.accelerator) }}
          data-ring={ring.kind}
        >
          {path !== "" && (
            <path d={path} fill="none" stroke="currentColor" strokeWidth={1.2} clipPath={clipped} data-ring-path="" />
          )}
          <circle cx={px} cy={py} r={ring.winner ? 9 : 7} fill="none" stroke="currentColor" strokeWidth={2.2} />
          {ring.kind === "interpolated" && <circle cx={px} cy={py} r={2.6} className="chart-hollow" />}
          {ring.kind === "atLeast" && (
            <path d={`M${px + 12} ${py - 4}l6 4l-6 4`} fill="none" stroke="currentColor" strokeWidth={2} />
          )}
        </g>
      ))}
    </g>
  );
});

function Mark({
  placed: { mark, px, py },
  active,
  emphasised,
}: {
  placed: PlacedMark;
  active: boolean;
  emphasised: boolean;
}) {
  return (
    <path
      d={shapePath(mark.shape, px, py, active ? 6.5 : emphasised ? 5.4 : 4.2)}
      className={mark.basis === "derived" ? "chart-derived" : undefined}
      fill="currentColor"
      stroke="currentColor"
      strokeWidth={1.4}
      data-point={mark.id}
      data-owner={mark.owner}
    />
  );
}

/** Outline of a mark of the given half-size around a pixel. */
function shapePath(shape: MarkShape, x: number, y: number, r: number): string {
  const f = (n: number) => Math.round(n * 10) / 10;
  switch (shape) {
    case "circle":
      return `M${f(x - r)} ${f(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    case "diamond":
      return `M${f(x)} ${f(y - r * 1.25)}L${f(x + r * 1.25)} ${f(y)}L${f(x)} ${f(y + r * 1.25)}L${f(x - r * 1.25)} ${f(y)}z`;
    case "square":
      return `M${f(x - r * 0.9)} ${f(y - r * 0.9)}h${f(r * 1.8)}v${f(r * 1.8)}h${f(-r * 1.8)}z`;
    case "triangle":
      return `M${f(x)} ${f(y - r * 1.2)}L${f(x + r * 1.15)} ${f(y + r)}L${f(x - r * 1.15)} ${f(y + r)}z`;
    case "cross":
      return `M${f(x - r)} ${f(y)}h${f(2 * r)}M${f(x)} ${f(y - r)}v${f(2 * r)}`;
  }
}
