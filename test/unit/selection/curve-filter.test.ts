import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Configuration } from "@/lib/domain";
import {
  type CurveFilter,
  filteredCurves,
  NO_CURVE_FILTER,
  PRECISION_FLOORS,
  SPECULATIVE_CHOICES,
} from "@/lib/selection/curve-filter";
import { curve, point } from "../frontier/builders";

const of = (id: string, given: Partial<Configuration>, measuredOn: string | null = "2026-01-01", source = "lab") =>
  curve(
    [point({ outputTokensPerSecond: 1 })],
    { configurationId: id, ...given },
    { measuredOn, source: { name: source, url: null, licence: null } },
  );

const keptBy = (curves: ReturnType<typeof of>[], filter: Partial<CurveFilter>) =>
  filteredCurves(curves, { ...NO_CURVE_FILTER, ...filter }).curves.map((item) => item.configuration.configurationId);

describe("a filter of configurations", () => {
  it("keeps weights of at least a precision, and not those whose precision nobody knows", () => {
    const curves = [null, "fp4", "int4", "int8-w8a8", "fp8", "bf16", "fp16", "w4a16"].map((precision) =>
      of(precision ?? "unknown", { precision }),
    );
    expect(keptBy(curves, { precisionFloor: "fp8" })).toEqual(["int8-w8a8", "fp8", "bf16", "fp16"]);
    expect(keptBy(curves, { precisionFloor: "bf16" })).toEqual(["bf16", "fp16"]);
    expect(
      filteredCurves(curves, { ...NO_CURVE_FILTER, precisionFloor: "fp8" }).leftOut.map((item) => item.reason),
    ).toEqual([
      "The precision of its weights is not known; at least FP8 is asked.",
      "Its weights are FP4; at least FP8 is asked.",
      "Its weights are INT4; at least FP8 is asked.",
      "Its weights are W4A16; at least FP8 is asked.",
    ]);
  });

  it("keeps the servers, sources, days and kind of decoding that are asked", () => {
    const curves = [
      of("a", { server: "vllm", speculative: "mtp3" }, "2026-03-01"),
      of("b", { server: null }, null),
      of("c", { server: "sglang" }, "2025-12-31T23:00:00Z", "other"),
    ];
    expect(keptBy(curves, { servers: ["vllm", "unknown"] })).toEqual(["a", "b"]);
    expect(keptBy(curves, { sources: ["other"] })).toEqual(["c"]);
    expect(keptBy(curves, { measuredSince: "2025-12-31" })).toEqual(["a", "c"]);
    expect(keptBy(curves, { measuredSince: "2026-01-01" })).toEqual(["a"]);
    expect(keptBy(curves, { speculative: "on" })).toEqual(["a"]);
    expect(keptBy(curves, { speculative: "off" })).toEqual(["b", "c"]);
  });

  it.each([
    [["0.9.1", "0.11.0", "0.10.2"], "0.11.0"],
    [["v0.19.0-cu130", "0.23.0"], "0.23.0"],
    [["1.2.0rc6.post3", "1.2.0rc2", "1.1.0"], "1.2.0rc6.post3"],
    [["0.5.6", "0.5.6.post2", "0.5.6.post1"], "0.5.6.post2"],
    [["vllm-v0.19.0-nightly_20260412", "vllm-v0.19.0-nightly_20260522"], "vllm-v0.19.0-nightly_20260522"],
  ])("of %j takes %s for the newest", (versions, newest) => {
    const curves = versions.map((serverVersion) => of(serverVersion, { serverVersion }));
    expect(keptBy(curves, { newestVersionOnly: true })).toEqual([newest]);
    expect(keptBy([...curves].reverse(), { newestVersionOnly: true })).toEqual([newest]);
  });

  it("tells versions without numbers apart by when they were measured, each server and accelerator for itself", () => {
    const curves = [
      of("git-a", { serverVersion: "git-a" }, "2026-05-01"),
      of("git-b", { serverVersion: "git-b" }, "2026-06-01"),
      of("elsewhere", { serverVersion: "git-a", accelerator: "mi300x" }, "2026-05-01"),
      of("sglang", { serverVersion: "0.5.0", server: "sglang" }),
    ];
    expect(keptBy(curves, { newestVersionOnly: true })).toEqual(["git-b", "elsewhere", "sglang"]);
  });

  it("leaves out each curve once, with a reason, and more filters never let more through", () => {
    const anyCurve = fc
      .record({
        precision: fc.constantFrom(null, "fp4", "fp8", "bf16"),
        server: fc.constantFrom(null, "vllm", "sglang"),
        serverVersion: fc.constantFrom(null, "0.1.0", "0.2.0"),
        speculative: fc.constantFrom(null, "mtp"),
      })
      .chain((given) => fc.constantFrom(null, "2026-01-01", "2026-02-01").map((day) => ({ given, day })));
    const anyFilter = fc.record({
      precisionFloor: fc.option(fc.constantFrom(...PRECISION_FLOORS)),
      servers: fc.uniqueArray(fc.constantFrom("vllm", "sglang", "unknown")),
      speculative: fc.constantFrom(...SPECULATIVE_CHOICES),
      newestVersionOnly: fc.constant(false),
      sources: fc.constantFrom([], ["lab"], ["nobody"]),
      measuredSince: fc.option(fc.constantFrom("2026-01-15")),
      grades: fc.constant([]),
    });
    fc.assert(
      fc.property(fc.array(anyCurve, { maxLength: 8 }), anyFilter, (given, filter) => {
        const curves = given.map((item, index) => of(`c${index}`, item.given, item.day));
        const { curves: kept, leftOut } = filteredCurves(curves, filter);
        expect(new Set([...kept, ...leftOut.map((item) => item.curve)])).toEqual(new Set(curves));
        expect(kept.length + leftOut.length).toBe(curves.length);
        for (const { reason } of leftOut) expect(reason).toMatch(/^[A-Z].*\.$/);
        const looser = filteredCurves(curves, { ...filter, precisionFloor: null, measuredSince: null }).curves;
        for (const curve of kept) expect(looser).toContain(curve);
      }),
    );
  });
});
