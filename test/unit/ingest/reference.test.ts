import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { writeFiguresCsv } from "../../../lib/ingest/figures-csv-write";
import { configurationId } from "../../../lib/ingest/identity";
import { readReports } from "../../../lib/ingest/read-reports";
import type { ReadPoint } from "../../../lib/ingest/report";
import { acceleratorNamed, filesUnder, hasShared, read, sharedDirectory, textFile } from "./support";

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

function selected(points: ReadPoint[], select: string): ReadPoint | undefined {
  const line = /^line (\d+)/.exec(select)?.[1];
  return line === undefined ? points[0] : points.find((point) => point.at === `line ${line}`);
}

// Reference material beside the project; where it is absent these are skipped and the project's own fixtures stand in.
describe.skipIf(!hasShared)("values derived by hand from real reports (needs ../shared)", () => {
  const { records } = hasShared
    ? (JSON.parse(readFileSync(path.join(sharedDirectory, "reports/expected.json"), "utf8")) as {
        records: ExpectedRecord[];
      })
    : { records: [] };

  for (const { sample, select, expected } of records.filter(
    ({ format }) => format === "inference-perf" || format === "vllm-bench-serve",
  )) {
    it(`${sample}, ${select}`, () => {
      const { runs, problems } = read(filesUnder(path.join(sharedDirectory, "reports/samples", sample)));
      expect(problems).toEqual([]);
      expectAlike(
        selected(
          runs.flatMap((run) => run.points),
          select,
        ),
        expected,
        sample,
      );
    });
  }

  it("whole sample directories are read without a problem", () => {
    const perf = read(filesUnder(path.join(sharedDirectory, "reports/samples/inference-perf")));
    expect(perf.problems).toEqual([]);
    expect(perf.runs.map((run) => run.points.length)).toEqual([1, 2]);
    const vllm = read(filesUnder(path.join(sharedDirectory, "reports/samples/vllm-bench-serve")));
    expect(vllm.problems).toEqual([]);
    expect(vllm.runs.flatMap((run) => run.points)).toHaveLength(25);
  });
});

/** Columns of the public collection under the names of our format. */
const RENAMED: Record<string, string> = {
  source_id: "source_name",
  model_id: "model",
  checkpoint_id: "checkpoint",
  accelerator_id: "accelerator",
  tp: "tensor_parallelism",
  pp: "pipeline_parallelism",
  dp: "data_parallelism",
  ep: "expert_parallelism",
  config_id: "series",
  workload_id: "workload",
  output_tok_s: "output_tokens_per_second",
  input_tok_s: "input_tokens_per_second",
  total_tok_s: "total_tokens_per_second",
  output_tok_s_est: "output_tokens_per_second_derived",
};

describe.skipIf(!hasShared)("the public figures (needs ../shared)", () => {
  const table = (name: string): Record<string, string>[] =>
    hasShared ? parse(readFileSync(path.join(sharedDirectory, "data", name), "utf8"), { columns: true }) : [];
  const accelerators = table("accelerators.csv").map((row) =>
    acceleratorNamed(row.id ?? "", row.name ?? "", row.name ?? ""),
  );
  const rows = table("points.csv").map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [RENAMED[name] ?? name, value === "" ? null : value]),
    ),
  );
  const result = readReports([textFile("points.csv", writeFiguresCsv(rows))], {}, { accelerators, models: [] });

  it("are all taken", () => {
    expect(result.problems).toEqual([]);
    expect(result.runs.flatMap((run) => run.points)).toHaveLength(rows.length);
  });

  it("have the same configurations and points whatever the order of columns and rows", () => {
    const names = Object.keys(rows[0] ?? {}).reverse();
    const cell = (value: string | null | undefined) =>
      value === null || value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
    const text = [
      names.join(","),
      ...rows.toReversed().map((row) => names.map((name) => cell(row[name])).join(",")),
    ].join("\n");
    const other = readReports([textFile("shuffled.csv", text)], {}, { accelerators, models: [] });
    const idsOf = (runs: typeof result.runs) =>
      runs.map((run) => `${configurationId(run.configuration)} ${run.points.length}`).sort();
    expect(idsOf(other.runs)).toEqual(idsOf(result.runs));
  });

  it("get no caveat of ours that their collectors did not find", () => {
    const points = result.runs.flatMap((run) => run.points);
    for (const flag of ["percentiles_not_monotonic", "failures_exceed_completed"]) {
      expect(points.filter((point) => point.qualityFlags.includes(flag))).toEqual([]);
    }
  });
});
