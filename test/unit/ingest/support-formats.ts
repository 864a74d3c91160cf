import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { HeldFile } from "../../../lib/ingest/report";
import { filesUnder, hasShared, read, sharedDirectory, textFile } from "./support";

const RELATIVE_TOLERANCE = 1e-9;

interface ExpectedRecord {
  sample: string;
  select: string;
  format: string;
  expected: Record<string, unknown>;
}

/** Same shape, same nulls, numbers within the tolerance. */
function expectAlike(actual: unknown, expected: unknown, at: string): void {
  if (typeof expected === "number") {
    expect(typeof actual, at).toBe("number");
    expect(Math.abs(Number(actual) - expected), at).toBeLessThanOrEqual(RELATIVE_TOLERANCE * Math.abs(expected));
  } else if (typeof expected === "object" && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      expectAlike((actual as Record<string, unknown> | null)?.[key], value, `${at}.${key}`);
  } else {
    expect(actual, at).toBe(expected);
  }
}

/** A test for each record of expected.json whose sample lies in this directory of samples. */
export function expectSampleValues(directory: string): void {
  if (!hasShared) return;
  const { records } = JSON.parse(readFileSync(path.join(sharedDirectory, "reports/expected.json"), "utf8")) as {
    records: ExpectedRecord[];
  };
  for (const { sample, select, expected } of records.filter((record) => record.sample.startsWith(`${directory}/`))) {
    it(`${sample}, ${select}`, () => {
      const { runs, problems } = read(filesUnder(path.join(sharedDirectory, "reports/samples", sample)));
      expect(problems).toEqual([]);
      expectAlike(runs.flatMap((run) => run.points)[0], expected, sample);
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
