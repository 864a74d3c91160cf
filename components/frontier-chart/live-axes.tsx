import { memo } from "react";
import { useXAxisScale, useYAxisScale, XAxis, YAxis } from "recharts";
import { ChartAxes } from "./axes";
import type { ChartModel } from "./model";
import type { ChartGeometry } from "./placed";

interface LiveAxesProps {
  geometry: ChartGeometry;
  model: ChartModel;
}

/**
 * Axes of the live chart: recharts lays them out on the domain it is given. The same for the same geometry, so that recharts has
 * nothing to do while the limit moves.
 */
export const LiveAxes = memo(function LiveAxes({ geometry, model }: LiveAxesProps) {
  const { x, y } = geometry;
  return (
    <>
      <XAxis type="number" dataKey="x" scale={x.kind} domain={x.domain} allowDataOverflow hide />
      <YAxis type="number" dataKey="y" scale={y.kind} domain={y.domain} allowDataOverflow hide />
      <PlacedAxes geometry={geometry} model={model} />
    </>
  );
});

/** The axes where recharts places them. */
function PlacedAxes({ geometry, model }: LiveAxesProps) {
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  if (xScale === undefined || yScale === undefined) return null;
  // Right after an axis changed from linear to logarithmic recharts still has the old scale, in which 0 has no place: until it has
  // the new one, ours, which is the same, places the ticks.
  const placed = (pixel: number | undefined, own: number) =>
    pixel !== undefined && Number.isFinite(pixel) ? pixel : own;
  return (
    <ChartAxes
      geometry={geometry}
      model={model}
      xPixel={(value) => placed(xScale(value), geometry.x.toPixel(value))}
      yPixel={(value) => placed(yScale(value), geometry.y.toPixel(value))}
    />
  );
}
