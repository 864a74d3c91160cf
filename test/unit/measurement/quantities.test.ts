import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadPointFromValues, loadPointValues } from "@/db/load-point-row";
import { packRuns } from "@/lib/explorer/pack-runs";
import { unpackRuns } from "@/lib/explorer/packed-runs";
import { figuresCsvColumns } from "@/lib/ingest/figures/figures-columns";
import { pointContentIds } from "@/lib/measurement/identity";
import { LATENCY_STATISTICS, METRIC_SAMPLES } from "@/lib/measurement/latency";
import { emptyMeasurement, type Measurement, measurementOf } from "@/lib/measurement/measurement";
import { AGGREGATIONS, NUMBER_FIELDS, type NumberField, QUANTITIES } from "@/lib/measurement/quantities";
import { run as aRun, configuration, point as loadPoint } from "../frontier/builders";

const OWNER = {
  configuration: configuration(),
  workload: { workloadId: "w", dataset: null, inputTokens: null, outputTokens: null },
  source: { name: "s" },
  measuredOn: null,
};

const someNumbers = fc.record(
  Object.fromEntries(NUMBER_FIELDS.map((field) => [field, fc.option(fc.nat(), { nil: null })])),
);

describe("the table of measured quantities", () => {
  it("names every number of a measurement, and no other field", () => {
    const { loadKind, qualityFlags, sourceRef, ttftMs, tpotMs, itlMs, ntpotMs, e2eMs, ...numbers } = emptyMeasurement();
    expect(Object.keys(numbers)).toEqual(NUMBER_FIELDS);
    expect([loadKind, qualityFlags, sourceRef, ttftMs, tpotMs, itlMs, ntpotMs, e2eMs]).toHaveLength(8);
  });

  it("gives each quantity a field, a column, a label and a heading of its own", () => {
    for (const name of ["field", "column", "label", "heading"] as const) {
      const names = QUANTITIES.map((quantity) => quantity[name]);
      expect(new Set(names).size, name).toBe(names.length);
    }
  });

  it("has a figures column for every quantity and every statistic", () => {
    const columns = [...QUANTITIES, ...LATENCY_STATISTICS].map(({ column }) => column);
    expect(columns.filter((column) => !figuresCsvColumns.includes(column))).toEqual([]);
  });

  it("is what the documentation of the figures format says, each on the line of its column", () => {
    const page = readFileSync(path.join(import.meta.dirname, "../../../docs/figures-format.md"), "utf8");
    const lineOf = (column: string) =>
      page.split("\n").find((line) => line.startsWith("|") && line.split("|")[1]?.includes(`\`${column}\``));
    for (const { column, meaning, aggregation } of QUANTITIES) {
      expect(lineOf(column), column).toContain(`| ${meaning} `);
      expect(lineOf(column), column).toContain(`| ${AGGREGATIONS[aggregation]} `);
    }
    for (const { column, metric } of LATENCY_STATISTICS) {
      expect(lineOf(column), column).toContain(`| mean or percentile ${METRIC_SAMPLES[metric]} `);
    }
  });

  it("loses nothing in a row of the database nor on the way to the browser", () => {
    fc.assert(
      fc.property(someNumbers, (numbers) => {
        const run = aRun({ points: [loadPoint({ ...numbers, loadKind: "concurrency" })] });
        const [point] = run.points;
        if (point === undefined) throw new Error("a run without its point");
        const { runId, ordinal, pointId, reportSha256 } = point;
        const values = loadPointValues(point, { runId, ordinal, pointId, reportSha256, reportAt: "$" });
        expect(loadPointFromValues(values)).toEqual(point);
        expect(unpackRuns(packRuns([run]))[0]?.points.map(measurementOf)).toEqual([measurementOf(point)]);
      }),
    );
  });

  it("tells points apart by every quantity that is part of their identity, and by no other", () => {
    const idOf = (measurement: Measurement) => pointContentIds(OWNER, [measurement])[0];
    const withNumber = (field: NumberField) => idOf({ ...emptyMeasurement(), [field]: 7 });
    const empty = idOf(emptyMeasurement());
    for (const { field, identity } of QUANTITIES) {
      if (identity === "never") expect(withNumber(field), field).toBe(empty);
      else expect(withNumber(field), field).not.toBe(empty);
    }
  });
});
