import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { writeFiguresCsv } from "../../../lib/export/figures-csv-write";
import { readReports } from "../../../lib/ingest/read-reports";
import { configurationId } from "../../../lib/measurement/identity";
import { acceleratorNamed, hasShared, sharedDirectory, textFile } from "./support";

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
    for (const flag of ["percentiles_not_monotonic", "failures_exceed_completed"] as const) {
      expect(points.filter((point) => point.qualityFlags.includes(flag))).toEqual([]);
    }
  });
});
