import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { addFlag, flagFromText, flagLabel, QUALITY_FLAGS, type QualityFlag } from "@/lib/measurement/quality-flags";
import { figureRows } from "../shipped-figures";

const root = path.join(import.meta.dirname, "../../..");
const documented = readFileSync(path.join(root, "docs/data-model.md"), "utf8");

describe("quality flags", () => {
  it.each(Object.entries(QUALITY_FLAGS))("%s is documented as the program means it", (flag, { meaning }) => {
    const row = documented.split("\n").find((line) => line.startsWith(`| \`${flag}\` `));
    expect(row).toContain(`| ${meaning} `);
  });

  it("has no row in the documentation that the program does not know", () => {
    const rows = [...documented.matchAll(/^\| `([a-z0-9_A-Z]+)` +\| [^|]+ \|$/gm)].map(([, flag]) => flag);
    const flags = rows.slice(rows.indexOf(Object.keys(QUALITY_FLAGS).sort()[0]));
    expect(flags.filter((flag) => !/_N$/.test(flag ?? ""))).toEqual(Object.keys(QUALITY_FLAGS).sort());
  });

  it("describes every flag of the shipped figures", () => {
    const shipped = new Set<string>();
    for (const row of [...figureRows().values()].flat())
      for (const flag of (row.quality_flags ?? "").split(";")) shipped.add(flag);
    shipped.delete("");
    expect([...shipped].filter((flag) => !Object.hasOwn(QUALITY_FLAGS, flag))).toEqual([]);
  });

  it("gives each flag a label of its own", () => {
    const labels = Object.values(QUALITY_FLAGS).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it("keeps a flag of somebody else's own as it is written", () => {
    expect(flagLabel(flagFromText("cooled_with_water"))).toBe("cooled with water");
    expect(flagLabel("max_concurrency_64")).toBe("max concurrency 64");
    expect(flagLabel("request_rate_2.5")).toBe("offered at 2.5 requests/s, which did not bind");
  });

  it("adds a flag once", () => {
    const flags: QualityFlag[] = [];
    addFlag(flags, "no_date");
    addFlag(flags, "no_date");
    expect(flags).toEqual(["no_date"]);
  });

  it("does not compile with a flag nobody has described", () => {
    const flags: QualityFlag[] = [];
    // @ts-expect-error only a known flag, or one made from a text, is a flag
    addFlag(flags, "no_such_flag");
    expect(flags).toHaveLength(1);
  });
});
