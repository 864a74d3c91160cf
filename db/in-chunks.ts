import { appendAll } from "../lib/append-all";

/** Values in one question: a statement takes 32,766 parameters. */
export const ASKED_AT_ONCE = 10_000;

/** What a question about a list of values gives, each value asked for once and many of them at a time. */
export async function inChunks<T>(values: readonly string[], ask: (some: string[]) => PromiseLike<T[]>): Promise<T[]> {
  const distinct = [...new Set(values)];
  const found: T[] = [];
  for (let start = 0; start < distinct.length; start += ASKED_AT_ONCE) {
    appendAll(found, await ask(distinct.slice(start, start + ASKED_AT_ONCE)));
  }
  return found;
}
