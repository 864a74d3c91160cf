import { appendAll } from "../lib/append-all";

/** Values in one question: a statement takes 32,766 parameters. */
export const ASKED_AT_ONCE = 10_000;

/** What a question about a list of values gives, each value asked for once and many of them at a time. */
export async function inChunks<V extends string | number, T>(
  values: readonly V[],
  ask: (some: V[]) => PromiseLike<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  await eachChunk(values, async (some) => appendAll(found, await ask(some)));
  return found;
}

/** Does something for a list of values, each once and many of them at a time. */
export async function eachChunk<V extends string | number>(
  values: readonly V[],
  work: (some: V[]) => PromiseLike<unknown>,
): Promise<void> {
  const distinct = [...new Set(values)];
  for (let start = 0; start < distinct.length; start += ASKED_AT_ONCE) {
    await work(distinct.slice(start, start + ASKED_AT_ONCE));
  }
}
