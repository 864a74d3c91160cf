/** Values of every dimension by name: one combination. */
export type Row = Readonly<Record<string, string>>;
export type Dimensions = Readonly<Record<string, readonly string[]>>;

export interface ImpossiblePair {
  pair: Row;
  /** Why it is in no row, in words of the row nearest to one that is tried first. */
  reason: string;
}

export interface CoveringArray {
  /** Rows that are all possible; every pair of values that can be stands in at least one. */
  rows: Row[];
  impossible: ImpossiblePair[];
  /** Pairs of values there are. */
  pairs: number;
}

function pairKey(a: string, x: string, b: string, y: string): string {
  return a < b ? `${a}=${x}|${b}=${y}` : `${b}=${y}|${a}=${x}`;
}

/** Every pair of values of two dimensions, by key. */
export function pairsOf(dimensions: Dimensions): Map<string, Row> {
  const names = Object.keys(dimensions);
  const pairs = new Map<string, Row>();
  for (const [index, a] of names.entries()) {
    for (const b of names.slice(index + 1)) {
      for (const x of dimensions[a] ?? []) {
        for (const y of dimensions[b] ?? []) pairs.set(pairKey(a, x, b, y), { [a]: x, [b]: y });
      }
    }
  }
  return pairs;
}

/** Keys of the pairs that stand in a row. */
export function pairsIn(row: Row): string[] {
  const entries = Object.entries(row);
  return entries.flatMap(([a, x], index) => entries.slice(index + 1).map(([b, y]) => pairKey(a, x, b, y)));
}

/** A possible row near a base, with up to two more values changed. */
function near(base: Row, fixed: Row, dimensions: Dimensions, isPossible: (row: Row) => boolean): Row | null {
  const start = { ...base, ...fixed };
  if (isPossible(start)) return start;
  const free = Object.entries(dimensions).filter(([name]) => !(name in fixed));
  const changes = free.flatMap(([name, values]) => values.map((value): Row => ({ [name]: value })));
  for (const change of changes) {
    const row = { ...start, ...change };
    if (isPossible(row)) return row;
  }
  for (const [index, first] of changes.entries()) {
    for (const second of changes.slice(index + 1)) {
      const row = { ...start, ...first, ...second };
      if (isPossible(row)) return row;
    }
  }
  return null;
}

/**
 * A pairwise covering array under constraints: greedy, without chance. For each pair that no row has yet, a possible row
 * with it is looked for near the bases; then each other value of that row is exchanged for the one that brings the most
 * pairs nobody has, as long as the row stays possible.
 * @param bases possible rows to start from
 * @param refusal why a row cannot be; `null` where it can
 */
export function coveringArray(
  dimensions: Dimensions,
  bases: (pair: Row) => readonly Row[],
  refusal: (row: Row) => string | null,
): CoveringArray {
  const known = new Map<string, string | null>();
  const why = (row: Row): string | null => {
    const key = Object.keys(dimensions)
      .map((name) => row[name])
      .join("|");
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    const reason = refusal(row);
    known.set(key, reason);
    return reason;
  };
  const isPossible = (row: Row) => why(row) === null;
  const all = pairsOf(dimensions);
  const missing = new Map(all);
  const rows: Row[] = [];
  const impossible: ImpossiblePair[] = [];
  const gain = (row: Row) => pairsIn(row).filter((key) => missing.has(key)).length;

  const improved = (start: Row, fixed: Row): Row => {
    let best = start;
    for (const [name, values] of Object.entries(dimensions)) {
      if (name in fixed) continue;
      const candidates = values
        .map((value) => ({ ...best, [name]: value }))
        .map((row) => ({ row, gain: gain(row) }))
        .sort((a, b) => b.gain - a.gain);
      const least = gain(best);
      best = candidates.find((one) => one.gain > least && isPossible(one.row))?.row ?? best;
    }
    return best;
  };

  for (const [key, pair] of all) {
    if (!missing.has(key)) continue;
    const starts = bases(pair);
    let found: Row | null = null;
    for (const base of starts) {
      found = near(base, pair, dimensions, isPossible);
      if (found !== null) break;
    }
    if (found === null) {
      missing.delete(key);
      impossible.push({ pair, reason: why({ ...starts[0], ...pair }) ?? "" });
      continue;
    }
    const row = improved(found, pair);
    for (const covered of pairsIn(row)) missing.delete(covered);
    rows.push(row);
  }
  return { rows, impossible, pairs: all.size };
}
