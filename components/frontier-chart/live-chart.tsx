"use client";

import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { ScatterChart } from "recharts";
import { chartGeometry } from "./geometry";
import { LimitHandle } from "./limit-handle";
import { LiveAxes } from "./live-axes";
import { FeasibleRegion, Marks } from "./marks";
import type { ChartLimit, ChartModel } from "./model";
import type { ChartGeometry, ChartSize, PlacedMark } from "./placed";
import { LimitLine } from "./static-chart";
import { Tooltip } from "./tooltip";
import { useActivePoint } from "./use-active-point";
import { useZoom } from "./use-zoom";
import type { Brush, ChartWindow } from "./zoom";

export interface LiveChartProps {
  model: ChartModel;
  limit: ChartLimit | null;
  size: ChartSize;
  /** Called for every step of a drag or key press on the limit, ms. */
  onLimitChange?: ((value: number) => void) | undefined;
  /** The part of the axes that is looked at. */
  window: ChartWindow | null;
  onWindowChange: (window: ChartWindow | null) => void;
}

/**
 * The interactive chart: recharts lays out the axes, one layer of our own draws every mark (a recharts Scatter of the same
 * points costs several times as much), pointer and keyboard reach each frontier point and the limit line.
 */
export function LiveChart({ model, limit, size, onLimitChange, window, onWindowChange }: LiveChartProps) {
  const [domainLimit, setDomainLimit] = useState(limit?.value ?? null);
  const isDragging = useRef(false);
  const limitValue = limit?.value ?? null;
  // While the line is dragged the axis does not change; it adapts once the line is released or changed elsewhere.
  if (!isDragging.current && domainLimit !== limitValue) setDomainLimit(limitValue);

  const whole = useMemo(() => chartGeometry(model, size, domainLimit), [model, size, domainLimit]);
  const geometry = useMemo(
    () => (window === null ? whole : chartGeometry(model, size, domainLimit, window)),
    [model, size, domainLimit, window, whole],
  );
  const root = useRef<HTMLDivElement>(null);
  const zoom = useZoom(root, geometry, whole, onWindowChange);
  const { marks, active, isPinned, activate, onPointKey, listeners } = useActivePoint(
    geometry,
    () => isDragging.current || zoom.isBrushing(),
  );
  const activeId = active?.mark.id ?? null;
  const { margin, corners } = useMemo(() => plotFrame(geometry), [geometry]);

  return (
    // Pointer reach only: every point is a link of its own for the keyboard.
    <div
      ref={root}
      // A drag marks out a part of the chart, not its texts.
      className="relative h-full w-full select-none"
      {...listeners}
      {...zoom.listeners}
      onPointerMove={(event) => {
        zoom.listeners.onPointerMove(event);
        listeners.onPointerMove(event);
      }}
      onPointerDown={(event) => {
        zoom.listeners.onPointerDown(event);
        listeners.onPointerDown(event);
      }}
    >
      <ScatterChart
        width={size.width}
        height={size.height}
        margin={margin}
        accessibilityLayer={false}
        data={corners}
        role="group"
        aria-label={model.description}
      >
        <LiveAxes geometry={geometry} model={model} />
        <FeasibleRegion geometry={geometry} limit={limit} />
        <Marks geometry={geometry} activeId={activeId} />
        <FocusTargets marks={marks} activeId={activeId} onFocus={activate} onKey={onPointKey} />
        {limit !== null && onLimitChange === undefined && <LimitLine geometry={geometry} limit={limit} />}
        {limit !== null && onLimitChange !== undefined && (
          <LimitHandle
            geometry={geometry}
            limit={limit}
            yLabel={model.yLabel}
            onDragging={(dragging) => {
              isDragging.current = dragging;
              if (!dragging) setDomainLimit(limit.value);
            }}
            onChange={onLimitChange}
          />
        )}
        {zoom.brush !== null && <BrushBox brush={zoom.brush} />}
      </ScatterChart>
      {active !== null && (
        <Tooltip placed={active} size={size} pinned={isPinned} accelerator={acceleratorOf(geometry, active)} />
      )}
    </div>
  );
}

/** The part of the chart that is being marked out. */
function BrushBox({ brush: { fromX, fromY, toX, toY } }: { brush: Brush }) {
  return (
    <rect
      x={Math.min(fromX, toX)}
      y={Math.min(fromY, toY)}
      width={Math.abs(toX - fromX)}
      height={Math.abs(toY - fromY)}
      className="chart-brush"
    />
  );
}

/** What recharts is told of the plot: its margins, and the corners of its axes as the only data. */
function plotFrame({ plot, size, x, y }: ChartGeometry) {
  return {
    margin: { left: plot.left, top: plot.top, right: size.width - plot.right, bottom: size.height - plot.bottom },
    corners: [
      { x: x.domain[0], y: y.domain[0] || y.domain[1] / 1e3 },
      { x: x.domain[1], y: y.domain[1] },
    ],
  };
}

function acceleratorOf(geometry: ChartGeometry, placed: PlacedMark): string {
  return geometry.series.find((series) => series.marks.includes(placed))?.series.accelerator ?? "";
}

/** One link a frontier point; a single tab stop, arrow keys move between points. */
function FocusTargets({
  marks,
  activeId,
  onFocus,
  onKey,
}: {
  marks: PlacedMark[];
  activeId: string | null;
  onFocus: (id: string | null) => void;
  onKey: (event: KeyboardEvent, index: number) => void;
}) {
  const stop = marks.some((placed) => placed.mark.id === activeId) ? activeId : marks[0]?.mark.id;
  return (
    <g>
      {marks.map(({ mark, px, py }, index) => (
        <a
          key={mark.id}
          href={mark.href}
          data-focus={mark.id}
          data-owner={mark.owner}
          tabIndex={mark.id === stop ? 0 : -1}
          aria-label={`${mark.title}. ${mark.details.map(([label, value]) => `${label} ${value}`).join(", ")}`}
          className="chart-focus"
          onFocus={(event) => {
            if (event.currentTarget.matches(":focus-visible")) onFocus(mark.id);
          }}
          onKeyDown={(event) => onKey(event, index)}
          // The pointer pins the tooltip, which has the link in words: a stray click must not lose the page.
          onClick={(event) => {
            if (event.detail > 0) event.preventDefault();
          }}
        >
          <circle cx={px} cy={py} r={9} fill="transparent" />
        </a>
      ))}
    </g>
  );
}
