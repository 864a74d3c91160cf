import { setImmediate as othersTurn } from "node:timers/promises";
import type { Steps } from "../lib/ingest/parse/steps";

/** Nobody waits longer than this for work that is done in steps. */
const TURN_MS = 15;

/** Lets others take their turn, where it has been ours for long; to be called between two steps. */
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

/** What the work comes to, done in turns with others; an aborted `signal` ends it between two steps. */
export async function inTurns<T>(steps: Steps<T>, takeTurns: TakeTurns, signal: AbortSignal | undefined): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    // Waiting for a promise at each of very many steps would cost more than they do.
    if (performance.now() - since <= TURN_MS) continue;
    await takeTurns();
    signal?.throwIfAborted();
    since = performance.now();
  }
}
