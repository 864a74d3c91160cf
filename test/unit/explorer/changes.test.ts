import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "../../../lib/answer/answer";
import type { Configuration } from "../../../lib/domain";
import { heatCells } from "../../../lib/explorer/heat-table";
import { oneChanges } from "../../../lib/explorer/one-change";
import { questionTitle } from "../../../lib/explorer/question-title";
import { changeKind, versionHistories } from "../../../lib/explorer/version-history";
import { rank } from "../../../lib/selection/rank";
import type { RankedConfiguration } from "../../../lib/selection/types";
import { configuration, curve, latency, point } from "../frontier/builders";

/** A configuration's curve: output tokens/s by requests in flight. */
function measured(
  of: Partial<Configuration>,
  byLoad: Record<number, number>,
  measuredOn: string,
  spread: number | null = null,
) {
  const points = Object.entries(byLoad).map(([load, outputTokensPerSecond]) =>
    point({
      pointId: `${JSON.stringify(of)} ${measuredOn} ${load}`,
      loadKind: "concurrency",
      loadValue: Number(load),
      outputTokensPerSecond,
      ttftMs: latency({ mean: 100 }),
      repeatsRelativeSpread: spread,
    }),
  );
  const configurationId = JSON.stringify(of);
  return curve(points, { ...of, configurationId }, { measuredOn, runId: `${configurationId} ${measuredOn}` });
}

function ranked(...curves: ReturnType<typeof measured>[]): RankedConfiguration[] {
  return rank(curves, [], DEFAULT_QUESTION).ranked;
}

describe("what single changes were worth", () => {
  it("is told from pairs that differ in one thing, at the loads both were measured at", () => {
    const changes = oneChanges(
      [
        // The second sweep ends earlier: that says nothing of it.
        measured({ precision: "fp8", acceleratorCount: 2 }, { 8: 1000, 16: 2000, 512: 9000 }, "2026-01-01"),
        measured({ precision: "fp4", acceleratorCount: 2 }, { 4: 900, 8: 1500, 16: 3000 }, "2026-01-02"),
        // Differs in two things from each of them: no pair.
        measured({ precision: "fp4", acceleratorCount: 4, serverVersion: "9" }, { 8: 9000 }, "2026-01-03"),
      ],
      DEFAULT_QUESTION,
    );
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ what: "precision", from: "FP8", to: "FP4" });
    expect(changes[0]?.medianRatio).toBeCloseTo(1.5, 12);
    expect(changes[0]?.pairs[0]).toMatchObject({ loads: 2, besides: [] });
  });

  it("is not told where no load is shared", () => {
    const curves = [
      measured({ precision: "fp8" }, { 8: 1000 }, "2026-01-01"),
      measured({ precision: "fp4" }, { 16: 1500 }, "2026-01-02"),
    ];
    expect(oneChanges(curves, DEFAULT_QUESTION)).toEqual([]);
  });

  it("names settings that changed with it: the change is not alone", () => {
    const settings = (names: Record<string, number>) => ({ ...configuration().settings, serverArguments: names });
    const [change] = oneChanges(
      [
        measured({ serverVersion: "1", settings: settings({ "max-num-seqs": 64 }) }, { 8: 100 }, "2026-01-01"),
        measured({ serverVersion: "2", settings: settings({ "max-num-seqs": 256 }) }, { 8: 110 }, "2026-02-01"),
      ],
      DEFAULT_QUESTION,
    );
    expect(change).toMatchObject({ what: "version", from: "1", to: "2" });
    expect(change?.pairs[0]?.besides).toEqual(["max-num-seqs"]);
  });
});

describe("a configuration over versions and dates", () => {
  it("stands oldest first, each with its change, marked where it is more than the spread of repeats", () => {
    const [history] = versionHistories(
      [
        measured({ serverVersion: "3" }, { 8: 90 }, "2026-03-01", 0.02),
        measured({ serverVersion: "1" }, { 8: 100 }, "2026-01-01", 0.02),
        measured({ serverVersion: "2" }, { 8: 102 }, "2026-02-01", 0.02),
        measured({ serverVersion: "4" }, { 8: 99 }, "2026-04-01"),
      ],
      DEFAULT_QUESTION,
    );
    expect(history?.points.map(({ version }) => version)).toEqual(["1", "2", "3", "4"]);
    expect(history?.points.map(changeKind)).toEqual([null, "withinError", "regression", "unknown"]);
    expect(history?.points[2]?.against?.ratio).toBeCloseTo(90 / 102, 12);
  });

  it("needs two measurements that differ in nothing else", () => {
    const curves = [
      measured({ serverVersion: "1", precision: "fp8" }, { 8: 100 }, "2026-01-01"),
      measured({ serverVersion: "2", precision: "fp4" }, { 8: 100 }, "2026-02-01"),
    ];
    expect(versionHistories(curves, DEFAULT_QUESTION)).toEqual([]);
  });
});

describe("models × accelerators", () => {
  it("has the best of each accelerator, placed by ratio, and says of the others whether they were measured", () => {
    const rows = ranked(
      measured({ accelerator: "a" }, { 8: 400 }, "2026-01-01"),
      measured({ accelerator: "a", precision: "bf16" }, { 8: 100 }, "2026-01-01"),
      measured({ accelerator: "b" }, { 8: 200 }, "2026-01-01"),
      measured({ accelerator: "c" }, { 8: 100 }, "2026-01-01"),
    );
    const cells = heatCells(rows, ["a", "b", "c", "d"], "throughput", []);
    expect([...cells].map(([id, state]) => [id, state.kind === "met" ? state.cell.value : state.kind])).toEqual([
      ["a", 400],
      ["b", 200],
      ["c", 100],
      ["d", "missed"],
    ]);
    const placeOf = (id: string) => {
      const state = cells.get(id);
      return state?.kind === "met" ? state.cell.place : null;
    };
    expect(placeOf("a")).toBe(0);
    expect(placeOf("b")).toBeCloseTo(0.5, 12);
    expect(placeOf("c")).toBe(1);
  });
});

describe("the title of a tab", () => {
  it("names the question", () => {
    const slos = [{ metric: "ttft" as const, statistic: "p95" as const, limitMs: 500 }];
    expect(questionTitle({ model: "openai/gpt-oss-120b", slos }, null)).toBe("gpt-oss-120b, TTFT p95 ≤ 500 ms");
    expect(questionTitle({ model: null, slos: null }, null)).toBeNull();
  });
});
