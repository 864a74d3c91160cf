import { type KeyboardEvent, type PointerEvent, useMemo, useState } from "react";
import { nearestMark } from "./geometry";
import type { ChartGeometry, PlacedMark } from "./placed";

/** The point a reader looks at, and what to listen for. */
export interface ActivePoint {
  /** Every point once, in the order of the arrow keys. */
  marks: PlacedMark[];
  active: PlacedMark | null;
  /** It stays until another press or Escape. */
  isPinned: boolean;
  activate: (id: string | null) => void;
  onPointKey: (event: KeyboardEvent<Element>, index: number) => void;
  /** For the element around the chart. */
  listeners: {
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerLeave: () => void;
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

/**
 * Pointer and keyboard reach each point of the chart: the nearest under a moving mouse, one that is pressed, one that has focus.
 * @param isHeld true while something else is dragged: the pointer then looks at no point
 */
export function useActivePoint(geometry: ChartGeometry, isHeld: () => boolean): ActivePoint {
  const [activeId, setActiveId] = useState<string | null>(null);
  const [isPinned, setPinned] = useState(false);
  const marks = useMemo(() => everyMarkOnce(geometry), [geometry]);
  return {
    marks,
    active: marks.find((placed) => placed.mark.id === activeId) ?? null,
    isPinned,
    activate: setActiveId,
    onPointKey(event, index) {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = marks[(index + step + marks.length) % marks.length];
      if (next === undefined) return;
      event.currentTarget.parentElement
        ?.querySelector<SVGElement>(`[data-focus="${CSS.escape(next.mark.id)}"]`)
        ?.focus();
    },
    listeners: {
      onPointerMove(event) {
        if (isPinned || isHeld() || event.pointerType === "touch") return;
        setActiveId(markUnder(geometry, event));
      },
      onPointerLeave() {
        if (!isPinned) setActiveId(null);
      },
      onPointerDown(event) {
        const { target } = event;
        if (target instanceof Element && target.closest("[data-limit-handle], [data-tooltip]") !== null) return;
        const id = markUnder(geometry, event);
        // A second press on the same point opens it; the first alone must not lose the page.
        const again = isPinned && id !== null && id === activeId ? marks.find(({ mark }) => mark.id === id) : undefined;
        if (again !== undefined && event.button === 0) window.location.assign(again.mark.href);
        setActiveId(id);
        setPinned(id !== null);
      },
      onKeyDown(event) {
        if (event.key !== "Escape") return;
        setPinned(false);
        setActiveId(null);
      },
    },
  };
}

function markUnder(geometry: ChartGeometry, event: PointerEvent<HTMLElement>): string | null {
  const box = event.currentTarget.getBoundingClientRect();
  return nearestMark(geometry, event.clientX - box.left, event.clientY - box.top)?.placed.mark.id ?? null;
}

/** A point on a frontier and on an emphasised curve is one point to reach. */
function everyMarkOnce(geometry: ChartGeometry): PlacedMark[] {
  const marks = geometry.series.flatMap((series) => series.marks);
  return [...new Map(marks.map((placed) => [placed.mark.id, placed])).values()];
}
