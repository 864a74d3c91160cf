import { describe, expect, it } from "vitest";
import type { LoadPoint } from "@/lib/domain";
import { withTargets } from "@/lib/explorer/explorer-view";
import { availableAxes } from "@/lib/frontier/axes";
import { parseExplorerQuery } from "@/lib/params/explorer-params";
import { formatSlo } from "@/lib/selection/slo";
import { curve, latency, point } from "../frontier/builders";

const at = (loadValue: number, ttft: [mean: number, p99: number], tpot: [mean: number, p99: number]) =>
  point({
    loadValue,
    outputTokensPerSecond: loadValue * 50,
    ttftMs: latency({ mean: ttft[0], p99: ttft[1] }),
    tpotMs: latency({ mean: tpot[0], p99: tpot[1] }),
  });

/** Targets of a page whose link names none. */
const targets = (points: LoadPoint[], search: Record<string, string> = {}) => {
  const curves = [curve(points)];
  return withTargets(parseExplorerQuery(search).query, { curves, first: availableAxes(curves) }).slos?.map(formatSlo);
};

describe("the first targets of a page", () => {
  it("are on the stricter statistic where both were measured and something meets it", () => {
    expect(targets([at(4, [100, 900], [10, 40])])).toEqual(["ttft:p99:2000", "tpot:p99:50"]);
  });

  it("are on means where nothing meets the percentiles, and none where nothing meets those", () => {
    expect(targets([at(4, [100, 9000], [10, 40])])).toEqual(["ttft:mean:2000", "tpot:mean:50"]);
    expect(targets([at(4, [9000, 90_000], [10, 40])])).toEqual([]);
  });

  it("are not met by one request at a time with nothing known beyond it", () => {
    expect(targets([at(1, [100, 900], [10, 40])])).toEqual([]);
    expect(targets([at(1, [100, 900], [10, 40]), at(8, [500, 1900], [20, 45])])).toEqual([
      "ttft:p99:2000",
      "tpot:p99:50",
    ]);
  });

  it("leave what a link asks for alone", () => {
    expect(targets([at(4, [9000, 90_000], [10, 40])], { slo: "ttft:p99:100" })).toEqual(["ttft:p99:100"]);
  });
});
