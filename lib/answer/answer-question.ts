import type { Price } from "../catalogue/catalogue";
import type { Run } from "../domain";
import { withKeptOffReasons } from "../frontier/kept-off";
import type { LoadCurve } from "../frontier/load-curve";
import type { Question } from "../selection/types";
import { type Answer, type AnswerCatalogue, answerOver, flaggedCurves } from "./answer";

/** The curves of runs with the reasons of those that are kept off whole. On the server: the browser is told the reasons. */
export function answerCurves(runs: readonly Run[], catalogue: AnswerCatalogue): LoadCurve[] {
  return withKeptOffReasons(flaggedCurves(runs, catalogue));
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
