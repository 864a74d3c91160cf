import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNNAMED_UPLOAD, uploadPath } from "../../../../lib/ingest/parse/upload-path";

describe("the name of a sent file", () => {
  it.each([
    ["a.json", "a.json"],
    ["run/stage 0.json", "run/stage 0.json"],
    ["./run//a.json", "run/a.json"],
    ["run\\a.json", "run/a.json"],
    ["..json", "..json"],
    ["Büro/結果.json", "Büro/結果.json"],
  ])("keeps its folders: %s", (name, path) => {
    expect(uploadPath(name)).toEqual({ ok: true, value: path });
  });

  it.each([undefined, null, "", "  ", "./", "."])("is a plain one where none was sent: %j", (name) => {
    expect(uploadPath(name)).toEqual({ ok: true, value: UNNAMED_UPLOAD });
  });

  it.each([
    "/etc/passwd",
    "../a.json",
    "a/../../b.json",
    "a/..",
    "C:\\a.json",
    "c:a.json",
    "\\\\host\\a",
    "a\0b",
    "a\nb",
  ])("is refused where it leads outside or cannot be shown: %j", (name) => {
    expect(uploadPath(name)).toMatchObject({ ok: false });
  });

  it("is refused when it is longer than any path", () => {
    expect(uploadPath("a".repeat(1001))).toMatchObject({ ok: false, error: expect.stringContaining("1000") });
  });

  it("never leads outside, whatever was sent", () => {
    const step = fc.oneof(fc.constantFrom("..", ".", "", "a", "C:", "\\", "/"), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        const read = uploadPath(steps.join("/"));
        if (!read.ok) return;
        expect(read.value).not.toBe("");
        for (const kept of read.value.split("/")) expect(["", ".", ".."]).not.toContain(kept);
        expect(uploadPath(read.value)).toEqual(read);
      }),
    );
  });
});
