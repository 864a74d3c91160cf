import type { Price } from "../catalogue/catalogue";
import { compareText } from "../compare-text";
import type { Slo } from "../domain";
import { newestCurveFirst } from "../frontier/curve";
import { latencyOf } from "../frontier/derive";
import type { LoadCurve } from "../frontier/load-curve";
import { groupBy } from "../group-by";
import { capacityPlan } from "./capacity";
import { costOf, TIE_SIGNIFICANT_DIGITS, type UnitPrice, unitPriceOf } from "./cost";
import { KNEE_LATENCIES } from "./knee";
import { type OperatingPointResult, operatingPoint } from "./operating-point";
import type { NearMiss, NotComparable, OperatingPoint, Question, RankedConfiguration, Ranking } from "./types";
import { nearMissReason, whyNotMore } from "./words";

interface JudgedCurve {
  curve: LoadCurve;
  result: OperatingPointResult;
}

/** Confidence in an answer, the lower the better: measured, derived, interpolated, at least. */
function confidenceRank({ kind, throughputBasis }: OperatingPoint): number {
  const byKind = { measured: 0, interpolated: 2, atLeast: 4 }[kind];
  return byKind + (throughputBasis === "derived" ? 1 : 0);
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

/** Sort keys of a row, ascending, in order of weight; `null` comes last. */
function sortKeys(
  rows: readonly RankedConfiguration[],
  question: Question,
): (row: RankedConfiguration) => (number | null)[] {
  switch (question.rankBy) {
    case "cost":
      // Among rows without a price, throughput per accelerator is all that can be said.
      return (row) => [usdPerMillion(row), row.cost.kind === "known" ? 0 : -throughputPerAccelerator(row)];
    case "throughputPerAccelerator":
      return (row) => [-throughputPerAccelerator(row)];
    case "fewestAccelerators":
      return (row) => [row.capacity?.accelerators ?? row.curve.configuration.acceleratorCount];
    case "latency": {
      const latency = latencyRanked(rows, question.slos);
      return (row) => [latency(row)];
    }
  }
}

function tieRounded(value: number | null): number {
  return value === null ? Number.POSITIVE_INFINITY : Number(value.toPrecision(TIE_SIGNIFICANT_DIGITS));
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
      keys: [...keysOf(row).map(tieRounded), confidenceRank(row.operatingPoint), tieRounded(usdPerMillion(row))],
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
 * Load curves and prices → the answer to a question: one row per configuration (and workload), taken from its newest
 * curve that can be judged at all, with its other curves beside it; near misses by their smallest relaxation; and what
 * cannot be compared. Sorted by `question.rankBy`; an unknown cost or latency comes last; ties by confidence (measured,
 * derived, interpolated, at least), then cost, then configuration id. The order of input does not matter.
 */
export function rank(curves: readonly LoadCurve[], prices: readonly Price[], question: Question): Ranking {
  const unitPrices = new Map<string, UnitPrice>();
  const unitPriceFor = ({ configuration: { accelerator, acceleratorCount } }: LoadCurve): UnitPrice => {
    const key = `${acceleratorCount} ${accelerator}`;
    const known = unitPrices.get(key) ?? unitPriceOf(prices, accelerator, question.price, acceleratorCount);
    unitPrices.set(key, known);
    return known;
  };

  const ranked: RankedConfiguration[] = [];
  const nearMisses: NearMiss[] = [];
  const notComparable: NotComparable[] = [];
  for (const group of grouped(curves)) {
    const judged: JudgedCurve[] = group.map((curve) => ({
      curve,
      result: operatingPoint(curve, question.slos, question),
    }));
    const chosen = judged.find(({ result }) => result.kind !== "notComparable") ?? judged[0];
    if (chosen === undefined) continue;
    const { curve, result } = chosen;
    if (result.kind === "notComparable") {
      notComparable.push({ curve, missing: result.missing, reason: result.reason });
    } else if (result.kind === "infeasible") {
      const { point, standings, smallestRelaxation } = result;
      nearMisses.push({ curve, point, standings, smallestRelaxation, reason: nearMissReason(result) });
    } else {
      const best = result.operatingPoint;
      const cost = costOf(curve.configuration.acceleratorCount, best.outputTokensPerSecond, unitPriceFor(curve));
      ranked.push({
        curve,
        operatingPoint: best,
        cost,
        capacity: capacityPlan(curve, best, cost, question),
        whyNotMore: whyNotMore(best, question.kneeShare),
        otherCurves: judged
          .filter((other) => other !== chosen)
          .map((other) => ({ curve: other.curve, outputTokensPerSecond: throughputIn(other) })),
      });
    }
  }
  notComparable.sort(
    (a, b) =>
      compareText(a.curve.configuration.configurationId, b.curve.configuration.configurationId) ||
      compareText(a.curve.curveId, b.curve.curveId),
  );
  return { ranked: sorted(ranked, question), nearMisses: nearMisses.sort(byRelaxation), notComparable };
}
