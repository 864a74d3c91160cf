import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { countRows, seededDatabase } from "../unit/db/small-data";
import { damage, damaged } from "../unit/ingest/mutations";
import { hangWatch, reportSets } from "../unit/ingest/report-sets";
import { databaseFaults, FACTS, ingest, intakeFiles } from "../unit/server/intake/intake-support";

const CASES = 1000;

describe("damaged reports on their way into a database", () => {
  const sets = new Map(reportSets().map(({ name, files }) => [name, files]));
  const watch = hangWatch();
  afterAll(() => watch.stop());

  it("are stored whole with flags or refused with a reason, and the database stays sound", {
    timeout: 240_000,
  }, async () => {
    const db = await seededDatabase();
    let taken = 0;
    let refused = 0;
    const given = fc.constantFrom(FACTS, FACTS, FACTS, {});
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...sets.keys()),
        fc.nat(),
        damage,
        given,
        fc.boolean(),
        async (name, which, steps, facts, named) => {
          const whole = sets.get(name) ?? [];
          const files = whole.map((file, index) => (index === which % whole.length ? damaged(file, steps) : file));
          watch.beat(JSON.stringify([name, which, steps]));
          const before = { points: await countRows(db, "load_point"), ingests: await countRows(db, "ingest") };
          const outcome = await ingest(
            db,
            intakeFiles(Object.fromEntries(files.map(({ path, bytes }) => [`${name}/${path}`, bytes])), named),
            { given: facts },
          );
          if (outcome.runs.length > 0) taken++;
          if (outcome.problems.length > 0) refused++;
          expect(outcome.runs.length + outcome.problems.length).toBeGreaterThan(0);
          for (const item of outcome.problems) expect(item.message).toMatch(/\S \S/);
          expect(await countRows(db, "load_point")).toBe(before.points + outcome.loadPoints);
          expect(await countRows(db, "ingest")).toBe(before.ingests + 1);
        },
      ),
      { numRuns: CASES },
    );
    expect(await databaseFaults(db)).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    // A fuzz that refuses (or takes) nearly everything would prove nothing.
    expect(taken).toBeGreaterThan(CASES / 10);
    expect(refused).toBeGreaterThan(CASES / 10);
  });
});
