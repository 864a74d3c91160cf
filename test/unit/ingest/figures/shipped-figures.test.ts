import { describe, expect, it } from "vitest";
import { readReports } from "../../../../lib/ingest/read-reports";
import { configurationId } from "../../../../lib/measurement/identity";
import { figureRows, settingsRows, shippedCatalogue } from "../../shipped-figures";
import { textFile } from "../support";

/** All shipped figures as one table, every column of every file. */
const rows = [...figureRows()]
  .flatMap(([file, members]) =>
    members.map(({ settings, ...row }) => ({ ...row, ...(settings ? { settings: `${file} ${settings}` } : {}) })),
  )
  .map((row: Record<string, string>) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === "" ? null : value])),
  );
const settings = [...settingsRows()].flatMap(([file, members]) =>
  members.map((row) => ({ ...row, settings: `${file.replace(".settings", "")} ${row.settings}` })),
);
const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];

function tableText(names: readonly string[], of: readonly Record<string, string | null>[]): string {
  const cell = (value: string | null | undefined) =>
    value === null || value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
  return [names.join(","), ...of.map((row) => names.map((name) => cell(row[name])).join(","))].join("\n");
}

describe("the shipped figures as one table", () => {
  const catalogue = shippedCatalogue();
  const settingsTable = (name: string) =>
    textFile(name, tableText([...new Set(settings.flatMap(Object.keys))], settings));
  const files = (name: string, text: string) => [textFile(`${name}.csv`, text), settingsTable(`${name}.settings.csv`)];
  const result = readReports(files("points", tableText(columns, rows)), {}, catalogue);

  it("are all taken", () => {
    expect(result.problems).toEqual([]);
    expect(result.runs.flatMap((run) => run.points)).toHaveLength(rows.length);
  });

  it("have the same configurations and points whatever the order of columns and rows", () => {
    const names = columns.toReversed();
    const text = tableText(names, rows.toReversed());
    const other = readReports(files("shuffled", text), {}, catalogue);
    const idsOf = (runs: typeof result.runs) =>
      runs.map((run) => `${configurationId(run.configuration)} ${run.points.length}`).sort();
    expect(idsOf(other.runs)).toEqual(idsOf(result.runs));
  });

  it("get no caveat of ours that their collectors did not find", () => {
    const points = result.runs.flatMap((run) => run.points);
    for (const flag of ["percentiles_not_monotonic", "failures_exceed_completed"] as const) {
      expect(points.filter((point) => point.qualityFlags.includes(flag))).toEqual([]);
    }
  });
});
