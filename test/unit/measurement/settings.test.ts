import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalEnvironment, canonicalSettings, flatSettings } from "../../../lib/measurement/settings";

const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string({ maxLength: 20 }).filter((text) => !/\p{Cc}/u.test(text)),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z-]{1,10}$/), tie("value"), { maxKeys: 3 }),
  ),
})).value;
const settings = fc.dictionary(fc.stringMatching(/^[a-z-]{1,10}$/), value, { maxKeys: 5 });

describe("settings in the form they are stored in", () => {
  it("are equal whatever order they were written in, and taken again they stay as they are", () => {
    fc.assert(
      fc.property(settings, (given) => {
        const canonical = canonicalSettings(given);
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        expect(JSON.stringify(canonicalSettings(reversed))).toBe(JSON.stringify(canonical));
        if (canonical !== null) expect(canonicalSettings(JSON.parse(JSON.stringify(canonical)))).toEqual(canonical);
      }),
    );
  });

  it("take a number on a command line and in a report for the same", () => {
    const numbers = { a: 0.9, b: 256, c: -1, "d.e": [1, 0.5] };
    expect(canonicalSettings({ "d.e": ["1", "0.50"], a: "0.90", b: "256", c: "-1" })).toEqual(numbers);
    // Not numbers, or numbers that would lose something.
    const texts = { a: "007", b: "1e3", c: "0x10", d: "12345678901234567890", e: "v1", f: "" };
    expect(canonicalSettings(texts)).toEqual(texts);
  });

  it("keep every variable of an environment as the text a process sees", () => {
    expect(canonicalEnvironment({ B: "10.0", A: 1, C: true, D: null, prefill: { E: 2 } })).toEqual({
      ...{ A: "1", B: "10.0", C: "true", D: "", prefill: { E: "2" } },
    });
  });

  it("tell defaults from nothing known", () => {
    expect(canonicalSettings({})).toEqual({});
    expect(canonicalSettings(null)).toBeNull();
    expect(canonicalSettings([])).toBeNull();
    expect(canonicalSettings("--port 1")).toBeNull();
  });

  it("are refused where no server has so many, so long or so deep", () => {
    const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
    expect(canonicalSettings(deep(8))).not.toBeNull();
    expect(canonicalSettings(deep(9))).toBeNull();
    expect(canonicalSettings({ a: "x".repeat(8001) })).toBeNull();
    expect(canonicalSettings({ ["x".repeat(301)]: 1 })).toBeNull();
    expect(canonicalSettings({ a: Array.from({ length: 2001 }, () => 1) })).toBeNull();
    expect(canonicalSettings({ a: Number.NaN })).toBeNull();
    expect(canonicalSettings({ "a\u0000": 1 })).toBeNull();
    expect(canonicalSettings({ a: "\u0007" })).toBeNull();
    const long = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`a${index}`, "x".repeat(7000)]));
    expect(canonicalSettings(long)).toBeNull();
  });

  it("keep names that every object inherits", () => {
    const inherited = JSON.parse('{"__proto__": 1, "constructor": 2}');
    expect(JSON.stringify(canonicalSettings(inherited))).toBe('{"__proto__":1,"constructor":2}');
  });

  it("have a whole name for every value", () => {
    expect(flatSettings({ a: 1, kv: { dtype: "fp8", more: {} }, list: [1, 2] })).toEqual([
      ["a", 1],
      ["kv.dtype", "fp8"],
      ["kv.more", {}],
      ["list", [1, 2]],
    ]);
  });
});
