import type { Check, PointCheck } from "./check";
import { failuresBelowCompleted, failuresTolerable, fewFailures } from "./failures";
import { layoutFitsAccelerators, layoutUsesAccelerators } from "./layout";
import { nominalLengthHolds } from "./lengths";
import {
  enoughPrompts,
  loadNotExceeded,
  rateNotExceeded,
  sentAtItsRate,
  throughputFitsLatency,
  throughputPossible,
} from "./load";
import { weightsFitMemory } from "./memory";
import { prefillWithinArithmetic } from "./physics";
import {
  answersStreamed,
  firstTokenBeforeLast,
  gapsReachTpot,
  timesAddUp,
  timesAgree,
  tokensComeSingly,
} from "./request-times";
import { inputWasComputed, promptsWereNew, speculationIsStated } from "./server";
import { enoughRequests, meanBelowP99, percentileIsNoMean, percentilesInOrder } from "./statistics";
import { onlyClient, ownClock, type SetCheck, ttftRisesWithLoad } from "./together";
import {
  allAnswersCounted,
  answersAsLongAsAsked,
  countsAgree,
  inputRateOfWholeRun,
  rolesAddUp,
  throughputCountsTokens,
  throughputIsTokensByTime,
  zeroIsCounted,
} from "./token-counts";
import { latencyUnitPlausible } from "./units";

/**
 * Checks that look at what was measured alone, in the order they are asked: first what a report gives a number though it was
 * not measured, so that nothing is asked of that.
 */
export const MEASUREMENT_CHECKS: readonly PointCheck[] = [
  zeroIsCounted,
  answersStreamed,
  allAnswersCounted,
  inputRateOfWholeRun,
  nominalLengthHolds,
  percentilesInOrder,
  meanBelowP99,
  percentileIsNoMean,
  enoughRequests,
  fewFailures,
  failuresTolerable,
  failuresBelowCompleted,
  throughputIsTokensByTime,
  latencyUnitPlausible,
  throughputCountsTokens,
  firstTokenBeforeLast,
  timesAddUp,
  timesAgree,
  gapsReachTpot,
  tokensComeSingly,
  loadNotExceeded,
  throughputPossible,
  throughputFitsLatency,
  enoughPrompts,
  rateNotExceeded,
  sentAtItsRate,
  rolesAddUp,
  countsAgree,
  inputWasComputed,
];

/** Checks that also take what was deployed and asked. */
export const SETUP_CHECKS: readonly PointCheck[] = [
  answersAsLongAsAsked,
  layoutFitsAccelerators,
  layoutUsesAccelerators,
  promptsWereNew,
  speculationIsStated,
  prefillWithinArithmetic,
  weightsFitMemory,
];

/** Checks that hold the points that were read together against each other. */
export const SET_CHECKS: readonly SetCheck[] = [onlyClient, ownClock, ttftRisesWithLoad];

export const POINT_CHECKS: readonly PointCheck[] = [...MEASUREMENT_CHECKS, ...SETUP_CHECKS];

/** Every check there is. */
export const CHECKS: readonly Check[] = [...POINT_CHECKS, ...SET_CHECKS];
