import type { Price } from "../catalogue/catalogue";
import type { Run } from "../domain";
import { loadCurves } from "../frontier/curve";
import { withKeptOffReasons } from "../frontier/kept-off";
import type { LoadCurve } from "../frontier/load-curve";
import { flagOutliers } from "../frontier/outliers";
import { withTdp } from "../frontier/tdp";
import type { Question } from "../selection/types";
import { type Answer, type AnswerCatalogue, answerOver } from "./answer";

/**
 * Load curves of runs, outliers flagged and the reasons said of those that are kept off whole: the part of an answer that does not
 * depend on the question. On the server: the browser gets the flags with the runs, and the reasons.
 */
export function answerCurves(runs: readonly Run[], catalogue: AnswerCatalogue): LoadCurve[] {
  return withTdp(withKeptOffReasons(loadCurves(flagOutliers(runs, catalogue))), catalogue.accelerators);
}

/**
 * Runs of one model and workload, the catalogue and a question → the answer. The one composition behind the page (which keeps
 * the curves while the question changes), the command line and the HTTP API, so that all give the same.
 */
export function answerQuestion(
  asked: AnswerCatalogue & { runs: readonly Run[]; prices: readonly Price[]; question: Question },
): Answer {
  return answerOver(answerCurves(asked.runs, asked), asked.prices, asked.question);
}
