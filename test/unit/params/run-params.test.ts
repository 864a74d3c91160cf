import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rawParams } from "../../../lib/params/param";
import {
  asksForEvery,
  EVERY_RUN,
  parseRunQuery,
  type RunQuery,
  runsPath,
  serializeRunQuery,
} from "../../../lib/params/run-params";

const parse = (search: string) => parseRunQuery(rawParams(new URLSearchParams(search)));

const anyText = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }).filter((text) => text.trim() === text);
const anyDate = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const anyQuery: fc.Arbitrary<RunQuery> = fc.record({
  filter: fc.record({
    search: fc.option(anyText),
    model: fc.option(anyText),
    accelerator: fc.option(anyText),
    source: fc.option(anyText),
    format: fc.option(anyText),
    measuredFrom: fc.option(anyDate),
    measuredTo: fc.option(anyDate),
    flag: fc.option(anyText),
    ingestId: fc.option(fc.integer({ min: 1, max: 1e9 })),
    withRetired: fc.boolean(),
  }),
  page: fc.integer({ min: 1, max: 9999 }),
});

describe("the address of a list of runs", () => {
  it("says the whole list: reading what was written gives the same list", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const { query: read, problems } = parse(serializeRunQuery(query));
        expect(problems).toEqual([]);
        expect(read).toEqual(query);
      }),
    );
  });

  it("is bare for all runs; what a form leaves empty says nothing", () => {
    expect(runsPath({ filter: EVERY_RUN, page: 1 })).toBe("/runs");
    const { query, problems } = parse("model=&accelerator=&source=&tool=&flag=&from=&to=&page=");
    expect(problems).toEqual([]);
    expect(query).toEqual({ filter: EVERY_RUN, page: 1 });
    expect(asksForEvery(query.filter)).toBe(true);
  });

  it("goes back to the first page when a filter changes", () => {
    const { query } = parse("model=org/small&page=7&retired=1");
    expect(runsPath(query)).toBe("/runs?model=org/small&retired=1&page=7");
    expect(runsPath(query, { ingestId: 3 })).toBe("/runs?model=org/small&ingest=3&retired=1");
    expect(runsPath({ ...query, page: 8 })).toBe("/runs?model=org/small&retired=1&page=8");
  });

  it("names each part it does not understand and leaves it out", () => {
    const { query, problems } = parse("from=yesterday&to=2026-06-31&ingest=-1&page=1.5&retired=yes");
    expect(problems.map((problem) => problem.parameter)).toEqual(["from", "to", "ingest", "retired", "page"]);
    expect(query).toEqual({ filter: EVERY_RUN, page: 1 });
  });

  it("never throws, whatever it says", () => {
    const names = fc.constantFrom("model", "from", "to", "ingest", "page", "retired");
    fc.assert(
      fc.property(fc.dictionary(names, fc.oneof(fc.string(), fc.array(fc.string()))), (raw) => {
        expect(() => parseRunQuery(raw)).not.toThrow();
      }),
    );
  });
});
