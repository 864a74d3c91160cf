import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HashedText } from "../../../lib/measurement/hashed-text";

function written(write: (text: HashedText) => void): string {
  const text = new HashedText();
  write(text);
  return new TextDecoder().decode(text.written());
}

const numberText = (value: number | null) => written((text) => text.number(value));

/** Numbers as reports have them: few decimals, from millionths to billions. */
const reported = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 53 - 1 }), fc.integer({ min: 0, max: 16 }))
  .map(([digits, decimals]) => Number(`${digits}e-${decimals}`));

describe("a number on its way to a hash", () => {
  test.each([
    0,
    -0,
    1,
    9,
    10,
    0.1,
    0.3,
    1e-6,
    1e-7,
    0.999_999,
    0.999_999_5,
    999_999_999,
    999_999_999.5,
    99_999_999.999_999,
    1e9,
    1e15,
    1e21,
    5e-324,
    2 ** 53,
    -1.5,
    123.456,
  ])("%d is written as JSON writes it", (value) => {
    expect(numberText(value)).toBe(JSON.stringify(value));
  });

  test.each([null, Number.NaN, Number.POSITIVE_INFINITY])("%s is null, as in JSON", (value) => {
    expect(numberText(value)).toBe("null");
  });

  test("any number is written as JSON writes it", () => {
    fc.assert(fc.property(fc.oneof(reported, fc.double()), (value) => numberText(value) === JSON.stringify(value)));
  });
});

describe("a text on its way to a hash", () => {
  test("is its UTF-8, whatever was written before and cut off again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (kept, cut) => {
        const text = written((into) => {
          into.text(kept);
          const end = into.length;
          into.text(cut);
          into.cutTo(end);
          into.text("end");
        });
        return text === `${kept}end`;
      }),
    );
  });

  test("may be of any length", () => {
    const long = "ü".repeat(100_000);
    expect(written((text) => text.text(`a${long}`))).toBe(`a${long}`);
  });
});
