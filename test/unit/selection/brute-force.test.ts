import { describe, expect, it } from "vitest";
import { answerOver, DEFAULT_QUESTION } from "@/lib/answer/answer";
import type { Price } from "@/lib/catalogue/catalogue";
import type { Slo } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { flagOutliers } from "@/lib/frontier/outliers";
import { groupBy } from "@/lib/group-by";
import type { RankedConfiguration } from "@/lib/selection/types";
import { shippedCatalogue, shippedRuns } from "../shipped-figures";

/**
 * What answers rest on, worked out once more over all shipped figures the long way, by rules written down here and nowhere else:
 * which curve of a configuration answers, which machine is the cheapest that holds a replica, and what a demand costs.
 */

const { prices, models, accelerators } = shippedCatalogue();
const slos: Slo[] = [
  { metric: "ttft", statistic: "mean", limitMs: 2000 },
  { metric: "tpot", statistic: "mean", limitMs: 50 },
];
const REQUESTS_PER_SECOND = 20;
const HEADROOM = 0.2;

const groups = [
  ...groupBy(flagOutliers(shippedRuns(), { models, accelerators }), (run) =>
    JSON.stringify([run.configuration.model, run.workload.workloadId]),
  ).values(),
].map(loadCurves);

const question = {
  ...DEFAULT_QUESTION,
  slos,
  headroom: HEADROOM,
  demand: { kind: "requests" as const, requestsPerSecond: REQUESTS_PER_SECOND },
};
const answers = groups.map((curves) => ({ curves, rows: answerOver(curves, prices, question).ranking.ranked }));
const rows = answers.flatMap((answer) => answer.rows);

/** Accelerators that must stand in one machine: what each node held; where nobody says, the largest engine, else all. */
function inOneMachine({ configuration }: LoadCurve): number {
  const { acceleratorCount, nodes, parallelism } = configuration;
  if (nodes !== null) return Math.min(acceleratorCount, Math.ceil(acceleratorCount / Math.max(1, nodes)));
  const { tensor, pipeline, data, label } = parallelism;
  // Layouts that name engines in their label have engines of their own; the rest is one engine.
  const named = /x\(?tp/i.test(label ?? "");
  return named || (tensor !== null && (data ?? 1) > 1) || (pipeline ?? 1) > 1 ? Number.NaN : acceleratorCount;
}

/** USD/h of a number of replicas in machines of one price, by putting them in one after the other; `null` = does not fit. */
function billByHand(price: Price, replicas: number, count: number, whole: number): number | null {
  const { acceleratorCount: size, usdPerHour } = price;
  if (size < whole) return null;
  let machines = 0;
  let free = 0;
  for (let replica = 0; replica < replicas; replica++) {
    if (size >= count) {
      if (free < count) {
        machines++;
        free = size;
      }
      free -= count;
      continue;
    }
    // A replica over several machines: each holds as many whole parts as fit, and is its alone.
    let left = count;
    while (left > 0) {
      machines++;
      left -= Math.floor(size / whole) * whole;
    }
  }
  return machines * usdPerHour;
}

/** The cheapest bill of all offers, whole machines before accelerators without their machine. */
function cheapestBill(row: RankedConfiguration, replicas: number): number | null {
  const { accelerator, acceleratorCount } = row.curve.configuration;
  const whole = inOneMachine(row.curve);
  const bills = (only: boolean) =>
    prices
      .filter(
        (price) => price.acceleratorId === accelerator && price.kind === "on_demand" && price.acceleratorOnly === only,
      )
      .flatMap((price) => billByHand(price, replicas, acceleratorCount, whole) ?? []);
  const machines = bills(false);
  const all = machines.length > 0 ? machines : bills(true);
  return all.length === 0 ? null : Math.min(...all);
}

describe("over all shipped figures, the long way", () => {
  const known = rows.filter(({ curve }) => !Number.isNaN(inOneMachine(curve)));

  it("looks at enough rows to mean something", () => {
    expect(rows.length).toBeGreaterThan(500);
    expect(known.length / rows.length).toBeGreaterThan(0.6);
  });

  it("the replicas of a plan carry the demand with the headroom kept, and one fewer would not", () => {
    let checked = 0;
    for (const { capacity, operatingPoint } of rows) {
      if (capacity === null || operatingPoint.requestsPerSecond === null) continue;
      checked++;
      const each = operatingPoint.requestsPerSecond * (1 - HEADROOM);
      expect(capacity.replicas * each).toBeGreaterThanOrEqual(REQUESTS_PER_SECOND * (1 - 1e-9));
      if (capacity.replicas > 1) expect((capacity.replicas - 1) * each).toBeLessThan(REQUESTS_PER_SECOND);
    }
    expect(checked).toBeGreaterThan(500);
  });

  it("the bill is that of the cheapest offer that holds a replica", () => {
    let priced = 0;
    for (const row of known) {
      const { capacity, cost, curve } = row;
      if (capacity === null) continue;
      const bill = cheapestBill(row, capacity.replicas);
      const name = `${curve.configuration.configurationId}, ${capacity.replicas} replicas`;
      if (bill === null) expect(cost.kind, name).toBe("unknown");
      else {
        priced++;
        expect(capacity.usdPerHour, name).toBeCloseTo(bill, 6);
        expect(capacity.usdPerMonth, name).toBeCloseTo(bill * 730, 4);
      }
    }
    expect(priced).toBeGreaterThan(300);
  });

  it("rows stand by their bills, those without a price after them by the price at which each would win", () => {
    for (const { rows: ranked } of answers) {
      const bills = ranked.flatMap(({ capacity }) => capacity?.usdPerHour ?? []);
      expect(bills).toEqual([...bills].sort((a, b) => a - b));
      const [lowest] = bills;
      for (const { cost, breakEvenUsdPerAcceleratorHour: breakEven, capacity } of ranked) {
        if (cost.kind === "known" || lowest === undefined || capacity === null) continue;
        // At that price its accelerators cost as much as the first row.
        expect((breakEven ?? Number.NaN) * capacity.accelerators).toBeCloseTo(lowest, 6);
      }
    }
  });

  it("of several curves of a configuration the newest answers that reaches as far as the fullest", () => {
    let checked = 0;
    for (const { curves, rows: ranked } of answers) {
      for (const { curve: chosen } of ranked) {
        const same = curves.filter(
          (curve) => curve.configuration.configurationId === chosen.configuration.configurationId,
        );
        if (same.length < 2) continue;
        checked++;
        const loads = (curve: LoadCurve) =>
          new Set(curve.points.map((point) => `${point.loadKind} ${point.loadValue}`)).size;
        const highest = (curve: LoadCurve) => Math.max(0, ...curve.points.map((point) => point.loadValue ?? 0));
        const judged = same.filter((curve) =>
          curve.points.some((point) => point.ttftMs?.mean != null && point.tpotMs?.mean != null),
        );
        const most = Math.max(...judged.map(loads));
        const name = chosen.configuration.configurationId;
        // Never a stub.
        expect(loads(chosen), name).toBeGreaterThanOrEqual(most / 2);
        const kinds = new Set(
          judged.map((curve) => curve.points.findLast((point) => point.loadValue !== null)?.loadKind),
        );
        if (kinds.size > 1) continue;
        // No younger curve has as many loads and reaches as high as every other.
        const top = Math.max(...judged.map(highest));
        const better = judged.filter(
          (curve) =>
            (curve.measuredOn ?? "") > (chosen.measuredOn ?? "") && loads(curve) === most && highest(curve) === top,
        );
        expect(better, name).toEqual([]);
      }
    }
    expect(checked).toBeGreaterThan(20);
  });

  it("no measured point that meets the targets delivers more than the answer of its curve", () => {
    for (const { curve, operatingPoint } of rows) {
      for (const point of curve.points) {
        const [ttft, tpot] = [point.ttftMs?.mean, point.tpotMs?.mean];
        const meets = ttft != null && tpot != null && ttft <= 2000 && tpot <= 50;
        const isOff = point.qualityFlags.some((flag) => /outlier|physics|doubt/.test(flag));
        const tokens = point.outputTokensPerSecond ?? point.outputTokensPerSecondDerived;
        if (!meets || isOff || tokens === null || point.qualityFlags.length > 0) continue;
        expect(operatingPoint.outputTokensPerSecond).toBeGreaterThanOrEqual(tokens * (1 - 1e-9));
      }
    }
  });

  it("more demand never lowers a bill, a looser target never raises it, and a dearer price moves no row up", () => {
    for (const { curves, rows: ranked } of answers.slice(0, 40)) {
      const first = ranked[0];
      if (first === undefined || first.capacity?.usdPerHour == null) continue;
      const billOf = (given: Partial<typeof question>) =>
        answerOver(curves, prices, { ...question, ...given }).ranking.ranked[0]?.capacity?.usdPerHour ??
        Number.POSITIVE_INFINITY;
      const now = first.capacity.usdPerHour;
      expect(
        billOf({ demand: { kind: "requests", requestsPerSecond: REQUESTS_PER_SECOND * 2 } }),
      ).toBeGreaterThanOrEqual(now);
      expect(billOf({ slos: slos.map((slo) => ({ ...slo, limitMs: slo.limitMs * 1.5 })) })).toBeLessThanOrEqual(
        now * (1 + 1e-9),
      );
      const { accelerator, configurationId } = first.curve.configuration;
      const dearer = prices.map((price) =>
        price.acceleratorId === accelerator ? { ...price, usdPerHour: price.usdPerHour * 3 } : price,
      );
      const place = (of: readonly RankedConfiguration[]) =>
        of.findIndex((row) => row.curve.configuration.configurationId === configurationId);
      const others = (of: readonly RankedConfiguration[]) => of.filter((row) => row.cost.kind === "known");
      expect(place(others(answerOver(curves, dearer, question).ranking.ranked))).toBeGreaterThanOrEqual(
        place(others(ranked)),
      );
    }
  });
});
