import { describe, expect, it } from "vitest";
import { answerOver, DEFAULT_QUESTION } from "@/lib/answer/answer";
import type { Slo } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import { groupBy } from "@/lib/group-by";
import { allCrossovers } from "@/lib/selection/crossovers";
import type { Question } from "@/lib/selection/types";
import { curve, latency, point, price } from "../frontier/builders";
import { shippedCatalogue, shippedRuns } from "../shipped-figures";

const tpot = (limitMs: number): Slo => ({ metric: "tpot", statistic: "mean", limitMs });
const at = (loadValue: number, tokens: number, tpotMs: number) =>
  point({ loadValue, outputTokensPerSecond: tokens, tpotMs: latency(tpotMs) });

/** Cheap and slow against dear and fast: 1 USD/h for 1,000 tokens/s at 40 ms, 4 USD/h for 2,000 at 10 ms. */
const curves = [
  curve([at(1, 1000, 40)], { configurationId: "slow", accelerator: "l4" }),
  curve([at(1, 2000, 10)], { configurationId: "fast", accelerator: "h100" }),
];
const prices = [
  price({ priceId: "l4", acceleratorId: "l4", usdPerHour: 1 }),
  price({ priceId: "h100", acceleratorId: "h100", usdPerHour: 4 }),
];
const crossoversOf = (given: Partial<Question>) => {
  const question = { ...DEFAULT_QUESTION, ...given };
  const ask = (of: Question) => answerOver(curves, prices, of).ranking;
  return allCrossovers(ask, question, ask(question));
};
const named = (found: ReturnType<typeof crossoversOf>) =>
  found.map(({ lever, direction, at: value, first }) => [
    lever.kind === "price" ? lever.accelerator : lever.kind,
    direction,
    value,
    first?.curve.configuration.configurationId ?? null,
  ]);

describe("what would change the answer", () => {
  it("is the target at which the cheap one falls out, and the prices at which the other is as cheap", () => {
    // At 50 ms both serve: $0.278 a million against $0.556. Below 40 ms only the fast one does; it is as cheap at $2, or when
    // the slow one costs $2.
    const found = named(crossoversOf({ slos: [tpot(50)] }));
    const of = (lever: string, direction: string) => found.find((item) => item[0] === lever && item[1] === direction);
    expect(of("slo", "down")).toEqual(["slo", "down", expect.closeTo(39.9, 0), "fast"]);
    expect(of("slo", "up")).toBeUndefined();
    expect(of("l4", "up")).toEqual(["l4", "up", expect.closeTo(2, 1), "fast"]);
    expect(of("h100", "down")).toEqual(["h100", "down", expect.closeTo(2, 1), "fast"]);
  });

  it("is the demand from which on another bill is lower", () => {
    // 100 tokens a request: 8 and 16 requests/s a replica with the headroom. Up to 8 one slow machine for $1, then two for $2,
    // …; the fast one for $4 is never cheaper, but of equal bills nothing changes.
    expect(
      named(crossoversOf({ demand: { kind: "requests", requestsPerSecond: 5 } })).filter(
        ([lever]) => lever === "demand",
      ),
    ).toEqual([]);
    const dear = [price({ priceId: "l4", acceleratorId: "l4", usdPerHour: 2.5 }), prices[1] ?? price()];
    const question: Question = { ...DEFAULT_QUESTION, demand: { kind: "requests", requestsPerSecond: 5 } };
    const ask = (of: Question) => answerOver(curves, dear, of).ranking;
    // One slow machine for $2.50 up to 8 requests/s, two for $5 beyond it: the fast one for $4.
    const [up] = allCrossovers(ask, question, ask(question)).filter(({ lever }) => lever.kind === "demand");
    expect(up).toMatchObject({ direction: "up" });
    expect((up?.at ?? 0) * 5).toBeCloseTo(8, 0);
    expect(up?.first?.curve.configuration.configurationId).toBe("fast");
  });

  it("is nothing where nothing meets the question", () => {
    expect(crossoversOf({ slos: [tpot(1)] })).toEqual([]);
  });

  it("holds when it is asked: on the shipped figures each change leads to what it says, and nearer values do not", () => {
    const { accelerators: _, prices: listed } = shippedCatalogue();
    const groups = [
      ...groupBy(shippedRuns(), (run) => `${run.configuration.model} ${run.workload.workloadId}`).values(),
    ];
    const some = groups.filter((group) => group.length > 10 && group.length < 60).slice(0, 6);
    expect(some.length).toBeGreaterThan(3);
    let checked = 0;
    for (const group of some) {
      const shipped = loadCurves(group);
      const ask = (of: Question) => answerOver(shipped, listed, of).ranking;
      const question: Question = {
        ...DEFAULT_QUESTION,
        slos: [tpot(50)],
        demand: { kind: "requests", requestsPerSecond: 20 },
      };
      const ranking = ask(question);
      const first = ranking.ranked[0]?.curve.configuration.configurationId;
      for (const crossover of allCrossovers(ask, question, ranking)) {
        checked++;
        const then = ask(crossover.question).ranked[0]?.curve.configuration.configurationId ?? null;
        expect(then).toBe(crossover.first?.curve.configuration.configurationId ?? null);
        expect(then).not.toBe(first);
      }
    }
    expect(checked).toBeGreaterThan(5);
  });
});
