import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "@/lib/answer/answer";
import { answerQuestion } from "@/lib/answer/answer-question";
import type { Configuration, LoadPoint, Run, Slo } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import type { Demand } from "@/lib/selection/demand";
import { nearMissReason } from "@/lib/selection/near-miss-words";
import { operatingPoint } from "@/lib/selection/operating-point";
import { rank } from "@/lib/selection/rank";
import type { NearMiss, Question } from "@/lib/selection/types";
import { accelerator, anyPoints, anySlo, curve, latency, model, point, price, run } from "../frontier/builders";

const reasonOf = (miss: NearMiss | undefined) => (miss === undefined ? undefined : nearMissReason(miss));

const ttft = (limitMs: number): Slo => ({ metric: "ttft", statistic: "p95", limitMs });
const question = (given: Partial<Question> = {}): Question => ({ ...DEFAULT_QUESTION, ...given });
const at = (loadValue: number, tokens: number, ttftP95: number, given: Partial<LoadPoint> = {}) =>
  point({ loadValue, outputTokensPerSecond: tokens, ttftMs: latency({ p95: ttftP95 }), tpotMs: latency(10), ...given });

const requests = (requestsPerSecond: number | null): Demand | null =>
  requestsPerSecond === null ? null : { kind: "requests", requestsPerSecond };
const named = (configurationId: string, points: LoadPoint[], given: Partial<Configuration> = {}) =>
  curve(points, { configurationId, ...given });
const prices = [price({ usdPerHour: 3.6 }), price({ priceId: "mi", acceleratorId: "mi300x", usdPerHour: 1.8 })];
const order = (curves: ReturnType<typeof named>[], asked: Question) =>
  rank(curves, prices, asked).ranked.map((row) => row.curve.configuration.configurationId);

describe("rank", () => {
  it("goes by USD per million output tokens, cheapest first", () => {
    const fast = named("fast", [at(1, 150, 100)]);
    const cheap = named("cheap", [at(1, 100, 100)], { accelerator: "mi300x" });
    expect(order([fast, cheap], question())).toEqual(["cheap", "fast"]);
    // 3.6 USD/h at 150 tokens/s: 0.001 ÷ 150 × 10⁶ = 6.667; 1.8 USD/h at 100: 5.
    const costs = rank([fast, cheap], prices, question()).ranked.map(
      ({ cost }) => cost.kind === "known" && cost.usdPerMillionOutputTokens,
    );
    expect(costs).toEqual([expect.closeTo(5, 9), expect.closeTo(6.6667, 3)]);
  });

  it("goes by the bill where a demand is given: half-empty machines are paid for", () => {
    // Per token the eight-accelerator machine is cheaper; one replica of it serves the demand half idle.
    const large = price({ priceId: "large", acceleratorId: "large", acceleratorCount: 8, usdPerHour: 16 });
    const small = price({ priceId: "small", acceleratorId: "small", acceleratorCount: 1, usdPerHour: 3 });
    const curves = [
      named("large", [at(1, 1000, 100)], { accelerator: "large", acceleratorCount: 1 }),
      named("small", [at(1, 1000, 100)], { accelerator: "small" }),
    ];
    const ids = (demandRequestsPerSecond: number | null) =>
      rank(curves, [large, small], question({ demand: requests(demandRequestsPerSecond) })).ranked.map(
        (row) => row.curve.configuration.configurationId,
      );
    // Ten requests/s of 100 tokens each a replica, eight with headroom: one replica each, $16 against $3 an hour.
    expect(ids(null)).toEqual(["large", "small"]);
    expect(ids(8)).toEqual(["small", "large"]);
    // Eight replicas fill the machine: $16 against $24.
    expect(ids(64)).toEqual(["large", "small"]);
  });

  it("chooses the offer by the bill, too, and names each provider's", () => {
    const offers = [
      price({ priceId: "whole", provider: "whole", acceleratorCount: 8, usdPerHour: 16 }),
      price({ priceId: "single", provider: "single", acceleratorCount: 1, usdPerHour: 3 }),
    ];
    const row = (demandRequestsPerSecond: number | null) =>
      rank([named("a", [at(1, 1000, 100)])], offers, question({ demand: requests(demandRequestsPerSecond) })).ranked[0];
    const provider = (of: ReturnType<typeof row>) => of?.cost.kind === "known" && of.cost.price?.provider;
    expect(provider(row(null))).toBe("whole");
    expect(provider(row(8))).toBe("single");
    expect(row(8)?.providers.map((item) => [item.provider, item.usdPerMonth])).toEqual([
      ["single", 3 * 730],
      ["whole", 16 * 730],
    ]);
    expect(row(8)?.capacity).toMatchObject({ instances: 1, accelerators: 1, usdPerMonth: 3 * 730 });
  });

  it("puts an accelerator without a price after those with one, and says below which price it would win", () => {
    const unpriced = (configurationId: string, tokens: number) =>
      named(configurationId, [at(1, tokens, 10)], { accelerator: "gaudi3", acceleratorCount: 2 });
    const curves = [unpriced("b", 400), unpriced("a", 9000), named("priced", [at(1, 100, 100)])];
    const { ranked } = rank(curves, prices, question());
    // $10 per million of the priced one: 9,000 tokens/s are 32.4 million an hour, $324 for two accelerators.
    expect(ranked.map((row) => row.breakEvenUsdPerAcceleratorHour)).toEqual([
      null,
      expect.closeTo(162, 9),
      expect.closeTo(7.2, 9),
    ]);
    const [first, second] = ranked;
    const own = { ...question().price, ownUsdPerAcceleratorHour: second?.breakEvenUsdPerAcceleratorHour ?? 0 };
    const at162 = rank(curves, prices, question({ price: own })).ranked.find((row) => row.curve === second?.curve);
    if (first?.cost.kind !== "known" || at162?.cost.kind !== "known") throw new Error("expected costs");
    expect(at162.cost.usdPerMillionOutputTokens).toBeCloseTo(first.cost.usdPerMillionOutputTokens, 9);
  });

  it("goes by throughput per accelerator, fewest accelerators or lowest latency where asked", () => {
    const one = named("one", [at(1, 100, 300)], { acceleratorCount: 1 });
    const eight = named("eight", [at(1, 1600, 100)], { acceleratorCount: 8 });
    expect(order([one, eight], question({ rankBy: "throughputPerAccelerator" }))).toEqual(["eight", "one"]);
    expect(order([one, eight], question({ rankBy: "fewestAccelerators" }))).toEqual(["one", "eight"]);
    expect(order([one, eight], question({ rankBy: "latency", slos: [ttft(500)] }))).toEqual(["eight", "one"]);
    expect(order([one, eight], question({ rankBy: "latency" }))).toHaveLength(2);
  });

  it("breaks ties by confidence: measured, derived, interpolated, at least; then by id", () => {
    // All deliver 100 tokens/s at the target of 200 ms.
    const measured = [at(1, 100, 100), at(2, 100, 300)];
    const derived = measured.map((p) => ({ ...p, outputTokensPerSecond: null, outputTokensPerSecondDerived: 100 }));
    const curves = [
      named("z-at-least", [at(1, 100, 100)]),
      named("y-derived", derived),
      named("x-measured", measured),
      named("b-measured", measured),
    ];
    expect(order(curves, question({ slos: [ttft(200)] }))).toEqual([
      "b-measured",
      "x-measured",
      "y-derived",
      "z-at-least",
    ]);
  });

  it("ranks an interpolated answer before an at-least one of equal cost", () => {
    const interpolated = named("z-interpolated", [
      at(1, 50, 100, { loadKind: "request_rate" }),
      at(3, 150, 300, { loadKind: "request_rate" }),
    ]);
    const atLeast = named("a-at-least", [at(1, 100, 100)]);
    expect(order([atLeast, interpolated], question({ slos: [ttft(200)] }))).toEqual(["z-interpolated", "a-at-least"]);
  });

  it("gives one row per configuration, from its newest curve that can be judged, and lists the others", () => {
    const sweep = (runId: string, measuredOn: string, tokens: number, given: Partial<LoadPoint> = {}): Run =>
      run({ runId, measuredOn, points: [at(1, tokens, 100, given), at(2, tokens + 1, 150, given)] });
    const curves = loadCurves([
      sweep("oldest", "2025-01-01", 300),
      sweep("middle", "2025-06-01", 200),
      sweep("newest", "2026-01-01", 100, { ttftMs: null }),
    ]);
    const { ranked, notComparable } = rank(curves, prices, question({ slos: [ttft(500)] }));
    expect(ranked).toHaveLength(1);
    expect(ranked[0]?.curve.curveId).toBe("middle");
    expect(ranked[0]?.otherCurves.map((other) => [other.curve.curveId, other.outputTokensPerSecond])).toEqual([
      ["newest", null],
      ["oldest", 301],
    ]);
    expect(notComparable).toEqual([]);
  });

  it("never lets a stub answer because it is younger, nor one of a day by its id", () => {
    const sweep = (runId: string, measuredOn: string | null, tokens: number, loads: readonly number[]): Run =>
      run({ runId, measuredOn, points: loads.map((load) => at(load, tokens * load, 100)) });
    const answering = (runs: Run[]) => rank(loadCurves(runs), prices, question()).ranked[0]?.curve.curveId;
    const full = sweep("full", "2026-04-08", 10, [1, 2, 4, 8, 16]);
    // One point of two weeks later; the same load as the highest of the sweep; a sweep that ends early.
    expect(answering([full, sweep("stub", "2026-04-22", 10, [4])])).toBe("full");
    expect(answering([full, sweep("stub", "2026-04-22", 10, [16])])).toBe("full");
    expect(answering([full, sweep("short", "2026-04-22", 10, [1, 2, 4, 8])])).toBe("full");
    expect(answering([full, sweep("newer", "2026-04-22", 8, [1, 4, 16])])).toBe("newer");
    // Of one day, or undated: more loads, then the one that promises less.
    for (const day of ["2026-04-08", null]) {
      expect(answering([sweep("a", day, 20, [1, 2]), sweep("b", day, 10, [1, 2])])).toBe("b");
      expect(answering([sweep("b", day, 20, [1, 2]), sweep("a", day, 10, [1, 2])])).toBe("a");
      expect(answering([sweep("a", day, 10, [1, 2]), sweep("b", day, 20, [1, 1.5, 2])])).toBe("b");
    }
  });

  it("hides no configuration that fails: it says what fails, by how much, and what would admit it", () => {
    const { ranked, nearMisses } = rank([named("slow", [at(1, 100, 812)])], prices, question({ slos: [ttft(500)] }));
    expect(ranked).toEqual([]);
    expect(nearMisses[0]?.smallestRelaxation).toMatchObject({ slo: ttft(500), limitMs: 812 });
    expect(reasonOf(nearMisses[0])).toBe(
      "At its closest point (1 in flight) TTFT p95 is 812 ms, 62.4% over its limit of 500 ms. TTFT p95 ≤ 812 ms would admit it.",
    );
    const far = rank([named("far", [at(1, 100, 290_000)])], prices, question({ slos: [ttft(500)] })).nearMisses[0];
    expect(reasonOf(far)).toContain("TTFT p95 is 290 s, 580 × its limit of 500 ms.");
  });

  it("sorts near misses by their relaxation, those that no single change admits last", () => {
    const tpot: Slo = { metric: "tpot", statistic: "mean", limitMs: 5 };
    const curves = [
      named("a-both", [at(1, 100, 900)]),
      named("b-far", [at(1, 100, 900, { tpotMs: latency(5) })]),
      named("c-near", [at(1, 100, 600, { tpotMs: latency(5) })]),
    ];
    const { nearMisses } = rank(curves, prices, question({ slos: [ttft(500), tpot] }));
    expect(nearMisses.map((miss) => miss.curve.configuration.configurationId)).toEqual(["c-near", "b-far", "a-both"]);
    expect(reasonOf(nearMisses[2])).toContain("No single change");
  });

  it("lists apart what cannot be compared, with the reason", () => {
    const { ranked, nearMisses, notComparable } = rank(
      [named("a", [at(1, 100, 1, { ttftMs: null })])],
      prices,
      question({ slos: [ttft(500)] }),
    );
    expect([ranked, nearMisses]).toEqual([[], []]);
    expect(notComparable).toMatchObject([{ missing: [ttft(500)], reason: "TTFT p95 was not measured." }]);
  });

  it("says in a sentence why each row carries no more", () => {
    const why = (points: LoadPoint[], slos: Slo[]) =>
      rank([named("a", points)], prices, question({ slos })).ranked[0]?.whyNotMore;
    const two = [at(1, 100, 100), at(3, 250, 300)];
    expect(why(two, [ttft(200)])).toBe("TTFT p95 reaches its limit of 200 ms at 2 in flight.");
    expect(why(two, [ttft(500)])).toContain("capacity not known");
    expect(why(two, [])).toContain("at least 95% of the curve's best throughput");
    expect(why([at(1, 100, 100), at(3, 90, 300)], [ttft(500)])).toBe(
      "More load than 1 in flight brings no more throughput.",
    );
    const bounded = at(1, 0, 0, {
      ttftMs: latency({ p99: 90 }),
      outputTokensPerSecond: null,
      outputTokensPerSecondDerived: 9,
    });
    expect(why([bounded], [ttft(500)])).toContain("p99 stands in for TTFT p95 as a conservative bound.");
  });

  it("does not depend on the order of curves and loses none of them", () => {
    const anyCurves = fc
      .array(anyPoints(), { minLength: 1, maxLength: 6 })
      .map((lists) => lists.map((points, index) => named(`c${index}`, points, { acceleratorCount: 1 + (index % 2) })));
    fc.assert(
      fc.property(
        anyCurves.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        fc.array(anySlo(), { maxLength: 2 }),
        fc.constantFrom("cost" as const, "latency" as const, "fewestAccelerators" as const),
        ([curves, shuffled], slos, rankBy) => {
          const asked = question({ slos, rankBy, demand: requests(10) });
          const ranking = rank(curves, prices, asked);
          expect(rank(shuffled, prices, asked)).toEqual(ranking);
          const { ranked, nearMisses, notComparable } = ranking;
          expect(ranked.length + nearMisses.length + notComparable.length).toBe(curves.length);
        },
      ),
    );
  });
});

describe("answerQuestion", () => {
  it("goes from runs to a ranking with outliers flagged and kept out", () => {
    const honest = run({ runId: "honest", points: [at(1, 100, 100), at(2, 180, 150)] });
    const impossible = run({
      runId: "impossible",
      configuration: { configurationId: "impossible" },
      points: [at(1, 9000, 1, { tpotMs: latency(0.1) })],
    });
    const asked = {
      runs: [honest, impossible],
      prices,
      models: [model()],
      accelerators: [accelerator()],
      question: question({ slos: [ttft(500)] }),
    };
    const { curves, ranking } = answerQuestion(asked);
    expect(curves).toHaveLength(2);
    expect(ranking.ranked.map((row) => row.curve.curveId)).toEqual(["honest"]);
    expect(ranking.notComparable[0]?.reason).toBe("All its points are flagged as outliers.");
    const everything = answerQuestion({ ...asked, question: { ...asked.question, includeOutliers: true } });
    expect(everything.ranking.ranked.map((row) => row.curve.curveId)).toEqual(["impossible", "honest"]);
  });

  it("plans for the demand asked", () => {
    const sweep = run({ points: [at(1, 100, 100), at(2, 180, 150)] });
    const { ranking } = answerQuestion({
      runs: [sweep],
      prices,
      models: [],
      accelerators: [],
      question: question({ slos: [ttft(500)], demand: requests(12) }),
    });
    // 180 tokens/s of 100 a request, 20% kept free: 1.44 req/s a replica.
    expect(ranking.ranked[0]?.capacity).toMatchObject({ replicas: 9, usdPerHour: expect.closeTo(9 * 3.6, 9) });
  });

  it("agrees with the operating point of each curve", () => {
    const sweep = run({ points: [at(1, 100, 100), at(2, 180, 900)] });
    const asked = question({ slos: [ttft(500)] });
    const { curves, ranking } = answerQuestion({
      runs: [sweep],
      prices,
      models: [],
      accelerators: [],
      question: asked,
    });
    const [only] = curves;
    if (only === undefined) throw new Error("expected a curve");
    expect(operatingPoint(only, asked.slos, asked)).toEqual({
      kind: "found",
      operatingPoint: ranking.ranked[0]?.operatingPoint,
    });
  });
});
