import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CellKind } from "../../../../lib/ingest/figures/figures-columns";
import { numberIn, plainNumberIn } from "../../../../lib/ingest/figures/figures-number";

const KINDS: readonly CellKind[] = ["count", "wholeNumber", "number", "positiveNumber", "share"];

const cells = fc.oneof(
  fc.stringMatching(/^\d{0,17}\.?\d{0,17}$/),
  fc.double({ min: 0, noNaN: true }).map(String),
  fc.string({ unit: fc.constantFrom(..."0123456789.-+e, "), maxLength: 8 }),
);

describe("a number read digit by digit", () => {
  test("is the one the cell is read as otherwise, or left to that", () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(...KINDS), (cell, kind) => {
        const plain = plainNumberIn(cell, kind);
        if (Number.isNaN(plain)) return;
        expect(numberIn(cell, { name: "x", kind, required: false })).toEqual({ ok: true, value: plain });
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["0", "number", 0],
    ["123.456", "number", 123.456],
    ["0.1", "share", 0.1],
    [".5", "number", 0.5],
    ["5.", "count", 5],
    ["999999999999999", "wholeNumber", 999_999_999_999_999],
  ] as const)("%s is read so", (cell, kind, value) => {
    expect(plainNumberIn(cell, kind)).toBe(value);
  });

  test.each([
    ["", "number"],
    [".", "number"],
    ["1.2.3", "number"],
    ["-1", "number"],
    ["1e3", "number"],
    ["1,5", "number"],
    ["9007199254740993", "number"],
    ["0", "count"],
    ["0", "positiveNumber"],
    ["1.5", "wholeNumber"],
    ["1.5", "share"],
  ] as const)("%s is left to the other reading", (cell, kind) => {
    expect(plainNumberIn(cell, kind)).toBeNaN();
  });
});
