import { METRICS, STATISTICS } from "../domain";
import { METRIC_LABELS, METRIC_MEANINGS, STATISTIC_LABELS } from "../words";
import { FIELD_GROUPS } from "./column-fields";
import { factLabel } from "./fact-labels";
import { latencyColumn } from "./figures-columns";

/** Fields of a mapping as a form calls them. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ["load_value", "Load"],
  ["load_kind", "Kind of load"],
  ["requests_completed", "Requests completed"],
  ["requests_failed", "Requests failed"],
  ["duration_s", "Duration"],
  ["request_rate_achieved", "Requests/s achieved"],
  ["output_tokens_per_second", "Output tokens/s"],
  ["input_tokens_per_second", "Input tokens/s"],
  ["total_tokens_per_second", "Input and output tokens/s"],
  ["output_tokens_per_second_derived", "Output tokens/s, derived"],
  ["input_tokens", "Input tokens, nominal"],
  ["output_tokens", "Output tokens, nominal"],
  ["input_tokens_mean", "Input tokens, measured mean"],
  ["output_tokens_mean", "Output tokens, measured mean"],
  ["series", "Series"],
  ["source_ref", "Place in the source"],
  ["quality_flags", "Caveats"],
  ...METRICS.flatMap((metric) =>
    STATISTICS.map((statistic): [string, string] => [
      latencyColumn(metric, statistic),
      `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}`,
    ]),
  ),
]);

/** `ttft_ms_p95` → `TTFT p95`, `accelerator_count` → `Number of accelerators`. */
export function fieldLabel(field: string): string {
  return LABELS.get(field) ?? factLabel(field);
}

/** Every field in groups for a list to choose from, latencies by metric. */
export const FIELD_CHOICES: readonly { label: string; fields: readonly string[] }[] = FIELD_GROUPS.flatMap((group) =>
  group.label === "Latency"
    ? METRICS.map((metric) => ({
        label: `${METRIC_LABELS[metric]}: ${METRIC_MEANINGS[metric]}`,
        fields: STATISTICS.map((statistic) => latencyColumn(metric, statistic)),
      }))
    : [group],
);
