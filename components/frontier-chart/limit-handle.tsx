"use client";

import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { formatNumber } from "@/lib/format";
import { limitLabel, limitPixel } from "./geometry";
import type { ChartGeometry } from "./placed";

/** Steps of the keyboard, as shares of the value. */
const FINE_STEP = 0.01;
const STEP = 0.05;
const PAGE_STEP = 0.25;

interface LimitHandleProps {
  geometry: ChartGeometry;
  limit: { value: number; label: string };
  yLabel: string;
  onDragging: (dragging: boolean) => void;
  onChange: (value: number) => void;
}

/** The target as a line that can be dragged; by keyboard: arrows 5%, with Shift 1%, Page keys 25%, Home and End the axis' ends. */
export function LimitHandle({ geometry, limit, yLabel, onDragging, onChange }: LimitHandleProps) {
  const grab = useRef<number | null>(null);
  const { plot, size, y } = geometry;
  const py = limitPixel(geometry, limit.value);
  const isOnAxis = limitLabel(geometry, limit) === limit.label;
  const label = isOnAxis ? `${limit.label} ↕` : limitLabel(geometry, limit);
  const width = label.length * 7 + 18;
  const left = size.narrow ? plot.right - width : plot.right + 4;
  // A limit off the axis stays where it is until it is moved.
  const lowest = Math.min(limit.value, y.domain[0] > 0 ? y.domain[0] : y.domain[1] / 1000);
  const highest = Math.max(limit.value, y.domain[1]);

  function set(value: number) {
    const clamped = Math.min(highest, Math.max(lowest, value));
    onChange(Number(clamped.toPrecision(3)));
  }

  function svgY(event: PointerEvent<SVGGElement>): number {
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    return event.clientY - (box?.top ?? 0);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = event.shiftKey ? FINE_STEP : STEP;
    const factor = {
      ArrowUp: 1 + step,
      ArrowRight: 1 + step,
      ArrowDown: 1 / (1 + step),
      ArrowLeft: 1 / (1 + step),
      PageUp: 1 + PAGE_STEP,
      PageDown: 1 / (1 + PAGE_STEP),
    }[event.key];
    if (factor !== undefined) {
      event.preventDefault();
      const next = Number((limit.value * factor).toPrecision(3));
      // Rounding to three figures can undo a small step: then move by one unit of the last figure.
      const unit = 10 ** (Math.floor(Math.log10(limit.value)) - 2);
      set(next === limit.value ? limit.value + (factor > 1 ? unit : -unit) : next);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      set(event.key === "Home" ? lowest : highest);
    }
  }

  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={`Limit on ${yLabel}`}
      aria-orientation="vertical"
      aria-valuemin={Math.round(lowest * 100) / 100}
      aria-valuemax={Math.round(highest * 100) / 100}
      aria-valuenow={limit.value}
      aria-valuetext={`${formatNumber(limit.value)} milliseconds`}
      data-limit-handle=""
      className="chart-limit chart-limit-live"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.focus();
        event.currentTarget.setPointerCapture(event.pointerId);
        grab.current = svgY(event) - py;
        onDragging(true);
      }}
      onPointerMove={(event) => {
        if (grab.current !== null) set(y.toValue(svgY(event) - grab.current));
      }}
      onPointerUp={(event) => {
        grab.current = null;
        event.currentTarget.releasePointerCapture(event.pointerId);
        onDragging(false);
      }}
      onPointerCancel={() => {
        grab.current = null;
        onDragging(false);
      }}
    >
      <line
        x1={plot.left}
        x2={plot.right}
        y1={py}
        y2={py}
        stroke="transparent"
        strokeWidth={18}
        className="chart-limit-grip"
      />
      <line x1={plot.left} x2={plot.right} y1={py} y2={py} />
      <rect x={left} y={py - 11} width={width} height={22} rx={11} />
      <text x={left + width / 2} y={py + 4} textAnchor="middle">
        {label}
      </text>
    </g>
  );
}
