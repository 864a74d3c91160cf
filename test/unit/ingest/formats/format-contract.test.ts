import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Adapter } from "../../../../lib/ingest/formats/adapter";
import { ADAPTERS } from "../../../../lib/ingest/formats/detect-format";
import { parseFile } from "../../../../lib/ingest/parse/parse-file";
import type { HeldFile } from "../../../../lib/ingest/report";
import { QUALITY_FLAGS } from "../../../../lib/measurement/quality-flags";
import { reportSets } from "../report-sets";
import { read } from "../support";

/** What every format must be like, new ones included: being in the list is enough to be asked. */

const GIVEN = { model: "example-org/Example-8B-Instruct", accelerator: "h100-sxm-80gb", acceleratorCount: 1 };

/** Folders of fixtures whose name is not that of their format. */
const FOLDERS: Readonly<Record<string, string>> = {
  "figures-csv": "figures",
};

/** Formats whose fixtures are made by the test that reads them. */
const MADE_BY_TESTS: ReadonlySet<string> = new Set(["inference-quickstart"]);

const sets = reportSets();

function setsOf(adapter: Adapter) {
  const folder = FOLDERS[adapter.format] ?? adapter.format;
  return sets.filter(({ name }) => name === folder || name.startsWith(`${folder}/`));
}

/** Formats that take a file, whatever it is called. */
function claimsOf(file: HeldFile): string[] {
  const parsed = parseFile(file);
  if (parsed.kind !== "parsed") return [];
  return ADAPTERS.filter((adapter) => adapter.sniff(parsed.file)).map((adapter) => adapter.format);
}

describe("the list of formats", () => {
  it("names each format once, by an id that can stand in an address", () => {
    const ids = ADAPTERS.map(({ format }) => format);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });
});

describe.each(
  ADAPTERS.filter(({ format }) => !MADE_BY_TESTS.has(format)).map((adapter) => [adapter.format, adapter] as const),
)("the format %s", (format, adapter) => {
  const own = setsOf(adapter);
  const runs = own.flatMap(({ files }) => read(files, GIVEN).runs).filter((run) => run.format === format);

  it("has fixtures from which it reads load points", () => {
    expect(runs.flatMap((run) => run.points).length).toBeGreaterThan(0);
  });

  it("is the only one that takes its reports", () => {
    const claimed = own.flatMap(({ files }) => files.map(claimsOf)).filter((claims) => claims.includes(format));
    for (const claims of claimed) expect(claims).toEqual([format]);
  });

  it("says in words what it cannot read", () => {
    const problems = own.flatMap(({ files }) => read(files, GIVEN).problems);
    for (const { message, expected } of problems) {
      expect(message).toMatch(/\S \S.*[.?]$/s);
      expect(expected).not.toBe("");
    }
  });

  it("gives only caveats that are described, or carry somebody's own words", () => {
    const flags = new Set(
      runs.flatMap((run) => [...run.qualityFlags, ...run.points.flatMap((point) => point.qualityFlags)]),
    );
    const ownWords = adapter.factsWin === "report";
    for (const flag of flags) {
      const isKnown = Object.hasOwn(QUALITY_FLAGS, flag) || /^(?:max_concurrency|request_rate)_[\d.e+-]+$/.test(flag);
      expect(isKnown || ownWords, flag).toBe(true);
    }
  });

  it("is told by content: a file of another name says the same", () => {
    for (const file of own.flatMap(({ files }) => files)) {
      const renamed = { ...file, path: `elsewhere/results${path.extname(file.path)}` };
      expect(claimsOf(renamed), file.path).toEqual(claimsOf(file));
    }
  });
});
