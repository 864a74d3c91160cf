import type { FiguresCsvRow } from "../export/figures-csv-write";
import { STATISTICS } from "../measurement/latency";
import { OBSERVED_METRICS, type ObservedQueries } from "./observed-queries";

/** Answers of Prometheus: for each query, the value of each window by its end, seconds since 1970. */
export type ObservedSeries = Partial<Record<keyof ObservedQueries, ReadonlyMap<number, number>>>;

/** Windows that became load points, and how many did not, by reason. */
export interface ObservedLoad {
  rows: FiguresCsvRow[];
  leftOut: { reason: string; windows: number }[];
}

/** How much the requests of a minute may vary about their mean within a window: standard deviation ÷ mean. */
export const MAX_UNSTEADINESS = 0.25;
/** Fewer requests than this say nothing of a mean. */
export const MIN_REQUESTS = 20;

/** What every row of one observation shares: facts and where they come from, by column. */
export type ObservedFacts = Readonly<Record<string, string | number | null>>;

/**
 * Load points of servers in use, one for each window in which the load was steady: of one replica, where several share the load.
 * Percentiles are those of the servers' histograms, read between the bounds of a bucket.
 * @param ends of the windows, seconds since 1970
 */
export function observedLoad(
  series: ObservedSeries,
  window: { ends: readonly number[]; seconds: number },
  facts: ObservedFacts,
): ObservedLoad {
  const rows: FiguresCsvRow[] = [];
  const leftOut = new Map<string, number>();
  for (const end of window.ends) {
    const at = (name: keyof ObservedQueries) => finite(series[name]?.get(end));
    const replicas = at("replicasHigh");
    const requests = at("requests");
    const reason = unusable(replicas, at("replicasLow"), requests, at("unsteadiness"));
    if (reason !== null || replicas === null || requests === null) {
      leftOut.set(reason ?? "no server was there", (leftOut.get(reason ?? "no server was there") ?? 0) + 1);
      continue;
    }
    rows.push(rowOf(at, { end, seconds: window.seconds, replicas, requests }, facts));
  }
  return { rows, leftOut: [...leftOut].map(([reason, windows]) => ({ reason, windows })) };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function unusable(
  replicas: number | null,
  replicasLow: number | null,
  requests: number | null,
  unsteadiness: number | null,
): string | null {
  if (replicas === null || replicas === 0) return "no server was there";
  if (replicasLow !== replicas) return "the number of replicas changed";
  if (requests === null || requests < MIN_REQUESTS) return `fewer than ${MIN_REQUESTS} requests`;
  if (unsteadiness === null || unsteadiness > MAX_UNSTEADINESS) return "the load was not steady";
  return null;
}

function rowOf(
  at: (name: keyof ObservedQueries) => number | null,
  window: { end: number; seconds: number; replicas: number; requests: number },
  facts: ObservedFacts,
): FiguresCsvRow {
  const { end, seconds, replicas, requests } = window;
  const ofOne = (value: number | null) => (value === null ? null : value / replicas);
  const ratePerSecond = requests / seconds;
  const lengthOf = (tokensPerSecond: number | null) =>
    tokensPerSecond === null ? null : tokensPerSecond / ratePerSecond;
  const kvCache = at("kvCacheShare");
  const row: FiguresCsvRow = {
    ...facts,
    measured_on: new Date(end * 1000).toISOString(),
    load_kind: "request_rate",
    load_value: significant(ratePerSecond / replicas),
    // Whole requests: increase() reads between samples.
    requests_completed: Math.round(requests / replicas),
    duration_s: seconds,
    request_rate_achieved: significant(ratePerSecond / replicas),
    output_tokens_per_second: significant(ofOne(at("outputTokensPerSecond"))),
    input_tokens_per_second: significant(ofOne(at("inputTokensPerSecond"))),
    input_tokens_mean: significant(lengthOf(at("inputTokensPerSecond"))),
    output_tokens_mean: significant(lengthOf(at("outputTokensPerSecond"))),
    kv_cache_share: kvCache === null ? null : Math.min(1, Math.max(0, kvCache)),
    quality_flags: [
      "observed_in_production",
      "percentiles_from_histogram",
      ...(replicas > 1 ? ["multi_replica_behind_router"] : []),
    ].join(";"),
  };
  for (const metric of OBSERVED_METRICS) {
    for (const statistic of STATISTICS) row[`${metric}_ms_${statistic}`] = significant(at(`${metric}.${statistic}`));
  }
  return row;
}

/** To six digits: what lies behind them is the arithmetic of rates. */
function significant(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}

/** The ends of whole windows between two moments, seconds since 1970. */
export function windowEnds(fromSeconds: number, toSeconds: number, seconds: number): number[] {
  const count = Math.max(0, Math.floor((toSeconds - fromSeconds) / seconds));
  return Array.from({ length: count }, (_, index) => fromSeconds + (index + 1) * seconds);
}
