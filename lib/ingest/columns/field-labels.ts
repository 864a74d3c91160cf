import {
  latencyColumn,
  METRIC_LABELS,
  METRIC_MEANINGS,
  METRICS,
  STATISTIC_LABELS,
  STATISTICS,
} from "../../measurement/latency";
import { QUANTITIES } from "../../measurement/quantities";
import { factLabel } from "../facts/fact-labels";
import { FIELD_GROUPS } from "./column-fields";

/** Fields of a mapping as a form calls them. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ...QUANTITIES.map(({ column, label }): [string, string] => [column, label]),
  ["load_kind", "Kind of load"],
  ["input_tokens", "Input tokens, nominal"],
  ["output_tokens", "Output tokens, nominal"],
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
