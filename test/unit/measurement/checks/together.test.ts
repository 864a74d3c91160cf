import { describe, expect, it } from "vitest";
import { SET_CHECKS } from "../../../../lib/measurement/checks/all-checks";
import { onlyClient, ownClock, type PointOfSet, ttftRisesWithLoad } from "../../../../lib/measurement/checks/together";
import type { Measurement } from "../../../../lib/measurement/measurement";
import { sound, stats } from "./examples";

let reports = 0;
const at = (
  clock: string | undefined,
  measurement: Partial<Measurement> = {},
  run = "a",
  deployment = "d",
): PointOfSet => ({
  measurement: sound({ durationS: 60, ...measurement }),
  evidence: clock === undefined ? {} : { clock },
  deployment,
  run,
  file: `${run}-${reports++}.json`,
});

describe("reports of load generators that ran side by side", () => {
  it("are doubted, all of them: each says a part of the load", () => {
    const points = [at("2026-08-01T10:15:00"), at("2026-08-01T10:15:20"), at("2026-08-01T10:15:05")];
    expect(onlyClient.find(points).sort()).toEqual([0, 1, 2]);
    expect(ownClock.find(points)).toEqual([]);
  });

  it("are not those of one that repeated the load, of other deployments, or of unknown time", () => {
    expect(onlyClient.find([at("2026-08-01T10:15:00"), at("2026-08-01T10:16:00")])).toEqual([]);
    expect(onlyClient.find([at("2026-08-01T10:15:00"), at("2026-08-01T10:15:00", {}, "b", "other")])).toEqual([]);
    expect(onlyClient.find([at("2026-08-01T10:15:00"), at(undefined)])).toEqual([]);
    expect(onlyClient.find([at("2026-08-01T10:15:00"), at("2026-08-01T10:15:00", { durationS: null })])).toEqual([]);
    expect(onlyClient.find([at("not a date"), at("not a date")])).toEqual([]);
  });

  it("are not those of a short load after a long one, whether the clock is that of the start or of the end", () => {
    // By their ends 10:15:00 to 10:16:00 and 10:16:00 to 10:16:10; as starts the two would overlap.
    expect(onlyClient.find([at("2026-08-01T10:16:00"), at("2026-08-01T10:16:10", { durationS: 10 })])).toEqual([]);
  });

  it("are noted where their loads differ: one clock for all, or loads on top of one another", () => {
    const points = [at("2026-08-01T10:15:00"), at("2026-08-01T10:15:00", { loadValue: 32 }), at("2026-08-02T10:15:00")];
    expect(onlyClient.find(points)).toEqual([]);
    expect(ownClock.find(points).sort()).toEqual([0, 1]);
  });

  it("are not the loads of one file that has one clock for all of them", () => {
    const points = [at("2026-08-01T10:15:00"), at("2026-08-01T10:15:00", { loadValue: 32 })];
    const ofOneFile = points.map((point) => ({ ...point, file: "benchmarks.csv" }));
    expect([...onlyClient.find(ofOneFile), ...ownClock.find(ofOneFile)]).toEqual([]);
  });

  it("are found among very many in no more than n log n", () => {
    const points = Array.from({ length: 50_000 }, (_, index) =>
      at(new Date(1_780_000_000_000 + index * 60_000).toISOString()),
    );
    points.push(at(new Date(1_780_000_000_000 + 20_000).toISOString()));
    expect(onlyClient.find(points).sort((a, b) => a - b)).toEqual([0, 50_000]);
  });
});

describe("TTFT along the loads of a run", () => {
  const load = (loadValue: number, ttftMs: number, run = "a") =>
    at(undefined, { loadValue, ttftMs: stats({ mean: ttftMs }) }, run);

  it("is noted where a higher load has half of it or less", () => {
    expect(ttftRisesWithLoad.find([load(1, 4529), load(16, 532), load(100, 387)])).toEqual([0]);
    expect(ttftRisesWithLoad.find([load(8, 1000), load(1, 90), load(32, 200)])).toEqual([0]);
  });

  it("is not where it wavers, where the load is the same, or in another run", () => {
    expect(ttftRisesWithLoad.find([load(1, 100), load(4, 60), load(8, 80)])).toEqual([]);
    expect(ttftRisesWithLoad.find([load(4, 1000), load(4, 100)])).toEqual([]);
    expect(ttftRisesWithLoad.find([load(1, 1000), load(4, 100, "b")])).toEqual([]);
  });
});

it("every check over several points says what it asks, how far off, and why", () => {
  for (const { asks, tolerance, source } of SET_CHECKS) {
    expect(asks).toMatch(/\?$/);
    expect(tolerance).not.toBe("");
    expect(source).not.toBe("");
  }
  expect(SET_CHECKS).toEqual([onlyClient, ownClock, ttftRisesWithLoad]);
});
