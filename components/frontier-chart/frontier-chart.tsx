"use client";

import { type ComponentType, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ChartKey } from "./chart-key";
import { ChartLegend } from "./chart-legend";
import { chartGeometry, NARROW, WIDE } from "./geometry";
import type { LiveChartProps } from "./live-chart";
import type { ChartLimit, ChartModel } from "./model";
import type { ChartSize } from "./placed";
import { StaticChart } from "./static-chart";
import { type ChartWindow, zoomed } from "./zoom";

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
  const axes = `${model.xLabel}|${model.yLabel}|${model.yScale}`;
  // A part of other axes is nothing to look at.
  const [part, setPart] = useState<{ axes: string; window: ChartWindow | null }>({ axes, window: null });
  const shownPart = part.axes === axes ? part.window : null;
  const show = useCallback((next: ChartWindow | null) => setPart({ axes, window: next }), [axes]);
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
  const step = (factor: number) => {
    if (size === null) return;
    const whole = chartGeometry(drawn, size, limit?.value ?? null);
    show(zoomed(shownPart === null ? whole : chartGeometry(drawn, size, null, shownPart), whole, factor));
  };
  return (
    <>
      <div ref={box} className="chart-box" data-chart={isLive ? "live" : "static"}>
        {isLive ? (
          <Live
            model={drawn}
            limit={limit}
            size={size}
            onLimitChange={onLimitChange}
            window={shownPart}
            onWindowChange={show}
          />
        ) : (
          <>
            <StaticChart model={model} limit={limit} size={WIDE} className="chart-wide" />
            <StaticChart model={model} limit={limit} size={NARROW} className="chart-narrow" />
          </>
        )}
      </div>
      <ChartLegend series={model.series} hidden={hidden} onChange={isLive ? setHidden : null} />
      {isLive && <ZoomButtons window={shownPart} onChange={show} onStep={step} />}
      <ChartKey />
    </>
  );
}

/** A step of the zoom by button. */
const ZOOM_STEP = 1.6;

/** Zoom for hands without a mouse, and the way back for all. */
function ZoomButtons({
  window: shown,
  onChange,
  onStep,
}: {
  window: ChartWindow | null;
  onChange: (window: null) => void;
  onStep: (factor: number) => void;
}) {
  return (
    <div className="flex flex-wrap gap-x-4 text-[13px]" data-zoom={shown === null ? "" : "part"}>
      <button type="button" className="link tap" onClick={() => onStep(ZOOM_STEP)}>
        Zoom in
      </button>
      {shown !== null && (
        <>
          <button type="button" className="link tap" onClick={() => onStep(1 / ZOOM_STEP)}>
            Zoom out
          </button>
          <button type="button" className="link tap" onClick={() => onChange(null)}>
            Whole chart
          </button>
        </>
      )}
    </div>
  );
}
