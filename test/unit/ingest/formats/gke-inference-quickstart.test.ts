import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeGiqCsv, writeGiqJson } from "../../../../lib/export/giq-write";
import { withFormulaGuard } from "../../../../lib/ingest/parse/formula-cells";
import { readReports } from "../../../../lib/ingest/read-reports";
import type { GivenFacts, HeldFile, ReadResult } from "../../../../lib/ingest/report";
import { acceleratorNamed, accelerators, fixture, models, textFile } from "../support";

const MODEL = "example-org/Example-8B-Instruct";
const directory = "gke-inference-quickstart";

const catalogue = {
  models,
  accelerators: [
    ...accelerators.filter(({ id }) => id !== "tpu-v6e"),
    acceleratorNamed("tpu-v6e", "Google TPU v6e", "TPU v6e", { gkeAcceleratorLabel: "tpu-v6e-slice" }),
    acceleratorNamed("l4-24gb", "NVIDIA L4 24GB", "L4", { gkeAcceleratorLabel: "nvidia-l4" }),
  ],
};

function read(files: readonly HeldFile[], given: GivenFacts = {}): ReadResult {
  return readReports(files, given, catalogue);
}

function sound(name: string, given: GivenFacts = {}): ReadResult {
  const result = read(fixture(`${directory}/${name}`), given);
  expect(result.problems).toEqual([]);
  return result;
}

function textOf(name: string): string {
  return new TextDecoder().decode(fixture(`${directory}/${name}`)[0]?.bytes);
}

const flagsOf = (result: ReadResult) => result.runs.map((run) => run.qualityFlags);

describe("the CSV of GKE Inference Quickstart", () => {
  const { runs } = sound("benchmarks-17.csv");

  it("gives one curve a profile, whatever the order of the rows", () => {
    expect(
      runs.map(({ configuration, points }) => [
        configuration.accelerator,
        configuration.acceleratorCount,
        points.length,
      ]),
    ).toEqual([
      ["h100-sxm-80gb", 2, 3],
      ["l4-24gb", 4, 1],
      ["h100-sxm-80gb", 2, 1],
      ["tpu-v6e", 4, 1],
    ]);
  });

  it("says what was served and with which workload", () => {
    const [run] = runs;
    expect(run?.configuration).toMatchObject({
      model: MODEL,
      server: "vllm",
      serverVersion: "0.11.2",
      precision: null,
    });
    expect(run?.workload).toMatchObject({ dataset: "chatbot-sharegpt", inputTokens: 128, outputTokens: 128 });
    expect(run?.source.name).toBe("gke-inference-quickstart");
  });

  it("takes the one number of a latency for its mean, and 0 or nothing for not measured", () => {
    const [h100, l4] = runs;
    expect(h100?.points[0]).toMatchObject({
      ntpotMs: { mean: 21, p50: null, p95: null },
      ttftMs: { mean: 48 },
      itlMs: { mean: 19 },
      outputTokensPerSecond: 410,
      requestsCompleted: null,
      durationS: null,
      e2eMs: null,
    });
    expect(h100?.points[1]?.itlMs).toBeNull();
    expect(l4?.points[0]?.ttftMs).toBeNull();
  });

  it("takes the achieved queries/s for the load, and says so", () => {
    expect(runs[0]?.points[0]).toMatchObject({ loadKind: "request_rate", loadValue: 3.1, requestRateAchieved: 3.1 });
    expect(runs[0]?.points[0]?.qualityFlags).toEqual([
      "nominal_token_lengths",
      "statistic_not_stated",
      "load_from_achieved_rate",
    ]);
  });

  it("takes the number of accelerators from the machine type, and says so unless the person gives it", () => {
    expect(runs[0]?.qualityFlags).toContain("accelerator_count_from_instance_type");
    const given = sound("benchmarks-11.csv", { acceleratorCount: 1 });
    expect(given.runs[0]?.qualityFlags).not.toContain("accelerator_count_from_instance_type");
  });

  it("keeps the costs as published, never as a price", () => {
    expect(runs[0]?.points[0]?.extras).toMatchObject({
      "Instance Type": "a3-highgpu-2g",
      "Cost/M Input Tokens": "0.210",
      "Cost/M Output Tokens": "0.840",
    });
  });

  it("is read without the columns that came later: those figures were measured with ShareGPT", () => {
    const [a100] = sound("benchmarks-12.csv").runs;
    expect(a100?.workload.dataset).toBe("sharegpt");
    expect(a100?.qualityFlags).toContain("dataset_from_table_form");
    expect(runs[0]?.qualityFlags).not.toContain("dataset_from_table_form");
    expect(a100?.points.map((point) => point.itlMs?.mean)).toEqual([31, 62]);
    const [h100] = sound("benchmarks-11.csv").runs;
    expect(h100?.points.map((point) => [point.itlMs, point.ttftMs])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it("with a figure that is none is refused with its line and column", () => {
    const text = textOf("benchmarks-11.csv").replace(",45,", ",fast,");
    const { problems, runs: none } = read([textFile("giq.csv", text)]);
    expect(none).toEqual([]);
    expect(problems).toMatchObject([{ file: "giq.csv", at: "line 3, column NTPOT (ms)", value: "fast" }]);
  });

  it("with an accelerator the catalogue does not know is completed by the person", () => {
    const text = textOf("benchmarks-11.csv").replaceAll("nvidia-h100-80gb", "nvidia-x900");
    expect(read([textFile("giq.csv", text)]).problems[0]?.message).toContain("nvidia-x900");
    const { runs: mended } = read([textFile("giq.csv", text)], { accelerator: "h100-sxm-80gb" });
    expect(mended[0]?.configuration.accelerator).toBe("h100-sxm-80gb");
  });
});

describe("the table of `profiles list`", () => {
  it("is read with its own spelling of the columns, as CSV and as printed", () => {
    for (const name of ["profiles-list.csv", "profiles-list.txt"]) {
      const { runs } = sound(name);
      expect(runs.map(({ configuration, points }) => [configuration.accelerator, points[0]?.ntpotMs?.mean])).toEqual([
        ["h100-sxm-80gb", 67],
        ["l4-24gb", 109],
      ]);
    }
    expect(sound("profiles-list.txt").runs[1]?.points[0]?.ttftMs).toBeNull();
    expect(sound("profiles-list-bars.txt").runs[0]?.points[0]).toMatchObject({ outputTokensPerSecond: 12900 });
  });

  it("has no load: that is said, not guessed", () => {
    const [point] = sound("profiles-list.csv").runs[0]?.points ?? [];
    expect(point).toMatchObject({ loadKind: null, loadValue: null });
    expect(point?.qualityFlags).toContain("load_unknown");
  });
});

describe("the pricing model of published costs", () => {
  it("is not in a CSV: without a word from the person the run says so", () => {
    const flags = flagsOf(sound("benchmarks-17.csv"));
    expect(flags.map((list) => list.includes("published_cost_without_pricing_model"))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("is kept beside the costs when the person gives it, and only there", () => {
    const { runs } = sound("benchmarks-17.csv", { pricingModel: "1-year-cud" });
    expect(runs.map((run) => run.points[0]?.extras?.pricing_model)).toEqual([
      "1-year-cud",
      undefined,
      "1-year-cud",
      "1-year-cud",
    ]);
    expect(runs.flatMap((run) => run.qualityFlags)).not.toContain("published_cost_without_pricing_model");
  });

  it("is that of the file where the file says it", () => {
    const { runs } = sound("response.json", { pricingModel: "on-demand" });
    expect(runs[0]?.points[0]?.extras).toMatchObject({ "performanceStats[0].cost[0].pricingModel": "spot" });
    expect(runs[0]?.points[0]?.extras).not.toHaveProperty("pricing_model");
    expect(flagsOf(sound("snake-case.json"))[0]).toContain("published_cost_without_pricing_model");
  });

  it("is one of four", () => {
    const { problems } = read(fixture(`${directory}/benchmarks-11.csv`), { pricingModel: "cheap" });
    expect(problems[0]?.expected).toContain("spot, on-demand, 1-year-cud, 3-years-cud");
  });

  it("may stand in a side file", () => {
    const side = textFile("iq.yaml", "pricing_model: 3-years-cud\n");
    const { runs } = read([side, textFile("giq.csv", textOf("benchmarks-11.csv"))]);
    expect(runs[0]?.points[0]?.extras?.pricing_model).toBe("3-years-cud");
  });
});

describe("profiles as JSON", () => {
  it("are read from a response with all their figures", () => {
    const { runs } = sound("response.json");
    expect(runs.map((run) => [run.configuration.accelerator, run.configuration.acceleratorCount])).toEqual([
      ["h100-sxm-80gb", 2],
      ["tpu-v6e", 4],
    ]);
    expect(runs[0]?.points[1]).toMatchObject({
      location: "$.profile[0].performanceStats[1]",
      ttftMs: null,
      itlMs: { mean: 60 },
      inputTokensPerSecond: 2051,
      totalTokensPerSecond: 4101,
    });
    expect(runs[0]?.qualityFlags).not.toContain("accelerator_count_from_instance_type");
    expect(runs[1]?.seriesKey).toBe("giq ct6e-standard-4t 2x2 llm-d/0.3");
  });

  it("are read in snake_case, as YAML documents and in the shape of v1alpha1", () => {
    expect(sound("snake-case.json").runs[0]?.points.map((point) => point.outputTokensPerSecond)).toEqual([145, 437]);
    expect(sound("profiles.yaml").runs).toHaveLength(2);
    const [old] = sound("v1alpha1.json").runs;
    expect(old?.configuration).toMatchObject({ server: "jetstream", acceleratorCount: 4 });
    // What v1alpha1 calls TPOT is not defined anywhere: it is kept, not read.
    expect(old?.points[0]).toMatchObject({ ntpotMs: { mean: 55 }, tpotMs: null });
    expect(old?.points[0]?.extras?.["performanceStats.tpotMilliseconds"]).toBe(40);
  });

  it("without figures are counted, not stored", () => {
    const profiles = JSON.parse(textOf("profiles.json")) as { performanceStats: unknown[] }[];
    const text = JSON.stringify([...profiles, { ...profiles[0], performanceStats: [] }]);
    expect(read([textFile("giq.json", text)]).skipped[0]?.reason).toContain("1 profile of it hold no figures");
  });
});

describe("what came from GKE Inference Quickstart", () => {
  for (const name of ["benchmarks-17.csv", "benchmarks-12.csv", "benchmarks-11.csv", "profiles-list.csv"]) {
    it(`goes out again byte for byte: ${name}`, () => {
      expect(writeGiqCsv(sound(name).runs)).toBe(textOf(name));
      expect(writeGiqCsv(sound(name, { pricingModel: "spot" }).runs.toReversed())).toBe(textOf(name));
    });
  }

  it("goes out again with the line ends it came with", () => {
    const text = textOf("benchmarks-17.csv").replaceAll("\n", "\r\n");
    expect(writeGiqCsv(read([textFile("giq.csv", text)]).runs)).toBe(text);
  });

  for (const name of ["response.json", "profiles.json", "snake-case.json", "v1alpha1.json"]) {
    it(`goes out again with every member, int64 as text, zeros left out: ${name}`, () => {
      const { runs } = sound(name, { pricingModel: "spot" });
      expect(JSON.parse(writeGiqJson(runs))).toEqual(JSON.parse(textOf(name)));
    });
  }

  it("goes out again unchanged whatever the cells hold, but for what a spreadsheet would run", () => {
    const cell = fc.stringMatching(/^[ -~]{1,12}$/).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.nat(5000)), { minLength: 1, maxLength: 5 }), (rows) => {
        const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const [header = ""] = textOf("benchmarks-17.csv").split("\n");
        const guarded = (text: string) => (text.startsWith("'") ? text : withFormulaGuard(text));
        const lineOf = (machine: string, useCase: string, tokens: number) =>
          [machine, "nvidia-l4", MODEL, "vllm", "v1", String(tokens + 1), "10", "", "", "1.50", "N/A", "0.100", useCase]
            .concat("128", "128", "", "")
            .map(quoted)
            .join(",");
        const lines = rows.map(([machine, useCase, tokens]) => lineOf(machine, useCase, tokens));
        const text = `${[header, ...lines].join("\n")}\n`;
        const { runs, problems } = read([textFile("giq.csv", text)], { acceleratorCount: 1 });
        expect(problems).toEqual([]);
        const out = rows.map(([machine, useCase, tokens]) => lineOf(guarded(machine), guarded(useCase), tokens));
        expect(writeGiqCsv(runs)).toBe(`${[header, ...out].join("\n")}\n`);
      }),
      { numRuns: 50 },
    );
  });

  it("goes out again as JSON whatever else a profile holds", () => {
    const profiles = JSON.parse(textOf("profiles.json")) as Record<string, unknown>[];
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }), (more) => {
        const text = JSON.stringify(profiles.map((profile) => ({ ...more, ...profile })));
        const { runs, problems } = read([textFile("giq.json", text)]);
        expect(problems).toEqual([]);
        expect(JSON.parse(writeGiqJson(runs))).toEqual(JSON.parse(text));
      }),
      { numRuns: 100 },
    );
  });
});

describe("what came from elsewhere", () => {
  it("goes into the newest CSV: from profiles with their costs to three decimals, from a table with its cells", () => {
    const [header, first] = writeGiqCsv(sound("response.json").runs).split("\n");
    expect(header).toBe(textOf("benchmarks-17.csv").split("\n")[0]);
    expect(first).toBe(
      `a3-highgpu-8g,nvidia-h100-80gb,${MODEL},vllm,v0.11.2,410,21,48,,3.1000001,0.210,0.840,Chatbot (ShareGPT),128,128,,`,
    );
  });

  it("from measurements of one's own has unknown costs and no machine", () => {
    const [run] = read(fixture("llmperf/example_550_150_summary.json"), {
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 2,
    }).runs;
    const [, row] = writeGiqCsv(run === undefined ? [] : [run]).split("\n");
    expect(row).toContain(`,h100-sxm-80gb,${MODEL},vllm,,110,`);
    expect(row).toContain(",N/A,N/A,");
    const [profile] = JSON.parse(writeGiqJson(run === undefined ? [] : [run])) as Record<string, unknown>[];
    expect(profile).toMatchObject({ resourcesUsed: { acceleratorCount: 2 }, modelServerInfo: { model: MODEL } });
  });

  it("from a table becomes profiles: costs as amounts, with the pricing model the person gave", () => {
    const [profile] = JSON.parse(writeGiqJson(sound("benchmarks-12.csv", { pricingModel: "spot" }).runs)) as {
      performanceStats: { cost: unknown[] }[];
    }[];
    expect(profile?.performanceStats[0]?.cost).toEqual([
      {
        costPerMillionInputTokens: { nanos: 625000000 },
        costPerMillionOutputTokens: { units: "2", nanos: 501000000 },
        pricingModel: "spot",
      },
    ]);
  });
});

describe("damaged profiles and tables", () => {
  it("are read or refused, never a crash and never silence", () => {
    const names = ["benchmarks-17.csv", "response.json", "snake-case.json", "v1alpha1.json", "profiles-list.txt"];
    const junk = fc.constantFrom("null", "[]", "{}", '"x"', "-1", "1e999", '{"__proto__":1}', "true", "");
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.nat(60), junk, (name, where, cut, text) => {
        const whole = textOf(name);
        const start = where % whole.length;
        const damaged = whole.slice(0, start) + text + whole.slice(start + cut);
        const { runs, problems } = read([textFile("giq", damaged)]);
        expect(runs.length + problems.length).toBeGreaterThan(0);
        if (runs.length > 0) expect(writeGiqCsv(runs) + writeGiqJson(runs)).not.toBe("");
      }),
      { numRuns: 200 },
    );
  });
});

// Printed by the command of that name in the documentation of GKE Inference Quickstart (last row) and in the notebook
// ai-ml/notebooks/giq_visualizations.ipynb of GoogleCloudPlatform/kubernetes-engine-samples.
describe("rows Google published", () => {
  it("are read from the columns they were printed in", () => {
    const [header = ""] = textOf("profiles-list.csv").split("\n");
    const text = [
      header,
      "a2-highgpu-2g,nvidia-tesla-a100,N/A,N/A,1243,70,,vllm,v0.7.2,google/gemma-2-27b-it",
      "a3-highgpu-1g,nvidia-h100-80gb,0.055,0.222,2050,67,,vllm,v0.7.2,google/gemma-2-27b-it",
      "g2-standard-48,nvidia-l4,0.102,0.409,425,1085,,vllm,v0.7.2,google/gemma-2-27b-it",
      "a3-highgpu-1g,nvidia-h100-80gb,0.009,0.035,13335,67,297,vllm,gptoss,openai/gpt-oss-20b",
      "",
    ].join("\n");
    const { runs, problems } = read([textFile("published.csv", text)]);
    expect(problems).toEqual([]);
    expect(runs.flatMap((run) => run.points.map((point) => point.outputTokensPerSecond))).toEqual([
      1243, 2050, 425, 13335,
    ]);
    expect(writeGiqCsv(runs)).toBe(text);
  });
});
