import { describe, expect, it } from "vitest";
import type { LoadPoint, Slo } from "@/lib/domain";
import { withKeptOffReasons } from "@/lib/frontier/kept-off";
import { operatingPoint } from "@/lib/selection/operating-point";
import { sloReading } from "@/lib/selection/slo";
import { whyNotMore } from "@/lib/selection/words";
import { curve, latency, point } from "../frontier/builders";

const ANY_FAILED = { maxFailedShare: 1, minGoodputShare: null };
const options = {
  requests: { maxFailedShare: 0.01, minGoodputShare: null },
  measuredOnly: false,
  includeOutliers: false,
  estimates: false,
  kneeShare: 0.95,
};
const ttftP99: Slo = { metric: "ttft", statistic: "p99", limitMs: 500 };

const at = (loadValue: number, given: Partial<LoadPoint> = {}) =>
  point({
    loadValue,
    outputTokensPerSecond: 100 * loadValue,
    requestsCompleted: 500,
    requestsFailed: 0,
    ttftMs: latency({ mean: 100, p95: 300, p99: 400 }),
    ...given,
  });

describe("a percentile of too few requests", () => {
  it("meets no target, however low it is, and the answer says in words what was lacking", () => {
    const result = operatingPoint(curve([at(4, { requestsCompleted: 8 })]), [ttftP99], options);
    expect(result).toEqual({
      kind: "notComparable",
      missing: [ttftP99],
      reason: "TTFT p99 was not measured well enough: 8 requests at 4 in flight; a p99 takes 100.",
    });
  });

  it("leaves the better measured points of its curve to answer", () => {
    const result = operatingPoint(curve([at(4, { requestsCompleted: 8 }), at(8)]), [ttftP99], options);
    expect(result).toMatchObject({ kind: "found", operatingPoint: { kind: "atLeast", loadValue: 8 } });
  });

  it("stands in for no lower one either; the lower one itself may have enough", () => {
    const few = at(4, { requestsCompleted: 50 });
    expect(sloReading(few, { metric: "ttft", statistic: "p95" })).toMatchObject({ valueMs: 300, basis: "measured" });
    expect(sloReading(few, { metric: "ttft", statistic: "p90" })).toMatchObject({ valueMs: 300, basis: "bound" });
    expect(sloReading(few, { metric: "ttft", statistic: "p99" })).toMatchObject({ valueMs: null, basis: "tooFew" });
    const onlyP99 = at(4, { requestsCompleted: 50, ttftMs: latency({ p99: 400 }) });
    expect(sloReading(onlyP99, { metric: "ttft", statistic: "p90" })).toMatchObject({ valueMs: null, basis: "tooFew" });
    expect(sloReading(few, { metric: "ttft", statistic: "mean" })).toMatchObject({ valueMs: 100, basis: "measured" });
  });

  it("is judged as before where nobody says how many requests there were", () => {
    expect(sloReading(at(4, { requestsCompleted: null }), ttftP99)).toMatchObject({ valueMs: 400, basis: "measured" });
  });
});

describe("a point whose figures are doubted", () => {
  const doubted = at(4, { requestsFailed: 333, qualityFlags: ["many_requests_failed"] });

  it("takes no part unless asked for, and the reason has the figures", () => {
    const [kept] = withKeptOffReasons([curve([doubted])]);
    if (kept === undefined) throw new Error("expected a curve");
    const result = operatingPoint(kept, [ttftP99], options);
    expect(result).toMatchObject({
      kind: "notComparable",
      reason: "All its points are kept off: 4 in flight: 333 of 833 requests failed (40%).",
    });
    const asked = operatingPoint(curve([doubted]), [ttftP99], {
      ...options,
      requests: ANY_FAILED,
      includeOutliers: true,
    });
    expect(asked).toMatchObject({ kind: "found", operatingPoint: { failedShare: 333 / 833 } });
  });

  it("says the share of failed requests wherever it answers", () => {
    const some = curve([at(4, { requestsFailed: 20, qualityFlags: ["requests_failed"] })]);
    const result = operatingPoint(some, [ttftP99], { ...options, requests: ANY_FAILED });
    if (result.kind !== "found") throw new Error("expected an operating point");
    expect(whyNotMore(result.operatingPoint, { kneeShare: 0.95, requests: ANY_FAILED })).toBe(
      "The highest load measured (4 in flight) still met every target: capacity not known. 3.85% of its requests failed.",
    );
  });
});
