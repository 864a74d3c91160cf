import type { ServerSignals } from "../manifests/plan/server-plan";
import { SGLANG_SIGNALS } from "../manifests/servers/sglang";
import { TRTLLM_SIGNALS } from "../manifests/servers/trtllm";
import { VLLM_SIGNALS } from "../manifests/servers/vllm";
import { type LatencyStatistics, type Metric, STATISTICS } from "../measurement/latency";

/** Servers whose metrics are known, and what of them no autoscaler needs. */
const SERVERS: Readonly<Record<string, { signals: ServerSignals; promptTokens: string | null }>> = {
  vllm: { signals: VLLM_SIGNALS, promptTokens: "vllm:prompt_tokens_total" },
  sglang: { signals: SGLANG_SIGNALS, promptTokens: "sglang:prompt_tokens_total" },
  trtllm: { signals: TRTLLM_SIGNALS, promptTokens: null },
};

export const OBSERVED_SERVERS: readonly string[] = Object.keys(SERVERS);

/** Latencies that servers keep histograms of. */
export const OBSERVED_METRICS = ["ttft", "tpot", "itl", "e2e"] as const satisfies readonly Metric[];
export type ObservedMetric = (typeof OBSERVED_METRICS)[number];

/** Names of the queries of one window that give one number each. */
const SINGLE = [
  "replicasLow",
  "replicasHigh",
  "requests",
  "unsteadiness",
  "running",
  "outputTokensPerSecond",
  "inputTokensPerSecond",
  "kvCacheShare",
] as const;
export type ObservedQuantity = (typeof SINGLE)[number];

/** A query, by the quantity or the statistic of a latency that it gives. */
export type ObservedQueries = Partial<
  Record<ObservedQuantity | `${ObservedMetric}.${keyof LatencyStatistics}`, string>
>;

/** Quantiles by statistic. */
const QUANTILES: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 };

/** How closely gauges are looked at within a window, and over which span a rate is taken to judge whether it is steady. */
const STEP = "30s";
const RATE_SPAN = "1m";

/**
 * PromQL for one window that ends at the moment it is asked for. What a server does not export has no query.
 * @param selector of the servers' series, `{namespace="llm"}`; empty = all
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function observedQueries(server: string, selector: string, windowSeconds: number): ObservedQueries {
  const known = SERVERS[server];
  if (known === undefined) return {};
  const { signals, promptTokens } = known;
  const window = `${windowSeconds}s`;
  const of = (name: string, suffix = "") => `${name}${suffix}${selector}`;
  const rate = (name: string, suffix = "") => `sum(rate(${of(name, suffix)}[${window}]))`;
  const overWindow = (what: string, expression: string) => `${what}((${expression})[${window}:${STEP}])`;
  const queries: ObservedQueries = {
    replicasLow: overWindow("min_over_time", `count(${of(signals.running)})`),
    replicasHigh: overWindow("max_over_time", `count(${of(signals.running)})`),
    running: overWindow("avg_over_time", `sum(${of(signals.running)})`),
  };
  if (signals.generatedTokens !== null) queries.outputTokensPerSecond = rate(signals.generatedTokens);
  if (promptTokens !== null) queries.inputTokensPerSecond = rate(promptTokens);
  if (signals.kvCache !== null) queries.kvCacheShare = overWindow("avg_over_time", `avg(${of(signals.kvCache)})`);
  const requests = signals.e2e ?? signals.ttft;
  if (requests === null) return {};
  queries.requests = `sum(increase(${of(requests, "_count")}[${window}]))`;
  const each = `sum(rate(${of(requests, "_count")}[${RATE_SPAN}]))`;
  queries.unsteadiness = `${overWindow("stddev_over_time", each)} / ${overWindow("avg_over_time", each)}`;
  for (const metric of OBSERVED_METRICS) {
    const name = signals[metric];
    if (name === null || name === undefined) continue;
    queries[`${metric}.mean`] = `1000 * ${rate(name, "_sum")} / ${rate(name, "_count")}`;
    for (const statistic of STATISTICS) {
      const quantile = QUANTILES[statistic];
      if (quantile === undefined) continue;
      queries[`${metric}.${statistic}`] =
        `1000 * histogram_quantile(${quantile}, sum by (le) (rate(${of(name, "_bucket")}[${window}])))`;
    }
  }
  return queries;
}

/** Matchers of series, as PromQL writes them; no query of its own. */
export function isSelector(text: string): boolean {
  return text === "" || /^\{[^{}]{1,500}\}$/.test(text);
}
