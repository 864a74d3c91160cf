import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { ChartGeometry } from "./placed";
import { type Brush, type ChartWindow, isDrag, windowOfBrush, zoomed } from "./zoom";

/** Of one notch of a wheel: 100 px of its own measure. */
const WHEEL_PX_PER_DOUBLING = 400;

interface Zooming {
  /** The rectangle that is being dragged; `null` = none. */
  brush: Brush | null;
  /** True while one is dragged: the pointer then looks at no point. */
  isBrushing: () => boolean;
  /** For the element around the chart. */
  listeners: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    onPointerCancel: () => void;
    onDoubleClick: () => void;
  };
}

/**
 * A drag over the chart shows that part of it, Ctrl (⌘) and the wheel, or two fingers on a trackpad, come nearer about the pointer, a
 * double click shows everything again. The bare wheel scrolls the page, as everywhere; a finger scrolls it too, so on touch the
 * buttons below the chart zoom.
 */
export function useZoom(
  root: RefObject<HTMLElement | null>,
  geometry: ChartGeometry,
  whole: ChartGeometry,
  onChange: (window: ChartWindow | null) => void,
): Zooming {
  const [brush, setBrush] = useState<Brush | null>(null);
  const started = useRef<{ x: number; y: number } | null>(null);
  const latest = useRef({ geometry, whole, onChange });
  useEffect(() => {
    latest.current = { geometry, whole, onChange };
  });
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const { geometry: now, whole: all, onChange: change } = latest.current;
      const factor = 2 ** (-event.deltaY / WHEEL_PX_PER_DOUBLING);
      change(zoomed(now, all, factor, { px: event.clientX - box.left, py: event.clientY - box.top }));
    };
    // React listens to wheels without a say over the page's own zoom.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [root]);

  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const end = () => {
    started.current = null;
    setBrush(null);
  };
  return {
    brush,
    isBrushing: () => brush !== null,
    listeners: {
      onPointerDown(event) {
        const { target } = event;
        if (event.button !== 0 || event.pointerType === "touch") return;
        if (target instanceof Element && target.closest("[data-limit-handle], [data-tooltip]") !== null) return;
        started.current = placeOf(event);
      },
      onPointerMove(event) {
        const from = started.current;
        if (from === null) return;
        const { x, y } = placeOf(event);
        const next = { fromX: from.x, fromY: from.y, toX: x, toY: y };
        if (brush === null && !isDrag(next)) return;
        if (brush === null) event.currentTarget.setPointerCapture(event.pointerId);
        setBrush(next);
      },
      onPointerUp() {
        const marked = brush === null ? null : windowOfBrush(geometry, brush);
        end();
        if (marked !== null) onChange(marked);
      },
      onPointerCancel: end,
      onDoubleClick: () => onChange(null),
    },
  };
}
