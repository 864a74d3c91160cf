import type { Slo } from "../domain";
import type { AvailableAxis } from "../frontier/axes";
import type { Metric } from "../measurement/latency";

export const PRESET_IDS = ["chat", "code-completion", "summarization", "batch"] as const;
export type PresetId = (typeof PRESET_IDS)[number];

/** Targets for a kind of use, and where they come from. */
export interface Preset {
  id: PresetId;
  label: string;
  /** As the source states them; empty = no latency target, the knee answers. */
  targets: Slo[];
  source: string;
}

const LLM_D_PLANNER = "llm-d-incubation/llm-d-planner, docs/traffic_and_slos.md";

export const PRESETS: readonly Preset[] = [
  {
    id: "chat",
    label: "Chat",
    targets: [
      { metric: "ttft", statistic: "p99", limitMs: 450 },
      { metric: "tpot", statistic: "p99", limitMs: 40 },
    ],
    source: "MLPerf Inference, Llama-2-70B interactive: TTFT p99 450 ms, TPOT p99 40 ms",
  },
  {
    id: "code-completion",
    label: "Code completion",
    targets: [
      { metric: "ttft", statistic: "p95", limitMs: 100 },
      { metric: "itl", statistic: "p95", limitMs: 20 },
    ],
    source: `${LLM_D_PLANNER}: code completion, TTFT p95 100 ms, ITL p95 20 ms`,
  },
  {
    id: "summarization",
    label: "Summarization",
    targets: [
      { metric: "ttft", statistic: "p95", limitMs: 600 },
      { metric: "itl", statistic: "p95", limitMs: 30 },
    ],
    source: `${LLM_D_PLANNER}: summarization of a short document, TTFT p95 600 ms, ITL p95 30 ms`,
  },
  {
    id: "batch",
    label: "Batch",
    targets: [],
    source: "No latency target: the knee of each load curve, where more load brings little more throughput",
  },
];

/** Metrics that say nearly the same thing, so that one may be asked for where only the other has data. */
const SIBLING: Partial<Record<Metric, Metric>> = { tpot: "itl", itl: "tpot" };

/**
 * The SLOs of a preset, each on the percentile its source states: one that was not measured is bounded by a higher one or
 * estimated, never put on a mean. Per target the metric itself (TPOT and ITL fall back to one another); a target whose metric has
 * no data at all is left out.
 */
export function presetSlos(preset: Preset, available: readonly Pick<AvailableAxis, "metric" | "points">[]): Slo[] {
  return preset.targets.flatMap((target) => {
    const sibling = SIBLING[target.metric];
    const metric = (sibling ? [target.metric, sibling] : [target.metric]).find((candidate) =>
      available.some((axis) => axis.metric === candidate && axis.points > 0),
    );
    return metric === undefined ? [] : [{ ...target, metric }];
  });
}
