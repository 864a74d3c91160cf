import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { groupBy } from "../../../lib/group-by";
import { configurationKey } from "../../../lib/measurement/identity";
import { UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";
import { DATA, figureRows, settingsRows, shippedCatalogue, shippedReading } from "../shipped-figures";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const ORIGINAL = path.resolve(ROOT, "../shared/data/points.csv");

type Row = Record<string, string>;

function rowsOf(file: string): Row[] {
  return parse(readFileSync(file), { columns: true, bom: true });
}

function figuresOf(name: string): Row[] {
  return figureRows().get(name) ?? [];
}

const files = [...figureRows().keys()];

/** Caveats of a figure that was put right after it was collected. */
const CORRECTED = /(?:^|;)(?:\w+_corrected|model_relabelled|load_not_reached)(?:;|$)/;
/** Figures that turned out not to be what they say, and are no longer shipped. */
const TAKEN_OUT = 26;
/** Collected or completed after the table the others were made from. */
const LATER: ReadonlySet<string> = new Set([
  "aws-neuron-benchmarks.csv",
  "ds4-sm120-harness.csv",
  "kaito-benchmarks.csv",
  "llm-d-guides.csv",
  "ml-energy-v3.csv",
  "mlperf-inference-v6.0.csv",
  "mlperf-inference-v6.1.csv",
  "sglang-cookbook-cells.csv",
]);
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
  });

  it("holds curves together: a series never mixes configurations but for what was really another start", () => {
    const { runs } = shippedReading();
    type ShippedRun = (typeof runs)[number];
    const parted = (groupOf: (run: ShippedRun) => string, keyOf: (run: ShippedRun) => string) => {
      const keys = [...groupBy(runs, groupOf).values()].map((of) => new Set(of.map(keyOf)));
      return keys.filter((of) => of.size > 1).length;
    };
    const series = (run: ShippedRun) => JSON.stringify([run.source.name, run.seriesKey, run.workload.workloadId]);
    const withoutStart = ({ configuration }: ShippedRun) =>
      configurationKey({ ...configuration, checkpoint: null, speculativeTokens: null, settings: UNKNOWN_SETTINGS });
    const withoutVersion = (run: ShippedRun) =>
      withoutStart({ ...run, configuration: { ...run.configuration, serverVersion: null } });
    // Rows of one series with and without MTP, or of two layouts, were put right one by one.
    expect(parted(series, withoutVersion)).toBe(19);
    expect(parted(series, ({ configuration }) => String(configuration.serverVersion))).toBe(50);
    // Other recipes under one label: attention data parallelism, MoE backend, sizes. What a script chooses by the load parts none.
    const curve = (run: ShippedRun) => JSON.stringify([series(run), run.measuredOn, withoutStart(run)]);
    expect(parted(curve, ({ configuration }) => configurationKey(configuration))).toBe(10);
  });

  it("names what was started for its figures, with the place it was read from", () => {
    const rows = [...settingsRows().values()].flat();
    expect(rows.filter((row) => row.source_ref === "" || !/^(?:logged|exact|near)$/.test(row.certainty ?? ""))).toEqual(
      [],
    );
    const named = [...figureRows().values()].flat().filter((row) => row.settings);
    expect(named).toHaveLength(6812);
    const used = new Set([...figureRows()].flatMap(([file, of]) => of.map(({ settings }) => `${file} ${settings}`)));
    for (const [file, of] of settingsRows()) {
      for (const { settings } of of) expect(used).toContain(`${file.replace(".settings", "")} ${settings}`);
    }
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
  const ADDED = ["source_url", "licence", "input_tokens", "output_tokens", "settings"];

  it("are every row that is not superseded, to the last digit or with the flag of its correction", () => {
    const original = rowsOf(ORIGINAL).filter(
      (row) => !(row.quality_flags ?? "").split(";").includes("superseded") && !LATER.has(`${row.source_id}.csv`),
    );
    const shipped = files.filter((name) => !LATER.has(name)).flatMap((name) => figuresOf(name));
    const line = (cells: [string, string][]) =>
      JSON.stringify(cells.filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
    const unmatched = new Map<string, number>();
    for (const row of original) {
      const text = line(Object.entries(row));
      unmatched.set(text, (unmatched.get(text) ?? 0) + 1);
    }
    const changed = shipped.filter((row) => {
      const text = line(
        Object.entries(row)
          .filter(([column]) => !ADDED.includes(column))
          .map(([column, value]): [string, string] => [RENAMED[column] ?? column, value]),
      );
      const count = unmatched.get(text) ?? 0;
      if (count === 0) return true;
      unmatched.set(text, count - 1);
      return false;
    });
    // What differs says so.
    expect(changed.filter(({ quality_flags: flags }) => !CORRECTED.test(flags ?? ""))).toEqual([]);
    const left = [...unmatched.values()].reduce((sum, count) => sum + count, 0);
    expect(left).toBe(changed.length + TAKEN_OUT);
  });
});
