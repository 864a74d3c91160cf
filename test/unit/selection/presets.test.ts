import { describe, expect, it } from "vitest";
import type { Metric, Statistic } from "@/lib/measurement/latency";
import { PRESET_IDS, PRESETS, presetSlos } from "@/lib/selection/presets";
import { formatSlo } from "@/lib/selection/slo";

const axis = (metric: Metric, statistic: Statistic, points = 10) => ({ metric, statistic, points });
const slosOf = (id: string, available: ReturnType<typeof axis>[]) => {
  const preset = PRESETS.find((candidate) => candidate.id === id);
  return preset ? presetSlos(preset, available).map(formatSlo) : null;
};

describe("presets", () => {
  it("are there for each kind of use, each with its source", () => {
    expect(PRESETS.map((preset) => preset.id)).toEqual([...PRESET_IDS]);
    for (const preset of PRESETS) expect(preset.source.length).toBeGreaterThan(20);
  });

  it("ask for the source's own percentile, whatever was measured: never for a mean in its place", () => {
    for (const statistic of ["p99", "p95", "p50", "mean"] as const) {
      expect(slosOf("chat", [axis("ttft", statistic, 3), axis("tpot", "mean", 100)])).toEqual([
        "ttft:p99:450",
        "tpot:p99:40",
      ]);
    }
  });

  it("fall back between TPOT and ITL, and leave out what has no data", () => {
    expect(slosOf("chat", [axis("itl", "p99")])).toEqual(["itl:p99:40"]);
    expect(slosOf("summarization", [axis("tpot", "p95")])).toEqual(["tpot:p95:30"]);
    expect(slosOf("chat", [])).toEqual([]);
  });

  it("have no target for batch", () => {
    expect(slosOf("batch", [axis("ttft", "p99")])).toEqual([]);
  });
});
