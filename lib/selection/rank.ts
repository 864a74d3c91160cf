import type { Price } from "../catalogue/catalogue";
import { compareText } from "../compare-text";
import type { Slo } from "../domain";
import { newestCurveFirst } from "../frontier/curve";
import { latencyOf } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import { groupBy } from "../group-by";
import { breakEven, cheapestOf } from "./break-even";
import { capacityPlan, sizingOf } from "./capacity";
import { costOf } from "./cost";
import { answeringCurve } from "./curve-choice";
import { filteredCurves } from "./curve-filter";
import { equalSpeed, usdPerMillionAt } from "./equal-tpot";
import { gradeOf } from "./grade";
import { KNEE_LATENCIES } from "./knee";
import { cheapestOffer, type Offers, offersByConfiguration } from "./offers";
import { type OperatingPointResult, operatingPoint } from "./operating-point";
import { paidBy, providerOffers } from "./provider-offers";
import { replicaShape } from "./replica-shape";
import { paidTokensAt, splitCost } from "./split-cost";
import { stockRoom } from "./stock";
import { tieRounded } from "./tie";
import type { NearMiss, NotComparable, OperatingPoint, Question, RankedConfiguration, Ranking } from "./types";
import { whyNotMore } from "./words";

interface JudgedCurve {
  curve: LoadCurve;
  result: OperatingPointResult;
}

/** After all that rests on what was measured. */
const ESTIMATED_RANK = 8;

/** Confidence in an answer, the lower the better: measured, derived, interpolated, at least, estimated. */
function confidenceRank(point: OperatingPoint): number {
  const byKind = { measured: 0, interpolated: 2, atLeast: 4 }[point.kind];
  const derived = point.throughputBasis === "derived" ? 1 : 0;
  return byKind + derived + (gradeOf(point) === "estimated" ? ESTIMATED_RANK : 0);
}

function throughputPerAccelerator({ curve, operatingPoint }: RankedConfiguration): number {
  return operatingPoint.outputTokensPerSecond / curve.configuration.acceleratorCount;
}

/** The latency rows are ranked by: the first SLO's, without SLOs the first of `KNEE_LATENCIES` that most rows have. */
function latencyRanked(rows: readonly RankedConfiguration[], slos: readonly Slo[]) {
  if (slos.length > 0) return (row: RankedConfiguration) => row.operatingPoint.standings[0]?.valueMs ?? null;
  let chosen = KNEE_LATENCIES[0];
  let covered = 0;
  for (const latency of KNEE_LATENCIES) {
    const { metric, statistic } = latency;
    const count = rows.filter((row) => latencyOf(row.operatingPoint, metric, statistic).value !== null).length;
    if (count > covered) {
      chosen = latency;
      covered = count;
    }
  }
  return (row: RankedConfiguration) =>
    chosen ? latencyOf(row.operatingPoint, chosen.metric, chosen.statistic).value : null;
}

function usdPerMillion({ cost }: RankedConfiguration): number | null {
  return cost.kind === "known" ? cost.usdPerMillionOutputTokens : null;
}

/** True where what the row costs is known: it has a price, or nothing has to be bought. */
function isPaid({ cost, capacity }: RankedConfiguration): boolean {
  return cost.kind === "known" || capacity?.usdPerHour === 0;
}

/** Share of the demand that neither the stock nor what may be bought carries, 0…1. */
function missingShare({ capacity }: RankedConfiguration): number {
  const missing = capacity?.stock?.replicasMissing ?? 0;
  return missing === 0 ? 0 : missing / (missing + (capacity?.replicas ?? 0));
}

/** Share of the stock of its kind that the row takes, 0…1. */
function stockShare({ capacity }: RankedConfiguration): number {
  const stock = capacity?.stock ?? null;
  return stock === null || stock.accelerators === 0 ? 0 : stock.taken / stock.accelerators;
}

/** Sort keys of a row, ascending, in order of weight; `null` comes last. */
function sortKeys(
  rows: readonly RankedConfiguration[],
  question: Question,
): (row: RankedConfiguration) => (number | null)[] {
  switch (question.rankBy) {
    case "cost":
      // A demand is paid by the bill. Rows without a price stand by the price at which they would be the cheapest.
      return (row) => [
        // What is not carried whole comes after what is: the more is missing, the later.
        missingShare(row),
        isPaid(row) ? 0 : 1,
        row.capacity === null && question.demand !== null ? 1 : 0,
        question.demand === null ? usdPerMillion(row) : (row.capacity?.usdPerHour ?? usdPerMillion(row)),
        isPaid(row) ? 0 : -(row.breakEvenUsdPerAcceleratorHour ?? throughputPerAccelerator(row)),
        stockShare(row),
      ];
    case "throughputPerAccelerator":
      return (row) => [-throughputPerAccelerator(row)];
    case "equalTpot":
      return (row) => [row.atEqualSpeed?.usdPerMillion ?? null, isPaid(row) ? 0 : 1, usdPerMillion(row)];
    case "fewestAccelerators":
      return (row) => [row.capacity?.accelerators ?? row.curve.configuration.acceleratorCount];
    case "latency": {
      const latency = latencyRanked(rows, question.slos);
      return (row) => [latency(row)];
    }
  }
}

/** A sort key; what is not known comes last. */
function keyOf(value: number | null): number {
  return value === null ? Number.POSITIVE_INFINITY : tieRounded(value);
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, keyA] of a.entries()) {
    const keyB = b[index] ?? keyA;
    if (keyA !== keyB) return keyA < keyB ? -1 : 1;
  }
  return 0;
}

/** Rows by what was asked for, then by confidence, then by cost, then by configuration and curve id. */
function sorted(rows: RankedConfiguration[], question: Question): RankedConfiguration[] {
  const keysOf = sortKeys(rows, question);
  return rows
    .map((row) => ({
      row,
      keys: [...keysOf(row).map(keyOf), confidenceRank(row.operatingPoint), keyOf(usdPerMillion(row))],
    }))
    .sort(
      (a, b) =>
        compareKeys(a.keys, b.keys) ||
        compareText(a.row.curve.configuration.configurationId, b.row.curve.configuration.configurationId) ||
        compareText(a.row.curve.curveId, b.row.curve.curveId),
    )
    .map(({ row }) => row);
}

/** Curves by configuration and workload, each group newest first. */
function grouped(curves: readonly LoadCurve[]): LoadCurve[][] {
  const groups = groupBy(curves, ({ configuration, workload }) =>
    JSON.stringify([configuration.configurationId, workload.workloadId]),
  );
  return [...groups.values()].map((group) => group.sort(newestCurveFirst));
}

function throughputIn({ result }: JudgedCurve): number | null {
  return result.kind === "found" ? result.operatingPoint.outputTokensPerSecond : null;
}

function byRelaxation(a: NearMiss, b: NearMiss): number {
  const increase = (miss: NearMiss): number => miss.smallestRelaxation?.relativeIncrease ?? Number.POSITIVE_INFINITY;
  const worst = (miss: NearMiss): number =>
    miss.standings.reduce((most, { slo, valueMs }) => Math.max(most, (valueMs ?? 0) / slo.limitMs), 0);
  return (
    compareKeys([increase(a), worst(a)], [increase(b), worst(b)]) ||
    compareText(a.curve.configuration.configurationId, b.curve.configuration.configurationId) ||
    compareText(a.curve.curveId, b.curve.curveId)
  );
}

/**
 * Load curves and prices → the answer to a question: one row per configuration (and workload), taken from its newest curve that
 * can be judged and reaches as far as the fullest one ({@link answeringCurve}), with its other curves beside it; near misses by
 * their smallest relaxation; and what cannot be compared. Sorted by `question.rankBy`: by cost means by the bill where a demand is
 * given, and rows without a price come after those with one, by the price at which each would win; an unknown latency comes last;
 * ties by confidence (measured, derived, interpolated, at least), then cost, then configuration id. The order of input does not
 * matter.
 */
export function rank(curves: readonly LoadCurve[], prices: readonly Price[], question: Question): Ranking {
  const offersOf = offersByConfiguration(prices, question.price);

  const ranked: RankedConfiguration[] = [];
  const nearMisses: NearMiss[] = [];
  const notComparable: NotComparable[] = [];
  const leftOut: Ranking["outsideStock"] = [];
  const asked = filteredCurves(curves, question.only);
  for (const group of grouped(asked.curves)) {
    const judged: JudgedCurve[] = group.map((curve) => ({
      curve,
      result: operatingPoint(curve, question.slos, question),
    }));
    const judgeable = judged.filter(({ result }) => result.kind !== "notComparable");
    const chosen = answeringCurve(judgeable.length > 0 ? judgeable : judged);
    if (chosen === null) continue;
    const { curve, result } = chosen;
    if (result.kind === "notComparable") {
      notComparable.push({ curve, missing: result.missing, reason: result.reason });
    } else if (result.kind === "infeasible") {
      const { point, standings, smallestRelaxation, requestsMissed } = result;
      nearMisses.push({ curve, point, standings, smallestRelaxation, requestsMissed });
    } else {
      const outside = outsideStock(curve, question);
      if (outside !== null) {
        leftOut.push({ curve, reason: outside });
        continue;
      }
      const grade = gradeOf(result.operatingPoint);
      if (question.only.grades.length > 0 && !question.only.grades.includes(grade)) {
        asked.leftOut.push({ curve, reason: `Its answer is ${grade === "atLeast" ? "a lower bound" : grade}.` });
        continue;
      }
      const others = judged.filter((other) => other !== chosen);
      ranked.push(rankedRow(curve, result.operatingPoint, others, offersOf(curve.configuration), question));
    }
  }
  const cheapest = cheapestOf(ranked);
  const speed = question.rankBy === "equalTpot" ? equalSpeed(ranked) : null;
  if (speed !== null) {
    for (const row of ranked) row.atEqualSpeed = { ...speed, usdPerMillion: usdPerMillionAt(row, speed, question) };
  }
  for (const row of ranked) row.breakEvenUsdPerAcceleratorHour = breakEven(row, cheapest);
  notComparable.sort(
    (a, b) =>
      compareText(a.curve.configuration.configurationId, b.curve.configuration.configurationId) ||
      compareText(a.curve.curveId, b.curve.curveId),
  );
  return {
    ranked: sorted(ranked, question),
    outsideStock: leftOut,
    nearMisses: nearMisses.sort(byRelaxation),
    notComparable,
    filteredOut: asked.leftOut,
  };
}

function rankedRow(
  curve: LoadCurve,
  operatingPoint: OperatingPoint,
  others: readonly JudgedCurve[],
  offers: Offers,
  question: Question,
): RankedConfiguration {
  const { acceleratorCount } = curve.configuration;
  const { outputTokensPerSecond } = operatingPoint;
  const sizing = sizingOf(curve, operatingPoint, question);
  const bought = question.demand === null ? null : (sizing?.bought ?? null);
  // A bill of nothing tells no offers apart.
  const priced = { acceleratorCount, outputTokensPerSecond, replicas: bought === 0 ? null : bought };
  const offer = offers.kind === "known" ? cheapestOffer(offers.offers, paidBy(priced)) : null;
  const cost = costOf(acceleratorCount, outputTokensPerSecond, offers, offer);
  const paid = cost.kind === "unknown" ? null : paidTokensAt(curve, operatingPoint);
  return {
    curve,
    operatingPoint,
    cost,
    split: cost.kind === "unknown" || paid === null ? null : splitCost(cost.usdPerHour, paid, question.tokenPrices),
    currency: question.currency,
    capacity: capacityPlan(curve, sizing, cost, question),
    providers: providerOffers(offers, priced),
    breakEvenUsdPerAcceleratorHour: null,
    atEqualSpeed: null,
    whyNotMore: whyNotMore(operatingPoint, question),
    otherCurves: others.map((other) => ({ curve: other.curve, outputTokensPerSecond: throughputIn(other) })),
  };
}

/** Why a configuration cannot be run on the stock; `null` where it can, or more may be bought. */
function outsideStock({ configuration }: LoadCurve, { stock, buyBeyondStock }: Question): string | null {
  if (stock.length === 0 || buyBeyondStock) return null;
  const room = stockRoom(stock, configuration.accelerator, replicaShape(configuration));
  if (room.accelerators === 0) return `You have no ${configuration.accelerator}.`;
  return room.replicas > 0
    ? null
    : `One replica takes ${configuration.acceleratorCount} ${configuration.accelerator}, more than your ${room.accelerators} hold.`;
}
