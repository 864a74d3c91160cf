import { describe, expect, it } from "vitest";
import { readReports } from "../../../../lib/ingest/read-reports";
import { configurationId } from "../../../../lib/measurement/identity";
import { figureRows, shippedCatalogue } from "../../shipped-figures";
import { textFile } from "../support";
import { figuresTable } from "./figures-table";

/** All shipped figures as one table, every column of every file. */
const rows = [...figureRows().values()]
  .flat()
  .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === "" ? null : value])));
const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];

describe("the shipped figures as one table", () => {
  const catalogue = shippedCatalogue();
  const result = readReports([textFile("points.csv", figuresTable(rows))], {}, catalogue);

  it("are all taken", () => {
    expect(result.problems).toEqual([]);
    expect(result.runs.flatMap((run) => run.points)).toHaveLength(rows.length);
  });

  it("have the same configurations and points whatever the order of columns and rows", () => {
    const names = columns.toReversed();
    const cell = (value: string | null | undefined) =>
      value === null || value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
    const text = [
      names.join(","),
      ...rows.toReversed().map((row) => names.map((name) => cell(row[name])).join(",")),
    ].join("\n");
    const other = readReports([textFile("shuffled.csv", text)], {}, catalogue);
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
