import fc from "fast-check";
import { expect } from "vitest";
import type { HeldFile } from "../../../lib/ingest/report";
import { read } from "./support";

const BAD_VALUES = [null, -1, "text", "NaN", 1e300, [], {}, true, 0] as const;
const CASES = 60;

/**
 * Keys removed and values of the wrong kind put in their place, one report at a time: every case ends in runs or in problems,
 * and no point of a file with problems is kept.
 */
export function expectSoundWhenDamaged(reports: readonly HeldFile[]): void {
  fc.assert(
    fc.property(fc.nat(reports.length - 1), fc.nat(), fc.constantFrom("remove", ...BAD_VALUES), (which, where, bad) => {
      const report = reports[which];
      if (report === undefined) return;
      const lines = new TextDecoder().decode(report.bytes).split("\n");
      const text = lines
        .map((line, index) => (index === where % lines.length ? damaged(line, where, bad) : line))
        .join("\n");
      const file: HeldFile = { path: report.path, bytes: new TextEncoder().encode(text), named: true };
      const { runs, problems } = read([file]);
      expect(runs.length + problems.length).toBeGreaterThan(0);
      expect(runs.length > 0 && problems.length > 0).toBe(false);
      expect(JSON.stringify(runs)).not.toMatch(/:-\d/);
      for (const problem of problems) expect(problem.message).toMatch(/\S \S/);
    }),
    { numRuns: CASES, seed: 4 },
  );
}

/** One member of a line of JSON, or one cell of a CSV, taken out or replaced. */
function damaged(line: string, where: number, bad: unknown): string {
  const members = [...line.matchAll(/"(\w+)":\s*("[^"]*"|-?[\d.e+-]+|true|false|null)/g)];
  const member = members[where % Math.max(members.length, 1)];
  if (member !== undefined) {
    const replacement = bad === "remove" ? `"removed_${member[1]}": 1` : `"${member[1]}": ${JSON.stringify(bad)}`;
    return line.replace(member[0], replacement);
  }
  const cells = line.split(",");
  if (cells.length < 3) return line;
  cells[where % cells.length] = bad === "remove" ? "" : String(bad).slice(0, 8);
  return cells.join(",");
}
