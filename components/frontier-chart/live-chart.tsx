"use client";

import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { CartesianGrid, ScatterChart, XAxis, YAxis } from "recharts";
import { type ChartGeometry, type ChartSize, chartGeometry, nearestMark, type PlacedMark } from "./geometry";
import { LimitHandle } from "./limit-handle";
import { FeasibleRegion, Marks } from "./marks";
import type { ChartLimit, ChartModel } from "./model";
import { tickLabel } from "./scale";
import { AxisTitles, LimitLine } from "./static-chart";
import { Tooltip } from "./tooltip";

export interface LiveChartProps {
  model: ChartModel;
  limit: ChartLimit | null;
  size: ChartSize;
  /** Called for every step of a drag or key press on the limit, ms. */
  onLimitChange?: ((value: number) => void) | undefined;
}

/**
 * The interactive chart: recharts draws axes and grid, one own layer draws every mark (a recharts Scatter of the same
 * points costs several times as much), pointer and keyboard reach each frontier point and the limit line.
 */
export function LiveChart({ model, limit, size, onLimitChange }: LiveChartProps) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const [pinned, setPinned] = useState(false);
  const [domainLimit, setDomainLimit] = useState(limit?.value ?? null);
  const dragging = useRef(false);
  const wrapper = useRef<HTMLDivElement>(null);
  const limitValue = limit?.value ?? null;
  // While the line moves the axis stands still; it follows when the line is let go or changes elsewhere.
  if (!dragging.current && domainLimit !== limitValue) setDomainLimit(limitValue);

  const geometry = useMemo(() => chartGeometry(model, size, domainLimit), [model, size, domainLimit]);
  const marks = useMemo(() => everyMarkOnce(geometry), [geometry]);
  const active = marks.find((placed) => placed.mark.id === activeId) ?? null;
  const corners = useMemo(
    () => [
      { x: geometry.x.domain[0], y: geometry.y.domain[0] || geometry.y.domain[1] / 1e3 },
      { x: geometry.x.domain[1], y: geometry.y.domain[1] },
    ],
    [geometry],
  );

  const margin = useMemo(
    () => ({
      left: 0,
      top: geometry.plot.top,
      right: size.width - geometry.plot.right,
      bottom: 0,
    }),
    [geometry, size],
  );
  // The same elements for the same geometry: recharts then has nothing to do while the line moves.
  const axes = useMemo(
    () => (
      <>
        <CartesianGrid
          vertical={false}
          className="chart-recharts-grid"
          horizontalValues={geometry.y.ticks}
          syncWithTicks
        />
        <XAxis
          type="number"
          dataKey="x"
          domain={geometry.x.domain}
          ticks={geometry.x.ticks}
          tickFormatter={tickLabel}
          allowDataOverflow
          interval={0}
          height={size.height - geometry.plot.bottom}
          tickSize={4}
          tickMargin={4}
          className="chart-recharts-axis"
        />
        <YAxis
          type="number"
          dataKey="y"
          scale={geometry.y.kind}
          domain={geometry.y.domain}
          ticks={geometry.y.ticks}
          tickFormatter={tickLabel}
          allowDataOverflow
          interval={0}
          width={geometry.plot.left}
          tickLine={false}
          axisLine={false}
          tickMargin={6}
          className="chart-recharts-axis"
        />
        <AxisTitles geometry={geometry} model={model} />
      </>
    ),
    [geometry, model, size],
  );

  function place(event: PointerEvent): [number, number] {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function onPointerMove(event: PointerEvent) {
    if (pinned || dragging.current || event.pointerType === "touch") return;
    const near = nearestMark(geometry, ...place(event));
    setActiveId(near?.placed.mark.id ?? null);
  }

  function onPointerDown(event: PointerEvent) {
    if ((event.target as Element).closest("[data-limit-handle], [data-tooltip]") !== null) return;
    const near = nearestMark(geometry, ...place(event));
    setActiveId(near?.placed.mark.id ?? null);
    setPinned(near !== null);
  }

  function onPointKey(event: KeyboardEvent, index: number) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = marks[(index + step + marks.length) % marks.length];
    if (next !== undefined)
      wrapper.current?.querySelector<HTMLElement>(`[data-focus="${CSS.escape(next.mark.id)}"]`)?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointer reach only; every point is a link of its own for the keyboard.
    <div
      ref={wrapper}
      className="relative h-full w-full"
      onPointerMove={onPointerMove}
      onPointerLeave={() => {
        if (!pinned) setActiveId(null);
      }}
      onPointerDown={onPointerDown}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          setPinned(false);
          setActiveId(null);
        }
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
        {axes}
        <FeasibleRegion geometry={geometry} limit={limit} />
        <Marks geometry={geometry} activeId={activeId} />
        <FocusTargets marks={marks} activeId={activeId} onFocus={setActiveId} onKey={onPointKey} />
        {limit !== null && onLimitChange === undefined && <LimitLine geometry={geometry} limit={limit} />}
        {limit !== null && onLimitChange !== undefined && (
          <LimitHandle
            geometry={geometry}
            limit={limit}
            yLabel={model.yLabel}
            onDragging={(isDragging) => {
              dragging.current = isDragging;
              if (!isDragging) setDomainLimit(limit.value);
            }}
            onChange={onLimitChange}
          />
        )}
      </ScatterChart>
      {active !== null && <Tooltip placed={active} size={size} pinned={pinned} color={seriesOf(geometry, active)} />}
    </div>
  );
}

/** A point on a frontier and on an emphasised curve is one point to reach. */
function everyMarkOnce(geometry: ChartGeometry): PlacedMark[] {
  const marks = geometry.series.flatMap((series) => series.marks);
  return [...new Map(marks.map((placed) => [placed.mark.id, placed])).values()];
}

function seriesOf(geometry: ChartGeometry, placed: PlacedMark): string {
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
