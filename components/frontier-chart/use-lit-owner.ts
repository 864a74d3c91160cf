import { type RefObject, useEffect } from "react";

/**
 * Rows of a table and points of a chart that belong together light up together, whichever the pointer or the focus is on. Marked in
 * the document itself: to draw hundreds of points anew for each row the pointer crosses would take longer than it crosses them.
 */
export function useLitOwner(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current;
    if (element === null) return;
    let lit: string | null = null;
    const light = (owner: string | null) => {
      if (owner === lit) return;
      for (const part of element.querySelectorAll("[data-lit]")) part.removeAttribute("data-lit");
      lit = owner;
      if (owner === null) return;
      for (const part of element.querySelectorAll(`[data-owner="${CSS.escape(owner)}"]`))
        part.setAttribute("data-lit", "");
    };
    const over = (event: Event) => {
      const { target } = event;
      if (target instanceof Element) light(target.closest("[data-owner]")?.getAttribute("data-owner") ?? null);
    };
    // A point is found near the pointer, not under it: what it is of stands in its tooltip.
    const moved = () => {
      const tip = element.querySelector("[data-tooltip][data-owner]");
      if (tip !== null) light(tip.getAttribute("data-owner"));
    };
    const leave = () => light(null);
    element.addEventListener("pointerover", over);
    element.addEventListener("focusin", over);
    element.addEventListener("pointermove", moved);
    element.addEventListener("pointerleave", leave);
    return () => {
      element.removeEventListener("pointerover", over);
      element.removeEventListener("focusin", over);
      element.removeEventListener("pointermove", moved);
      element.removeEventListener("pointerleave", leave);
    };
  }, [root]);
}
