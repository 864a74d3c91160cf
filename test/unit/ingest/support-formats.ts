import fc from "fast-check";
import { expect, it } from "vitest";
import type { HeldFile } from "../../../lib/ingest/report";
import { expectAlike, expectedRecords, publicReport } from "./expected-values";
import { filesUnder, read, textFile } from "./support";

/** A test for each place of the public reports in this folder whose values were worked out by hand. */
export function expectPublicValues(folder: string): void {
  for (const { report, place, values } of expectedRecords(folder)) {
    it(`${report}, ${place}`, () => {
      const { runs, problems } = read(filesUnder(publicReport(report)));
      expect(problems).toEqual([]);
      expectAlike(runs.flatMap((run) => run.points)[0], values, report);
    });
  }
}

/** Files with a piece of text replaced anywhere by another always end in runs or problems. */
export function expectSound(files: readonly HeldFile[], numRuns = 150): void {
  const junk = fc.constantFrom("null", "[]", "{}", '"x"', "-1", "1e999", '{"__proto__":1}', "true", "", " : ", "NaN");
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(60), junk, (file, where, cut, text) => {
      const whole = new TextDecoder().decode(file.bytes);
      const start = where % (whole.length + 1);
      const { runs, problems } = read([textFile(file.path, whole.slice(0, start) + text + whole.slice(start + cut))]);
      expect(runs.length + problems.length).toBeGreaterThan(0);
      for (const run of runs) expect(run.points.length).toBeGreaterThan(0);
      expect(JSON.stringify(runs.map((run) => run.points.map(({ extras: _, ...point }) => point)))).not.toMatch(
        /:-\d|Infinity|NaN/,
      );
      for (const item of problems) expect(item.message).toMatch(/\S/);
    }),
    { numRuns },
  );
}
