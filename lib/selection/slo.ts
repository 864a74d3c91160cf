import type { Slo } from "../domain";
import { formatExactLatency } from "../format";
import { type LatencyCarrier, latencyOf } from "../frontier/derive";
import { tooFewFor } from "../measurement/checks/statistics";
import { METRIC_LABELS, METRICS, STATISTICS, type Statistic } from "../measurement/latency";
import type { LoadKind } from "../measurement/measurement";
import { ok, type Result, refused } from "../result";
import { MS_PER_SECOND } from "../units";
import { type Estimate, estimateOf } from "./estimates";
import type { SloStanding } from "./types";

/** Percentiles from which a higher one may stand in for a lower one as a conservative bound. */
const PERCENTILES: readonly Statistic[] = ["p50", "p90", "p95", "p99"];

/**
 * Reads `metric:statistic:limit`, e.g. `ttft:p95:500`; the limit is in milliseconds unless it ends in `s`
 * (`500`, `500ms`, `0.5s`). A text that is no SLO gives the reason as a sentence.
 */
export function parseSlo(text: string): Result<Slo> {
  const parts = text.trim().toLowerCase().split(":");
  if (parts.length !== 3) return refused(`"${text}" is not a target: write metric:statistic:limit, e.g. ttft:p95:500.`);
  const [metricText, statisticText, limitText = ""] = parts.map((part) => part.trim());
  const metric = METRICS.find((candidate) => candidate === metricText);
  if (metric === undefined)
    return refused(`"${metricText}" is not a latency metric: use one of ${METRICS.join(", ")}.`);
  const statistic = STATISTICS.find((candidate) => candidate === statisticText);
  if (statistic === undefined) {
    return refused(`"${statisticText}" is not a statistic: use one of ${STATISTICS.join(", ")}.`);
  }
  const number = /^(\d+(?:\.\d*)?(?:e[+-]?\d+)?)\s*(ms|s)?$/.exec(limitText);
  const limitMs = Number(number?.[1] ?? Number.NaN) * (number?.[2] === "s" ? MS_PER_SECOND : 1);
  if (!Number.isFinite(limitMs) || limitMs <= 0) {
    return refused(`"${limitText}" is not a limit: give milliseconds above zero, e.g. 500.`);
  }
  return ok({ metric, statistic, limitMs });
}

/** The inverse of `parseSlo`, exact: `ttft:p95:500`. */
export function formatSlo(slo: Slo): string {
  return `${slo.metric}:${slo.statistic}:${slo.limitMs}`;
}

/** Metric and statistic as a person reads them: `TTFT p95`, `TPOT mean`. */
export function latencyName(latency: Pick<Slo, "metric" | "statistic">): string {
  return `${METRIC_LABELS[latency.metric]} ${latency.statistic}`;
}

/** `TTFT p95 ≤ 500 ms`. */
export function sloLabel(slo: Slo): string {
  return `${latencyName(slo)} ≤ ${formatExactLatency(slo.limitMs)}`;
}

/** The latency that an SLO is compared with at a point, milliseconds. */
export interface SloReading {
  valueMs: number | null;
  basis: SloStanding["basis"];
  statisticUsed: Statistic | null;
  /** Where `basis` is `estimated`: what from, and the interval whose upper end is the value. */
  estimate?: Estimate;
}

/** The value is there, but was taken over too few requests: see `tooFewFor`. */
const TOO_FEW: SloReading = { valueMs: null, basis: "tooFew", statisticUsed: null };

const NO_READING: SloReading = { valueMs: null, basis: "missing", statisticUsed: null };

/**
 * Reads the latency an SLO asks for. A percentile that was not measured is bounded by the next higher one that was
 * (p99 ≥ p95), said as `bound`; a mean neither stands in nor is stood in for; nothing else is substituted. A percentile of too few
 * requests is not read (`tooFew`): it would be a guess at the slowest one. What is not known either way is estimated from the
 * point's own mean or median where that is wanted (`estimates`), judged at the upper end of its interval.
 */
export function sloReading(
  point: LatencyCarrier & { readonly loadKind?: LoadKind | null },
  slo: Pick<Slo, "metric" | "statistic">,
  estimates = false,
): SloReading {
  const asked = latencyOf(point, slo.metric, slo.statistic);
  if (asked.value !== null) {
    if (tooFewFor(point, slo.metric, slo.statistic) !== null) return TOO_FEW;
    const basis = asked.basis === "derived" ? "derived" : "measured";
    return { valueMs: asked.value, basis, statisticUsed: slo.statistic };
  }
  const index = PERCENTILES.indexOf(slo.statistic);
  if (index < 0) return NO_READING;
  let few = false;
  for (const higher of PERCENTILES.slice(index + 1)) {
    const { value } = latencyOf(point, slo.metric, higher);
    if (value === null) continue;
    if (tooFewFor(point, slo.metric, higher) === null) return { valueMs: value, basis: "bound", statisticUsed: higher };
    few = true;
  }
  if (few) return TOO_FEW;
  const estimate = estimates ? estimateOf(point, slo.metric, slo.statistic) : null;
  if (estimate === null) return NO_READING;
  return { valueMs: estimate.highMs, basis: "estimated", statisticUsed: slo.statistic, estimate };
}

/** How an SLO stands by a reading. A missing latency is never met. */
export function standingOf(reading: SloReading, slo: Slo): SloStanding {
  return { slo, ...reading, met: reading.valueMs !== null && reading.valueMs <= slo.limitMs };
}
