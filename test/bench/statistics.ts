/** Middle of the values; of an even number the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return (low + high) / 2;
}

/** The smallest value that at least `share` (0…1) of the values do not exceed. NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Median milliseconds of `times` calls. What `prepare` makes for each call is not timed. */
export async function medianMs<T>(
  times: number,
  prepare: () => T,
  measured: (prepared: T) => unknown,
): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const prepared = prepare();
    const start = performance.now();
    await measured(prepared);
    taken.push(performance.now() - start);
  }
  return median(taken);
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
