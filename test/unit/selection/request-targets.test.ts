import { describe, expect, it } from "vitest";
import { answerOver, DEFAULT_QUESTION } from "@/lib/answer/answer";
import type { Slo } from "@/lib/domain";
import { nearMissReason } from "@/lib/selection/near-miss-words";
import type { NearMiss } from "@/lib/selection/types";
import { curve, latency, point } from "../frontier/builders";

const reasonOf = (miss: NearMiss | undefined) => (miss === undefined ? undefined : nearMissReason(miss));

const tpot: Slo = { metric: "tpot", statistic: "mean", limitMs: 50 };
const at = (loadValue: number, tokens: number, failed: number | null, tpotMs = 10, goodput: number | null = null) =>
  point({
    loadValue,
    outputTokensPerSecond: tokens,
    tpotMs: latency(tpotMs),
    requestsCompleted: 1000,
    requestsFailed: failed,
    requestRateAchieved: tokens / 100,
    goodputRequestsPerSecond: goodput,
  });
const ask = (points: ReturnType<typeof at>[], question: Partial<typeof DEFAULT_QUESTION> = {}) =>
  answerOver([curve(points)], [], { ...DEFAULT_QUESTION, slos: [tpot], ...question }).ranking;

describe("a target for failed requests", () => {
  it("is at most 1% where nobody says, and stops a configuration before the load that fails more", () => {
    const [row] = ask([at(1, 100, 0), at(8, 700, 10), at(16, 1200, 30)]).ranked;
    expect(row?.operatingPoint).toMatchObject({ kind: "measured", loadValue: 8, bindingRequests: "failed" });
    expect(row?.whyNotMore).toContain("the target of at most 1% failed requests no longer holds");
  });

  it("promises nothing between a load that serves and one that fails, even where a latency breaks too", () => {
    const [row] = ask([at(8, 700, 0), at(16, 1200, 30, 90)]).ranked;
    expect(row?.operatingPoint).toMatchObject({ kind: "measured", loadValue: 8, bindingSlo: tpot });
  });

  it("takes loads at which nobody counted failures", () => {
    expect(ask([at(8, 700, null)]).ranked[0]?.operatingPoint).toMatchObject({ kind: "atLeast", failedShare: null });
  });

  it("holds without latency targets too: the knee is looked for among what serves", () => {
    const points = [at(1, 100, 0), at(8, 700, 0), at(16, 1200, 50)];
    expect(ask(points, { slos: [] }).ranked[0]?.operatingPoint.loadValue).toBe(8);
    expect(
      ask(points, { slos: [], requests: { maxFailedShare: 1, minGoodputShare: null } }).ranked[0]?.operatingPoint
        .loadValue,
    ).toBe(16);
  });

  it("makes a near miss of what fails too many requests everywhere, and says how many", () => {
    for (const slos of [[tpot], []]) {
      const { ranked, nearMisses } = ask([at(8, 700, 40)], { slos });
      expect(ranked).toEqual([]);
      expect(nearMisses[0]).toMatchObject({ smallestRelaxation: null });
      expect(reasonOf(nearMisses[0])).toBe(
        "At its closest point (8 in flight) 3.85% of its requests failed, the limit is 1%.",
      );
    }
  });
});

describe("a target for goodput", () => {
  const asked = { requests: { maxFailedShare: 0.01, minGoodputShare: 0.95 } };

  it("is held against what the benchmark counted, and met where nobody did", () => {
    const [row] = ask([at(1, 100, 0, 10, 1), at(8, 700, 0, 10, 6.8), at(16, 1200, 0, 10, 6)], asked).ranked;
    expect(row?.operatingPoint).toMatchObject({ kind: "measured", loadValue: 8, bindingRequests: "goodput" });
    expect(ask([at(8, 700, 0)], asked).ranked).toHaveLength(1);
  });
});
