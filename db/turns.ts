import { setImmediate as othersTurn } from "node:timers/promises";
import type { Steps } from "../lib/ingest/parse/steps";

/** How long work that is done in steps may keep others waiting. */
const TURN_MS = 15;

/** Lets other work run if this work has run for long. Call it between two steps. */
export type TakeTurns = () => Promise<void>;

/** @returns a function for work that never waits for anything by itself */
export function turns(): TakeTurns {
  let started = performance.now();
  return async () => {
    if (performance.now() - started <= TURN_MS) return;
    await othersTurn();
    started = performance.now();
  };
}

/** The result of work that lets other work run between its steps. An aborted `signal` ends it between two of them. */
export async function inTurns<T>(steps: Steps<T>, takeTurns: TakeTurns, signal: AbortSignal | undefined): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    // Awaiting a promise at every step would take longer than the steps themselves.
    if (performance.now() - since <= TURN_MS) continue;
    await takeTurns();
    signal?.throwIfAborted();
    since = performance.now();
  }
}
