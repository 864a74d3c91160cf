import type { Accelerator, Model, Price, Run } from "../domain";
import { loadCurves } from "../frontier/curve";
import { flagOutliers } from "../frontier/outliers";
import { rank } from "./rank";
import type { LoadCurve, Question, Ranking } from "./types";

/** What is asked where nothing else is said: no targets (so the knee), cheapest on-demand offer, 20% headroom. */
export const DEFAULT_QUESTION: Question = {
  slos: [],
  demandRequestsPerSecond: null,
  headroom: 0.2,
  price: { provider: null, region: null, kind: "on_demand", ownUsdPerAcceleratorHour: null },
  rankBy: "cost",
  measuredOnly: false,
  includeOutliers: false,
  kneeShare: 0.95,
};

/**
 * Runs of one model and workload, the catalogue and a question → the load curves (outliers flagged) and their ranking.
 * The one composition the page, the command line and the API share, so that all three give the same answer.
 */
export function answerQuestion(asked: {
  runs: readonly Run[];
  prices: readonly Price[];
  models: readonly Model[];
  accelerators: readonly Accelerator[];
  question: Question;
}): { curves: LoadCurve[]; ranking: Ranking } {
  const curves = loadCurves(flagOutliers(asked.runs, asked));
  return { curves, ranking: rank(curves, asked.prices, asked.question) };
}
