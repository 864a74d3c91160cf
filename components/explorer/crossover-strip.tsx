"use client";

import { useEffect, useState } from "react";
import { answerOver } from "@/lib/answer/answer";
import { afterText, crossoverText } from "@/lib/explorer/crossover-words";
import { type Crossover, crossovers } from "@/lib/selection/crossovers";
import type { ExplorerProps } from "./explorer-props";

/** So long a search keeps the page before it lets others have their turn. */
const SLICE_MS = 10;
/** A busy page lets a search go on after this long all the same. */
const IDLE_MS = 200;
/** Between slices where a browser does not say when it is idle. */
const PAUSE_MS = 20;
/** A search begins when a reader has rested: while a limit is dragged nothing is searched. */
const REST_MS = 400;

/** What would change the answer, as a strip of changes to press. It is worked out once a reader opens it, in small slices. */
export function CrossoverStrip({ data, query, view, onChange }: ExplorerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [result, setResult] = useState<{ view: ExplorerProps["view"]; found: Crossover[] } | null>(null);

  useEffect(() => {
    if (!isOpen) return;
    const ask = (question: typeof view.question) => answerOver(view.curves, data.prices, question).ranking;
    const steps = crossovers(ask, view.question, view.ranking);
    let idle: number | undefined;
    const go = () => {
      const until = performance.now() + SLICE_MS;
      while (performance.now() < until) {
        const step = steps.next();
        if (step.done === true) {
          setResult({ view, found: step.value });
          return;
        }
      }
      next();
    };
    // Whatever else the page has to do comes first.
    const next = () => {
      if (typeof window.requestIdleCallback === "function") idle = window.requestIdleCallback(go, { timeout: IDLE_MS });
      else timer = window.setTimeout(go, PAUSE_MS);
    };
    let timer = window.setTimeout(next, REST_MS);
    return () => {
      window.clearTimeout(timer);
      if (idle !== undefined) window.cancelIdleCallback(idle);
    };
  }, [isOpen, view, data.prices]);

  if (view.ranking.ranked.length === 0) return null;
  const found = result?.view === view ? result.found : null;
  return (
    <details
      className="border-line border-t pt-2"
      data-crossovers={found === null ? "" : "found"}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary className="font-semibold">
        What would change the answer
        <span className="font-normal text-muted"> · targets, demand, prices</span>
      </summary>
      {found === null ? (
        <p className="mt-1 text-[13px] text-muted">Looking at up to ten times and a tenth of each …</p>
      ) : found.length === 0 ? (
        <p className="mt-1 text-[13px] text-muted">
          Nothing between a tenth and ten times each target, the demand and the prices.
        </p>
      ) : (
        <ul className="mt-1.5 flex flex-wrap gap-1.5">
          {found.map((crossover) => (
            <li key={`${crossoverText(crossover, data.acceleratorNames)}${crossover.direction}`}>
              <button
                type="button"
                className="pill h-auto text-left"
                onClick={() => {
                  const { slos, ...question } = crossover.question;
                  onChange({ ...query, slos, question });
                }}
              >
                <span>
                  {crossoverText(crossover, data.acceleratorNames)}
                  <span className="block text-[12px] font-normal text-muted">
                    → {afterText(crossover, data.acceleratorNames)}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
