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

  it("ask for the source's own statistic where it was measured", () => {
    expect(slosOf("chat", [axis("ttft", "p99"), axis("ttft", "mean"), axis("tpot", "p99")])).toEqual([
      "ttft:p99:450",
      "tpot:p99:40",
    ]);
  });

  it("ask for the nearest measured statistic otherwise, stricter before weaker, the mean last", () => {
    expect(slosOf("chat", [axis("ttft", "p95"), axis("ttft", "mean"), axis("tpot", "mean")])).toEqual([
      "ttft:p95:450",
      "tpot:mean:40",
    ]);
    expect(slosOf("code-completion", [axis("ttft", "p99"), axis("ttft", "p90")])).toEqual(["ttft:p99:100"]);
  });

  it("pass over a statistic that few points have", () => {
    expect(slosOf("chat", [axis("ttft", "p99", 3), axis("ttft", "mean", 100)])).toEqual(["ttft:mean:450"]);
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
