import { memo } from "react";
import { useXAxisScale, useYAxisScale, XAxis, YAxis } from "recharts";
import { ChartAxes } from "./axes";
import type { ChartGeometry } from "./geometry";
import type { ChartModel } from "./model";

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
  return (
    <ChartAxes
      geometry={geometry}
      model={model}
      xPixel={(value) => xScale(value) ?? Number.NaN}
      yPixel={(value) => yScale(value) ?? Number.NaN}
    />
  );
}
