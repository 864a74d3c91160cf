import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerOver, DEFAULT_QUESTION } from "@/lib/answer/answer";
import { rankJson } from "@/lib/api/rank-json";
import { burstText } from "@/lib/explorer/burst-words";
import { loadCurves } from "@/lib/frontier/curve";
import { DERIVED_TOO_HIGH, derivedOutputTokensPerSecond } from "@/lib/measurement/derived-throughput";
import { burstWait, erlangC } from "@/lib/selection/bursts";
import { equalSpeed } from "@/lib/selection/equal-tpot";
import { quantile } from "@/lib/selection/quantile";
import { curve, latency, point, price } from "../frontier/builders";
import { shippedRuns } from "../shipped-figures";

const at = (loadValue: number, tokens: number, tpotMs: number) =>
  point({ loadValue, outputTokensPerSecond: tokens, tpotMs: latency(tpotMs) });

describe("cost at one speed", () => {
  const short = curve([at(1, 100, 10), at(8, 700, 20)], { configurationId: "short" });
  const long = curve([at(1, 90, 12), at(8, 600, 20), at(64, 3000, 60)], { configurationId: "long" });
  const alone = curve([at(1, 5000, 5)], { configurationId: "alone" });

  it("is asked inside the measured range of most, at the slowest such speed", () => {
    expect(equalSpeed([{ curve: short }, { curve: long }, { curve: alone }])).toEqual({
      statistic: "mean",
      tpotMs: 20,
    });
    expect(equalSpeed([{ curve: alone }, { curve: short }])).toBeNull();
  });

  it("ranks what was measured so far by it, and says the rest was not", () => {
    const question = { ...DEFAULT_QUESTION, rankBy: "equalTpot" as const };
    const { ranked } = answerOver([short, long, alone], [price()], question).ranking;
    // At 20 ms 700 against 600 tokens/s for the same price; by cost at its own knee the long curve would come first.
    expect(ranked.map((row) => row.curve.configuration.configurationId)).toEqual(["short", "long", "alone"]);
    expect(ranked[0]?.atEqualSpeed).toMatchObject({ tpotMs: 20, usdPerMillion: expect.closeTo(1000 / 700, 6) });
    expect(ranked[2]?.atEqualSpeed?.usdPerMillion).toBeNull();
    expect(answerOver([short, long], [price()], DEFAULT_QUESTION).ranking.ranked[0]?.atEqualSpeed).toBeNull();
  });
});

describe("requests that come at random", () => {
  it("wait as Erlang's formula says", () => {
    // Tables of Erlang C: 10 places, 8 erlangs: 0.4092; 1 place: the load itself.
    expect(erlangC(10, 8)).toBeCloseTo(0.4092, 4);
    expect(erlangC(1, 0.7)).toBeCloseTo(0.7, 9);
    expect(erlangC(5, 5)).toBe(1);
  });

  it("wait less with more places and more with more requests", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (places, busy) => {
          const share = erlangC(places, places * busy);
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
          expect(erlangC(places + 1, places * busy)).toBeLessThanOrEqual(share + 1e-12);
        },
      ),
    );
  });

  it("are asked about where a plan of requests was measured with so many in flight, and not for people who wait", () => {
    const of = (demand: (typeof DEFAULT_QUESTION)["demand"]) => {
      const [row] = answerOver([curve([at(8, 800, 10)])], [price()], { ...DEFAULT_QUESTION, demand }).ranking.ranked;
      if (row === undefined) throw new Error("expected a row");
      return burstWait(row);
    };
    // 8 requests/s a replica with 8 in flight for 1 s each: 12.8 requests/s take two replicas, 16 places, 12.8 of them busy.
    const wait = of({ kind: "requests", requestsPerSecond: 12.8 });
    expect(wait).toMatchObject({ places: 16, busy: expect.closeTo(0.8, 9) });
    expect(wait?.waitShare).toBeCloseTo(erlangC(16, 12.8), 9);
    expect(wait?.waitMs).toBeCloseTo(1000 / 3.2, 6);
    expect(of({ kind: "people", people: 10, thinkSeconds: 0 })).toBeNull();
    expect(of(null)).toBeNull();
  });

  it("are said with their rule, the same to people and to machines", () => {
    const demand = { kind: "requests" as const, requestsPerSecond: 12.8 };
    const { ranking } = answerOver([curve([at(8, 800, 10)])], [price()], { ...DEFAULT_QUESTION, demand });
    const [row] = ranking.ranked;
    if (row === undefined) throw new Error("expected a row");
    expect(burstText(row)).toMatch(
      /^Measured with 8 in flight at a time; requests that come at random find all 16 places taken in \d+(?:\.\d+)?% of cases, and then wait 31[23] ms in the mean \(M\/G\/c, Erlang C and Allen–Cunneen\); burstier ones cost more headroom\.$/,
    );
    const asked = { revision: 1, model: "m", workload: "w", slos: [], askedWorkload: null, differences: [] };
    expect(rankJson(asked, ranking).ranked[0]?.bursts).toEqual(burstWait(row));
    expect(burstText({ ...row, capacity: null })).toBeNull();
  });
});

describe("grades", () => {
  it("can be asked for: the others are left out with their grade", () => {
    const curves = [
      curve([at(1, 100, 10), at(8, 700, 100)], { configurationId: "between" }),
      curve([at(1, 100, 10)], { configurationId: "ended" }),
    ];
    const only = { ...DEFAULT_QUESTION.only, grades: ["interpolated" as const] };
    const slos = [{ metric: "tpot" as const, statistic: "mean" as const, limitMs: 50 }];
    const { ranked, filteredOut } = answerOver(curves, [], { ...DEFAULT_QUESTION, slos, only }).ranking;
    expect(ranked.map((row) => row.curve.configuration.configurationId)).toEqual(["between"]);
    expect(filteredOut.map((item) => item.reason)).toEqual(["Its answer is a lower bound."]);
  });
});

describe("the bias of derived throughput", () => {
  it("is what the shipped points say that have both", () => {
    const ratios = loadCurves(shippedRuns())
      .flatMap(({ points }) => points)
      .flatMap((of) => {
        const derived = derivedOutputTokensPerSecond(of);
        return derived === null || of.outputTokensPerSecond === null ? [] : [of.outputTokensPerSecond / derived];
      })
      .sort((a, b) => a - b);
    expect(ratios.length).toBeGreaterThan(2000);
    expect(Math.abs(1 - (quantile(ratios, 0.5) ?? 0) - DERIVED_TOO_HIGH)).toBeLessThan(0.01);
  });
});
