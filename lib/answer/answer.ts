import type { Accelerator, Model, Price } from "../catalogue/catalogue";
import { US_DOLLAR } from "../currency";
import type { Configuration } from "../domain";
import type { Axes } from "../frontier/axes";
import { type ChartPoint, type Frontier, type FrontierOptions, frontiers, placedPoints } from "../frontier/frontiers";
import type { LoadCurve } from "../frontier/load-curve";
import { usdPerReplicaHour } from "../selection/cost";
import { filteredCurves, NO_CURVE_FILTER } from "../selection/curve-filter";
import { cheapestOffer, type Offers, offersByConfiguration } from "../selection/offers";
import { rank } from "../selection/rank";
import { DEFAULT_MAX_FAILED_SHARE } from "../selection/request-targets";
import { DEFAULT_TOKEN_PRICES } from "../selection/token-prices";
import type { Question, Ranking } from "../selection/types";

/** The default question: no latency targets (so the knee), at most 1% failed requests, cheapest on-demand offer, 20% headroom. */
export const DEFAULT_QUESTION: Question = {
  slos: [],
  requests: { maxFailedShare: DEFAULT_MAX_FAILED_SHARE, minGoodputShare: null },
  only: NO_CURVE_FILTER,
  demand: null,
  stock: [],
  buyBeyondStock: false,
  headroom: 0.2,
  price: {
    provider: null,
    region: null,
    kind: "on_demand",
    ownUsdPerAcceleratorHour: null,
    ownByAccelerator: [],
    discounts: [],
  },
  tokenPrices: DEFAULT_TOKEN_PRICES,
  currency: US_DOLLAR,
  rankBy: "cost",
  measuredOnly: false,
  includeOutliers: false,
  estimates: true,
  kneeShare: 0.95,
};

/** The parts of the catalogue that outliers are found with. */
export interface AnswerCatalogue {
  models: readonly Model[];
  accelerators: readonly Accelerator[];
}

/** USD per hour of one replica of a configuration by its cheapest offer; `null` = unknown. */
function usdPerHourOf({ acceleratorCount }: Configuration, offers: Offers): number | null {
  const offer = offers.kind === "known" ? cheapestOffer(offers.offers, (item) => item.usdPerReplicaHour) : null;
  return usdPerReplicaHour(acceleratorCount, offers, offer);
}

/** The answer to a question over curves. */
export interface Answer {
  curves: readonly LoadCurve[];
  ranking: Ranking;
  /** Frontiers on a pair of axes, by accelerator; they are worked out when they are asked for. */
  frontiersOn(axes: Axes): Frontier[];
  /** Points of one of the curves that have a place on a pair of axes. */
  pointsOn(curve: LoadCurve, axes: Axes): ChartPoint[];
  /** USD per hour of one replica of one of the curves; `null` = unknown. */
  usdPerHour(curve: LoadCurve): number | null;
}

/** Ranking and frontiers of curves under a question. */
export function answerOver(curves: readonly LoadCurve[], prices: readonly Price[], question: Question): Answer {
  const offersOf = offersByConfiguration(prices, question.price);
  const usdPerHour = new Map(
    curves.map((curve) => [curve, usdPerHourOf(curve.configuration, offersOf(curve.configuration))]),
  );
  const options: FrontierOptions = {
    measuredOnly: question.measuredOnly,
    includeOutliers: question.includeOutliers,
    usdPerHourOf: (curve) => usdPerHour.get(curve) ?? null,
  };
  const asked = filteredCurves(curves, question.only).curves;
  return {
    curves,
    ranking: rank(curves, prices, question),
    frontiersOn: (axes) => frontiers(asked, axes, options),
    pointsOn: (curve, axes) => placedPoints(curve, axes, options),
    usdPerHour: options.usdPerHourOf,
  };
}
