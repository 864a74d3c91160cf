import { DEFAULT_QUESTION } from "../../lib/answer/answer";
import { answerQuestion } from "../../lib/answer/answer-question";
import type { Accelerator, Model, Price } from "../../lib/catalogue/catalogue";
import type { Axes } from "../../lib/frontier/axes";
import { loadCurves } from "../../lib/frontier/curve";
import { frontiers } from "../../lib/frontier/frontiers";
import { rank } from "../../lib/selection/rank";
import type { Question } from "../../lib/selection/types";
import { ACCELERATORS, generatedRuns, POINTS_PER_CURVE } from "./generated-curves";
import { ms, type Row, type Section } from "./report";
import { medianMs } from "./statistics";

/** Points, and how many times each is measured. */
const SIZES: readonly (readonly [points: number, times: number])[] = [
  [1000, 21],
  [100_000, 5],
  [1_000_000, 3],
];

const AXES: Axes = { throughput: "accelerator", metric: "ttft", statistic: "p95" };
const QUESTION: Question = {
  ...DEFAULT_QUESTION,
  slos: [
    { metric: "ttft", statistic: "p95", limitMs: 500 },
    { metric: "tpot", statistic: "p95", limitMs: 50 },
  ],
  demand: { kind: "requests", requestsPerSecond: 12 },
};

/** Frontiers, ranking and the whole answer over generated curves of one model and workload. */
export async function benchRanking(catalogue: {
  accelerators: readonly Accelerator[];
  models: readonly Model[];
  prices: readonly Price[];
}): Promise<Section> {
  const priced = new Set(catalogue.prices.map((price) => price.acceleratorId));
  const accelerators = catalogue.accelerators.filter((item) => priced.has(item.id)).slice(0, ACCELERATORS);
  const [model] = catalogue.models;
  const rows: Row[] = [];
  for (const [points, times] of SIZES) {
    const runs = generatedRuns(points, accelerators, model?.id ?? "example-org/Example-70B");
    const curves = loadCurves(runs);
    const setting = `${points.toLocaleString("en-US")} points on ${curves.length.toLocaleString("en-US")} curves of ${accelerators.length} accelerators (generated, ${POINTS_PER_CURVE} points a curve), median of ${times} after one that is not counted`;
    const measure = async (what: string, how: string, run: () => unknown) => {
      run();
      const took = await medianMs(times, () => undefined, run);
      rows.push({
        what: `${what}, ${points.toLocaleString("en-US")} points`,
        value: ms(took),
        how: `${how}; ${setting}.`,
      });
    };
    await measure("frontiers", "non-dominated points of each accelerator, with what connects them", () =>
      frontiers(curves, AXES, { measuredOnly: false, includeOutliers: false, usdPerHourOf: () => null }),
    );
    await measure(
      "ranking",
      "operating point, cost and capacity of every curve under two targets and a demand, sorted",
      () => rank(curves, catalogue.prices, QUESTION),
    );
    await measure("whole answer", "outliers found, curves made, curves ranked", () =>
      answerQuestion({ ...catalogue, runs, question: QUESTION }),
    );
  }
  return { title: "Frontiers and ranking", rows };
}
