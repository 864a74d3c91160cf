import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { configurationKey } from "../../../lib/measurement/identity";
import { DATA, figureFiles, figureRows, shippedCatalogue, shippedReading } from "../shipped-figures";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ORIGINAL = path.resolve(ROOT, "../shared/data/points.csv");

type Row = Record<string, string>;

function rowsOf(file: string): Row[] {
  return parse(readFileSync(file), { columns: true, bom: true });
}

function figuresOf(name: string): Row[] {
  return figureRows().get(name) ?? [];
}

const files = figureFiles();
const catalogue = shippedCatalogue();

describe("the shipped data", () => {
  it("is read without a single problem", () => {
    const { runs, problems } = shippedReading();
    expect(problems).toEqual([]);
    expect(runs.reduce((sum, run) => sum + run.points.length, 0)).toBe(
      files.reduce(
        (sum, name) =>
          sum +
          readFileSync(path.join(DATA, "figures", name), "utf8")
            .trim()
            .split("\n").length -
          1,
        0,
      ),
    );
    const models = new Set(catalogue.models.map((model) => model.id));
    expect(runs.filter((run) => !models.has(run.configuration.model))).toEqual([]);
    // A series never mixes two configurations but for the server's version, which keeps their curves apart.
    const configurations = new Map<string, Set<string>>();
    const versions = new Map<string, Set<string | null>>();
    for (const run of runs) {
      const series = JSON.stringify([run.source.name, run.seriesKey, run.workload.workloadId]);
      const key = configurationKey({ ...run.configuration, serverVersion: null });
      configurations.set(series, (configurations.get(series) ?? new Set()).add(key));
      versions.set(series, (versions.get(series) ?? new Set<string | null>()).add(run.configuration.serverVersion));
    }
    expect([...configurations].filter(([, keys]) => keys.size > 1).map(([series]) => series)).toEqual([]);
    expect([...versions.values()].filter((known) => known.size > 1)).toHaveLength(60);
  });

  it("keeps each source in a file of its own, described with its licence", () => {
    const sources = rowsOf(path.join(DATA, "sources.csv"));
    expect(sources.map((row) => `${row.name}.csv`).sort()).toEqual(files);
    expect(sources.filter((row) => row.licence === "" || row.title === "")).toEqual([]);
    for (const name of files) {
      const own = sources.find((row) => `${row.name}.csv` === name);
      const odd = figuresOf(name).filter(
        (row) =>
          `${row.source_name}.csv` !== name ||
          row.licence !== own?.licence ||
          (row.source_url ?? "") !== own?.url ||
          row.source_ref === "",
      );
      expect(odd).toEqual([]);
    }
  });

  it("counts every source in SOURCES.md", () => {
    const text = readFileSync(path.join(DATA, "SOURCES.md"), "utf8");
    for (const name of files) {
      const rows = figuresOf(name);
      expect(text).toContain(`| ${name.replace(".csv", "")} | ${rows.length.toLocaleString("en-US")} |`);
    }
  });

  it("names every accelerator by spellings that lead to it alone", () => {
    const spellings = catalogue.accelerators.flatMap((item) => [item.id, ...item.aliases]);
    expect(new Set(spellings).size).toBe(spellings.length);
    for (const accelerator of catalogue.accelerators) {
      expect(accelerator.aliases.every((alias) => alias === alias.toLowerCase())).toBe(true);
      if (accelerator.gkeAcceleratorLabel !== null)
        expect(accelerator.aliases).toContain(accelerator.gkeAcceleratorLabel);
    }
  });
});

describe.skipIf(!existsSync(ORIGINAL))("the shipped figures (skipped without the table they were made from)", () => {
  const RENAMED: Record<string, string> = {
    model: "model_id",
    checkpoint: "checkpoint_id",
    accelerator: "accelerator_id",
    tensor_parallelism: "tp",
    pipeline_parallelism: "pp",
    data_parallelism: "dp",
    expert_parallelism: "ep",
    series: "config_id",
    workload: "workload_id",
    source_name: "source_id",
    output_tokens_per_second: "output_tok_s",
    input_tokens_per_second: "input_tok_s",
    total_tokens_per_second: "total_tok_s",
    output_tokens_per_second_derived: "output_tok_s_est",
  };
  const ADDED = ["source_url", "licence", "input_tokens", "output_tokens"];

  it("are every row that is not superseded, to the last digit", () => {
    const original = rowsOf(ORIGINAL).filter((row) => !(row.quality_flags ?? "").split(";").includes("superseded"));
    const shipped = files.flatMap((name) => figuresOf(name));
    const line = (cells: [string, string][]) =>
      JSON.stringify(cells.filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    const expected = original.map((row) => line(Object.entries(row))).sort();
    const actual = shipped
      .map((row) =>
        line(
          Object.entries(row)
            .filter(([column]) => !ADDED.includes(column))
            .map(([column, value]): [string, string] => [RENAMED[column] ?? column, value]),
        ),
      )
      .sort();
    expect(actual).toEqual(expected);
  });
});
