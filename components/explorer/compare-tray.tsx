"use client";

import { useEffect, useRef } from "react";
import { plural } from "@/lib/format";
import { comparePath, withToggled } from "@/lib/params/compare-params";
import { MAX_COMPARED } from "@/lib/params/explorer-params";
import type { ExplorerProps } from "./explorer-props";

/**
 * What is put side by side so far, with the way there. It stays while questions change: choices of other models can be added. The
 * key `c` adds the row or point under pointer or focus, or takes it out again.
 */
export function CompareTray({ query, view, onChange }: Omit<ExplorerProps, "data">) {
  const latest = useRef({ query, onChange });
  useEffect(() => {
    latest.current = { query, onChange };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const id = pointedAt();
      if (id === null) return;
      event.preventDefault();
      const { query: now, onChange: change } = latest.current;
      const compare = withToggled(now.compare, id);
      if (compare.length <= MAX_COMPARED) change({ ...now, compare });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const { compare } = query;
  const asked = { ...query, slos: view.question.slos };
  return (
    <div role="status" className={compare.length === 0 ? "sr-only" : "compare-tray"} data-compare-tray="">
      {compare.length > 0 && (
        <>
          <span>{plural(compare.length, "configuration")} to compare</span>
          <a className="button button-primary" href={comparePath({ query: asked, baseline: null })}>
            Side by side
          </a>
          <button type="button" className="link tap" onClick={() => onChange({ ...query, compare: [] })}>
            Clear
          </button>
        </>
      )}
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, select, textarea, [contenteditable]") !== null;
}

/** The configuration of the row or point that has the focus, else of the one under the pointer. */
function pointedAt(): string | null {
  const focused = document.activeElement?.closest("[data-owner]");
  const pointed =
    focused ?? document.querySelector("[data-owner]:hover") ?? document.querySelector("[data-tooltip][data-owner]");
  return pointed?.getAttribute("data-owner") ?? null;
}
