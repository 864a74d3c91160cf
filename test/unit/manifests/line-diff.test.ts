import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineDiff } from "../../../lib/manifests/view/line-diff";

describe("the difference of two texts", () => {
  it("is nothing where they are the same", () => {
    expect(lineDiff("a\nb", "a\nb")).toEqual({ added: 0, removed: 0, hunks: [] });
  });

  it("shows what was added and removed, with two lines around it and where it stands", () => {
    const before = ["a", "b", "c", "d", "e", "f", "g"].join("\n");
    const after = ["a", "b", "c", "X", "e", "f", "g"].join("\n");
    expect(lineDiff(before, after)).toEqual({
      added: 1,
      removed: 1,
      hunks: [
        {
          start: 2,
          lines: [
            { kind: "same", text: "b" },
            { kind: "same", text: "c" },
            { kind: "removed", text: "d" },
            { kind: "added", text: "X" },
            { kind: "same", text: "e" },
            { kind: "same", text: "f" },
          ],
        },
      ],
    });
  });

  it("keeps changes that are far from each other apart", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const after = lines.with(3, "three").with(25, "twenty-five");
    expect(lineDiff(lines.join("\n"), after.join("\n")).hunks.map((hunk) => hunk.start)).toEqual([2, 24]);
  });

  it("names the fewest changes, also where lines repeat", () => {
    const object = "---\nkind: Service\nmetadata:\n";
    expect(lineDiff(object.repeat(3), object.repeat(4))).toMatchObject({ added: 3, removed: 0 });
  });

  it("takes what lies between as replaced whole where it is too large to compare", () => {
    const many = (prefix: string) => Array.from({ length: 3000 }, (_, index) => `${prefix}${index}`).join("\n");
    expect(lineDiff(`top\n${many("a")}\nend`, `top\n${many("b")}\nend`)).toMatchObject({ added: 3000, removed: 3000 });
  });

  it("makes the new text of the old one, whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { added, removed } = lineDiff(before, after);
        expect(before.split("\n").length - removed).toBe(after.split("\n").length - added);
        const back = lineDiff(after, before);
        expect([back.added, back.removed]).toEqual([removed, added]);
      }),
    );
  });
});
