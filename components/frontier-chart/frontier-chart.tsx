"use client";

import { type ComponentType, useEffect, useMemo, useRef, useState } from "react";
import { ChartKey } from "./chart-key";
import { ChartLegend } from "./chart-legend";
import { NARROW, WIDE } from "./geometry";
import type { LiveChartProps } from "./live-chart";
import type { ChartLimit, ChartModel } from "./model";
import type { ChartSize } from "./placed";
import { StaticChart } from "./static-chart";

/** Below this width the narrow layout is drawn, px. */
const NARROW_BELOW_PX = 520;

const NONE: ReadonlySet<string> = new Set();

/** The chart without some of its curves; whole where none of the others is there any more. */
function withoutSeries(model: ChartModel, hidden: ReadonlySet<string>): ChartModel {
  if (hidden.size === 0 || model.series.every(({ id }) => hidden.has(id))) return model;
  return {
    ...model,
    series: model.series.filter(({ id }) => !hidden.has(id)),
    rings: model.rings.filter(({ series }) => !hidden.has(series)),
  };
}

/**
 * The chart. The server's static picture is shown until the live one (recharts, downloaded separately) replaces it in a box
 * of the same size, so that nothing moves.
 */
export function FrontierChart({
  model,
  limit,
  onLimitChange,
}: {
  model: ChartModel;
  limit: ChartLimit | null;
  onLimitChange?: (value: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<ChartSize | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(NONE);
  const drawn = useMemo(() => withoutSeries(model, hidden), [model, hidden]);
  const [Live, setLive] = useState<ComponentType<LiveChartProps> | null>(null);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0) setSize({ width: Math.floor(width), height: Math.floor(height), narrow: width < NARROW_BELOW_PX });
    });
    observer.observe(element);
    let wanted = true;
    // After the page can be used, not before: the picture is already there.
    const load = () => {
      import("./live-chart").then(
        (module) => {
          if (wanted) setLive(() => module.LiveChart);
        },
        () => {
          // Without the download the static picture stays: it is complete.
        },
      );
    };
    const handle = window.setTimeout(load, 0);
    return () => {
      wanted = false;
      observer.disconnect();
      window.clearTimeout(handle);
    };
  }, []);

  const isLive = Live !== null && size !== null;
  return (
    <>
      <div ref={box} className="chart-box" data-chart={isLive ? "live" : "static"}>
        {isLive ? (
          <Live model={drawn} limit={limit} size={size} onLimitChange={onLimitChange} />
        ) : (
          <>
            <StaticChart model={model} limit={limit} size={WIDE} className="chart-wide" />
            <StaticChart model={model} limit={limit} size={NARROW} className="chart-narrow" />
          </>
        )}
      </div>
      <ChartLegend series={model.series} hidden={hidden} onChange={isLive ? setHidden : null} />
      <ChartKey />
    </>
  );
}
