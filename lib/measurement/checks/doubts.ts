import type { NamedFlag, QualityFlag } from "../quality-flags";

/**
 * Caveats that keep a point off frontiers and rankings unless asked for. The checks that give them say so too, and a test holds the
 * two together: the browser, which ranks, needs their names and neither what they ask nor how.
 */
const DOUBTS: readonly NamedFlag[] = [
  "cache_hits_on_random_prompts",
  "failures_exceed_completed",
  "latencies_contradict_each_other",
  "many_requests_failed",
  "mean_above_p99",
  "more_in_flight_than_offered",
  "parallelism_exceeds_accelerators",
  "percentile_equals_mean",
  "percentiles_not_monotonic",
  "prefill_beats_arithmetic",
  "ran_beside_another_client",
  "rate_above_offered",
  "sent_at_once",
  "suspicious_latency_unit",
  "suspicious_throughput_unit",
  "throughput_above_concurrency",
  "token_rates_do_not_add_up",
  "ttft_above_e2e",
  "weights_exceed_memory",
];

const NAMES: ReadonlySet<QualityFlag> = new Set(DOUBTS);

/** True for a caveat that keeps its point off frontiers and rankings unless asked for. */
export function isDoubt(flag: QualityFlag): boolean {
  return NAMES.has(flag);
}
