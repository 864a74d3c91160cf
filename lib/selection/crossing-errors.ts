import type { Metric, Statistic } from "../measurement/latency";

/** Upper ends of the gaps between two loads (higher ÷ lower) that errors are told apart by; the last one is open. */
export const GAPS = [2.2, 4, 8] as const;
export const GAP_NAMES = ["2.2", "4", "8", "beyond"] as const;
export type GapName = (typeof GAP_NAMES)[number];

/** Means and medians are predicted better than the tail of a distribution. */
export type StatisticClass = "centre" | "tail";

/** Beyond this gap a crossing is no more than an estimate. */
export const WIDE_GAP = GAPS[2];

/** Miss of the throughput at a crossing, over crossings whose true throughput was measured and left out. */
export interface KnownError {
  /** `null` = of all metrics. */
  metric: Metric | null;
  /** `null` = of all statistics. */
  statistics: StatisticClass | null;
  gap: GapName;
  /** Relative, 0.08 = 8%. */
  median: number;
  p90: number;
}

/** The same with the number of cases it was found in. */
export interface CrossingError extends KnownError {
  crossings: number;
}

export function gapName(loadA: number, loadB: number): GapName {
  const index = GAPS.findIndex((gap) => loadB <= loadA * gap);
  return GAP_NAMES[index < 0 ? GAPS.length : index] ?? "beyond";
}

export function statisticClass(statistic: Statistic): StatisticClass {
  return statistic === "mean" || statistic === "p50" ? "centre" : "tail";
}

type Row = readonly [
  metric: Metric | null,
  statistics: StatisticClass | null,
  gap: GapName,
  median: number,
  p90: number,
];

// biome-ignore format: one row a kind of crossing
const ROWS: readonly Row[] = [
  [null, null, "2.2", 0.0436, 0.14],
  ["itl", null, "2.2", 0.0432, 0.148],
  ["itl", "centre", "2.2", 0.0407, 0.15],
  ["itl", "tail", "2.2", 0.0438, 0.147],
  ["ttft", null, "2.2", 0.0494, 0.114],
  ["ttft", "centre", "2.2", 0.0494, 0.106],
  ["ttft", "tail", "2.2", 0.0498, 0.114],
  [null, null, "4", 0.0761, 0.289],
  ["ttft", null, "4", 0.0719, 0.306],
  ["ttft", "tail", "4", 0.0789, 0.44],
  ["ttft", "centre", "4", 0.0716, 0.285],
  ["tpot", null, "4", 0.0511, 0.237],
  ["tpot", "centre", "4", 0.0504, 0.227],
  ["tpot", "tail", "4", 0.0637, 0.277],
  ["itl", null, "4", 0.0995, 0.327],
  ["itl", "centre", "4", 0.0797, 0.282],
  ["itl", "tail", "4", 0.113, 0.345],
  ["e2e", null, "4", 0.0665, 0.261],
  ["e2e", "centre", "4", 0.0623, 0.254],
  ["e2e", "tail", "4", 0.0813, 0.275],
  ["ntpot", null, "4", 0.0733, 0.263],
  ["ntpot", "centre", "4", 0.0733, 0.263],
  [null, null, "8", 0.0837, 0.344],
  ["ttft", null, "8", 0.112, 0.395],
  ["ttft", "centre", "8", 0.109, 0.395],
  ["tpot", null, "8", 0.0551, 0.195],
  ["tpot", "centre", "8", 0.0582, 0.208],
  ["itl", null, "8", 0.0937, 0.271],
  ["itl", "centre", "8", 0.0776, 0.233],
  ["e2e", null, "8", 0.0882, 0.284],
  ["e2e", "centre", "8", 0.083, 0.327],
  [null, null, "beyond", 0.195, 0.683],
  ["ntpot", null, "beyond", 0.178, 0.536],
  ["ntpot", "centre", "beyond", 0.178, 0.536],
  ["e2e", null, "beyond", 0.193, 0.587],
  ["e2e", "centre", "beyond", 0.201, 0.589],
  ["e2e", "tail", "beyond", 0.146, 0.456],
  ["ttft", null, "beyond", 0.254, 0.851],
  ["ttft", "centre", "beyond", 0.33, 0.912],
  ["ttft", "tail", "beyond", 0.174, 0.699],
  ["tpot", null, "beyond", 0.136, 0.697],
  ["tpot", "centre", "beyond", 0.119, 0.457],
  ["tpot", "tail", "beyond", 0.188, 0.759],
  ["itl", null, "beyond", 0.215, 0.791],
  ["itl", "centre", "beyond", 0.141, 0.525],
  ["itl", "tail", "beyond", 0.549, 1.05],
];

/**
 * How far off interpolated crossings are, as `crossingErrors` finds it on the figures that come with the program: by gap, metric
 * and statistics where there are enough cases, else by gap and metric, else by gap. A test holds them to those figures.
 */
export const CROSSING_ERRORS: readonly KnownError[] = ROWS.map(([metric, statistics, gap, median, p90]) => ({
  ...{ metric, statistics, gap, median, p90 },
}));

/** The error to expect of the throughput where an SLO breaks between two loads, and whether their gap makes it an estimate. */
export function crossingError(
  loadA: number,
  loadB: number,
  { metric, statistic }: { metric: Metric; statistic: Statistic },
): { median: number; p90: number; isEstimate: boolean } {
  const gap = gapName(loadA, loadB);
  const isEstimate = gap === "beyond";
  const statistics = statisticClass(statistic);
  const ofGap = CROSSING_ERRORS.filter((row) => row.gap === gap);
  const row =
    ofGap.find((item) => item.metric === metric && item.statistics === statistics) ??
    ofGap.find((item) => item.metric === metric && item.statistics === null) ??
    ofGap.find((item) => item.metric === null);
  if (row === undefined) throw new Error(`no error is known of crossings over a gap of ${gap}`);
  return { median: row.median, p90: row.p90, isEstimate };
}
