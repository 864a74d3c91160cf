import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withFormulaGuard, withoutFormulaGuard } from "../../../../lib/ingest/parse/formula-cells";

describe("a cell of a CSV we write", () => {
  it.each(["=1+1", "+cmd|'/C calc'!A0", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''=1"])(
    "is no formula: %j",
    (text) => {
      expect(withFormulaGuard(text)).toBe(`'${text}`);
    },
  );

  it.each(["", "-", "-5", "+5.25", "-1e-3", "tp8-ep8", "a=b", "'quoted", "https://example.org/?a=1"])(
    "stays as it is where no spreadsheet would run it: %j",
    (text) => {
      expect(withFormulaGuard(text)).toBe(text);
    },
  );

  it("is read back as it was, whatever it is", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("'", "=", "-", "@", "\t", "1", "x") }));
    fc.assert(fc.property(text, (cell) => withoutFormulaGuard(withFormulaGuard(cell)) === cell));
  });
});
