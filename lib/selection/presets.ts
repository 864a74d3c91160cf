import type { Slo } from "../domain";
import type { AvailableAxis } from "../frontier/axes";
import type { Metric, Statistic } from "../measurement/latency";

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
 * Which statistic to ask for where the source's own has no data: the next stricter percentiles first, then the weaker
 * ones, the mean last (it says least about slow requests).
 */
const STATISTIC_PREFERENCE: Record<Statistic, readonly Statistic[]> = {
  p99: ["p99", "p95", "p90", "p50", "mean"],
  p95: ["p95", "p99", "p90", "p50", "mean"],
  p90: ["p90", "p95", "p99", "p50", "mean"],
  p50: ["p50", "p90", "p95", "p99", "mean"],
  mean: ["mean", "p50", "p90", "p95", "p99"],
};

/** A statistic on less than this share of the points of the metric's best-covered one would leave most of them out. */
const LEAST_COVERAGE_SHARE = 0.5;

/**
 * The SLOs of a preset in statistics for which there is data: per target the metric itself (TPOT and ITL fall back to
 * one another), in the preferred statistic that is on at least half as many points as the metric's best-covered one.
 * A target whose metric has no data at all is left out. The limit stays the source's.
 */
export function presetSlos(
  preset: Preset,
  available: readonly Pick<AvailableAxis, "metric" | "statistic" | "points">[],
): Slo[] {
  return preset.targets.flatMap((target) => {
    const sibling = SIBLING[target.metric];
    for (const metric of sibling ? [target.metric, sibling] : [target.metric]) {
      const axes = available.filter((axis) => axis.metric === metric && axis.points > 0);
      const most = axes.reduce((points, axis) => Math.max(points, axis.points), 0);
      const covered = new Set(
        axes.filter((axis) => axis.points >= most * LEAST_COVERAGE_SHARE).map((axis) => axis.statistic),
      );
      const statistic = STATISTIC_PREFERENCE[target.statistic].find((candidate) => covered.has(candidate));
      if (statistic !== undefined) return [{ metric, statistic, limitMs: target.limitMs }];
    }
    return [];
  });
}
