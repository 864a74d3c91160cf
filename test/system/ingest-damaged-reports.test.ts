import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { ADAPTERS } from "../../lib/ingest/formats/detect-format";
import { damage, damaged } from "../unit/ingest/mutations";
import { faultsOf, fixtureFolders, hangWatch, reportSets } from "../unit/ingest/report-sets";
import { complete, read } from "../unit/ingest/support";

const CASES = 3000;

/** Formats without a folder of fixtures of their name, and where they are tested instead. */
const ELSEWHERE = new Set(["inference-quickstart"]);

describe("damaged reports of every format", () => {
  const sets = new Map(reportSets().map(({ name, files }) => [name, files]));
  const watch = hangWatch();
  afterAll(() => watch.stop());

  it("are all here", () => {
    const folders = fixtureFolders();
    for (const { format } of ADAPTERS) {
      if (!ELSEWHERE.has(format))
        expect(
          folders.some((folder) => format.startsWith(folder)),
          format,
        ).toBe(true);
    }
  });

  it("are each read with flags or refused with a reason: no crash, no silence, no impossible value", {
    timeout: 120_000,
  }, () => {
    const given = fc.constantFrom(complete, complete, complete, {});
    fc.assert(
      fc.property(fc.constantFrom(...sets.keys()), fc.nat(), damage, given, (name, which, steps, facts) => {
        const whole = sets.get(name) ?? [];
        const files = whole.map((file, index) => (index === which % whole.length ? damaged(file, steps) : file));
        watch.beat(JSON.stringify([name, which, steps]));
        expect(
          faultsOf(
            files.map((file) => file.path),
            read(files, facts),
          ),
        ).toEqual([]);
      }),
      { numRuns: CASES },
    );
  });
});
