import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32, crc32ByTable } from "../../../lib/ingest/parse/crc32";

const utf8 = new TextEncoder();

describe("CRC-32", () => {
  it("has the check value of the standard", () => {
    expect(crc32(utf8.encode("123456789"))).toBe(0xcbf43926);
    expect(crc32ByTable(utf8.encode("123456789"))).toBe(0xcbf43926);
  });

  it("is the same by table and by Node, in one piece and in two", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        const whole = crc32(Uint8Array.of(...first, ...second));
        expect(crc32(second, crc32(first))).toBe(whole);
        expect(crc32ByTable(second, crc32ByTable(first))).toBe(whole);
      }),
    );
  });
});
