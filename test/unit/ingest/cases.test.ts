import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { FACT_NAMES, factsFromKeys } from "../../../lib/ingest/facts/facts";
import { readReports } from "../../../lib/ingest/read-reports";
import type { GivenFacts, ReadResult, ReadRun } from "../../../lib/ingest/report";
import { effectiveWorkloadId } from "../../../lib/measurement/identity";
import { shippedCatalogue } from "../shipped-figures";
import { filesUnder, projectRoot, textFile } from "./support";

/** Reports as strangers had them, each folder with what it was and what should come of it. */

const CASES = path.join(projectRoot, "test/fixtures/cases/ingest");

/** Facts as they stand on the command line of a case. */
function factsOfFlags(flags: string): GivenFacts {
  const words = flags.split(" ").filter((word) => word !== "");
  const values = new Map<string, string | number>();
  for (const [index, word] of words.entries()) {
    const name = FACT_NAMES.find(({ flag }) => flag === word);
    const value = words[index + 1] ?? "";
    if (name !== undefined) values.set(name.key, name.kind === "count" ? Number(value) : value);
  }
  return factsFromKeys(values);
}

function expected(name: string): Record<string, unknown> & { flags: string } {
  return { flags: "", ...JSON.parse(readFileSync(path.join(CASES, name, "expected.json"), "utf8")) };
}

/** A case through the reader, with the shipped catalogue and the flags it was tried with. */
function readCase(name: string, only?: RegExp): ReadResult {
  const files = filesUnder(path.join(CASES, name)).filter(
    (file) => !/(?:^|\/)(?:README\.md|expected\.json)$/.test(file.path) && (only?.test(file.path) ?? true),
  );
  return readReports(files, factsOfFlags(expected(name).flags), shippedCatalogue());
}

const onH100: GivenFacts = { accelerator: "h100-sxm-80gb", acceleratorCount: 1 };

/** A result of `vllm bench serve`, as small as one can be. */
const vllmResult = {
  date: "20260801-101500",
  model_id: "example-org/Example-8B",
  num_prompts: 200,
  request_rate: "inf",
  max_concurrency: 16,
  duration: 40,
  completed: 200,
  total_input_tokens: 204800,
  total_output_tokens: 25600,
  request_throughput: 5,
  output_throughput: 640,
  mean_ttft_ms: 180,
  mean_tpot_ms: 23.8,
  random_input_len: 1024,
  random_output_len: 128,
};

function readText(name: string, value: unknown, given: GivenFacts = onH100): ReadResult {
  return readReports([textFile(name, JSON.stringify(value))], given, shippedCatalogue());
}

function onlyRun({ runs, problems }: ReadResult): ReadRun {
  expect(problems).toEqual([]);
  expect(runs).toHaveLength(1);
  return runs[0] as ReadRun;
}

const workloadOf = (run: ReadRun) => effectiveWorkloadId(run.workload);

describe("reports of strangers", () => {
  it("of genai-bench in milliseconds are milliseconds", () => {
    const [point] = onlyRun(readCase("genai-bench-milliseconds")).points;
    const want = expected("genai-bench-milliseconds");
    expect([point?.ttftMs?.mean, point?.tpotMs?.mean, point?.e2eMs?.mean]).toEqual([
      want["ttftMs.mean"],
      want["tpotMs.mean"],
      want["e2eMs.mean"],
    ]);
  });

  it("do not name the server by the protocol of their client", () => {
    const run = onlyRun(readCase("client-backend-taken-for-server"));
    expect(run.configuration.server).toBeNull();
    expect(run.qualityFlags).toContain("server_software_unknown");
  });

  it.each(["inference-perf-config-in-parent", "inference-perf-config-flow-yaml"])(
    "%s is read with its configuration",
    (name) => {
      const { runs, problems } = readCase(name);
      expect(problems).toEqual([]);
      expect(runs).toHaveLength(Number(expected(name).runs));
      for (const run of runs) {
        expect(run.configuration).toMatchObject({ model: "example/Model-8B", server: "vllm" });
        expect(workloadOf(run)).toBe("shared-prefix-192-64");
      }
    },
  );

  it("of InferenceX's first agentic form keep latency, duration and rate", () => {
    const [point] = onlyRun(readCase("inferencex-agentic-flat-ttlt")).points;
    expect(point).toMatchObject({ e2eMs: { mean: 37000, p50: 33000, p90: 50000, p99: 123000 }, durationS: 1355 });
    expect(point?.requestRateAchieved).toBeCloseTo(0.0686, 4);
  });

  it("of LLMPerf in two folders are one point", () => {
    const run = onlyRun(readCase("llmperf-summary-and-individual-folders"));
    expect(run.points).toHaveLength(1);
    expect(run.points[0]).toMatchObject({ loadKind: "concurrency", loadValue: 2 });
  });

  it("beside the log of a server are read, and the log is left out", () => {
    const result = readCase("log-that-begins-with-a-bracket");
    onlyRun(result);
    expect(result.skipped).toContainEqual({ file: "server.log", reason: "it is in no format we read" });
  });

  it("in MLPerf's own tree are read with the description of their system", () => {
    const { configuration } = onlyRun(readCase("mlperf-standard-tree"));
    expect(configuration).toMatchObject({ accelerator: "h200-sxm-141gb", acceleratorCount: 8, server: "vllm" });
  });

  it("of a published table are taken without the rows whose accelerator nobody knows", () => {
    const result = readCase("mlperf-summary-all-or-nothing");
    onlyRun(result);
    expect(result.skipped.map(({ reason }) => reason).join()).toMatch(/1 row .*Example NPU 7.*not in the catalogue/);
  });

  it("name accelerators as their makers do", () => {
    expect(onlyRun(readCase("mlperf-summary-amd-name")).configuration.accelerator).toBe("mi300x-192gb");
  });

  it("bound by the limit in flight have it as their load, whatever rate was asked for", () => {
    const { loads } = expected("rate-with-binding-cap") as unknown as { loads: Record<string, [string, number]> };
    for (const [name, [loadKind, loadValue]] of Object.entries(loads)) {
      const [point] = onlyRun(readCase("rate-with-binding-cap", new RegExp(`(?:^|/)${name}\\.json$`))).points;
      expect(point, name).toMatchObject({ loadKind, loadValue });
      expect(point?.qualityFlags.join(), name).toMatch(/request_rate_\d+/);
    }
  });

  it("with an ISO date keep it", () => {
    expect(onlyRun(readCase("vllm-date-iso")).measuredOn).toBe(expected("vllm-date-iso").measuredOn);
  });

  it("with lengths in columns of their own are one run of that workload", () => {
    const result = readCase("vllm-table-isl-osl");
    const run = onlyRun(result);
    expect(run.workload).toMatchObject({ inputTokens: 128, outputTokens: 2048 });
    expect(result.notes?.join()).toMatch(/"prefill", "decode"/);
  });

  it("as Excel's plain CSV are answered with the remedy", () => {
    const { problems } = readCase("excel-ansi-csv");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/save it as UTF-8 \(Excel: 'CSV UTF-8'\)/);
  });
});

describe("the model of a report", () => {
  it("that is a path of one machine is asked for, with what is near it in the catalogue", () => {
    const { runs, problems } = readCase("model-is-a-path-or-alias", /path\.json$/);
    expect(runs).toEqual([]);
    expect(problems[0]?.fact).toBe("model");
    expect(problems[0]?.message).toMatch(/a path of one machine.*deepseek-ai\/DeepSeek-R1/);
  });

  it("that is an alias is kept where its tokenizer has an id, which a note offers", () => {
    const result = readCase("model-is-a-path-or-alias", /alias\.json$/);
    expect(onlyRun(result).configuration.model).toBe("my-8b");
    expect(result.notes?.join()).toMatch(/"my-8b".*--model example\/Model-8B-Instruct-FP8/);
  });

  it("that is an alias and nothing else is asked for", () => {
    const result = readText("alias.json", { ...vllmResult, model_id: "qwen3" });
    expect(result.runs).toEqual([]);
    expect(result.problems[0]).toMatchObject({ fact: "model", value: "qwen3" });
  });

  it.each([
    ["models--meta-llama--Llama-3.1-8B-Instruct", "meta-llama/Llama-3.1-8B-Instruct"],
    ["/cache/huggingface/hub/models--Qwen--Qwen3-8B/snapshots/0a1b2c", "Qwen/Qwen3-8B"],
    ["https://huggingface.co/Qwen/Qwen3-8B", "Qwen/Qwen3-8B"],
  ])("%s is %s", (model_id, model) => {
    expect(onlyRun(readText("hub.json", { ...vllmResult, model_id })).configuration.model).toBe(model);
  });

  it("is kept as the person says it", () => {
    const result = readText("own.json", { ...vllmResult, model_id: "/data/w" }, { ...onH100, model: "my-finetune" });
    expect(onlyRun(result).configuration.model).toBe("my-finetune");
  });

  it("that is a quantised checkpoint of a known model is that model with these weights", () => {
    const run = onlyRun(readText("fp4.json", { ...vllmResult, model_id: "nvidia/Kimi-K2.5-NVFP4" }));
    expect(run.configuration).toMatchObject({
      model: "moonshotai/Kimi-K2.5",
      checkpoint: "nvidia/Kimi-K2.5-NVFP4",
      precision: "fp4",
    });
    expect(run.qualityFlags).toContain("precision_inferred_from_checkpoint");
  });
});

describe("an accelerator called by its family alone", () => {
  it("is taken for the form nearly everyone means, with a word and a caveat", () => {
    const result = readText("h100.json", vllmResult, { accelerator: "H100", acceleratorCount: 1 });
    const run = onlyRun(result);
    expect(run.configuration.accelerator).toBe("h100-sxm-80gb");
    expect(run.qualityFlags).toContain("accelerator_form_assumed");
    expect(result.notes?.join()).toMatch(/"H100" was taken for h100-sxm-80gb; .*h100-pcie-80gb/);
  });

  it.each(["h100-sxm-80gb", "NVIDIA H100 80GB HBM3", "H100 PCIe", "nvidia-h100-80gb", "L4", "MI300X"])(
    "says nothing of %s, which is one",
    (accelerator) => {
      const result = readText("one.json", vllmResult, { accelerator, acceleratorCount: 1 });
      expect(onlyRun(result).qualityFlags).not.toContain("accelerator_form_assumed");
      expect(result.notes).toEqual([]);
    },
  );
});

describe("a sweep whose lengths nobody states", () => {
  it.each([
    ["sweep.jsonl", [4, 8]],
    ["random-c", [4, 64]],
  ])("is one run of one workload: %s", (name, loads) => {
    const run = onlyRun(readCase("one-workload-split-by-rounding", new RegExp(name)));
    expect(run.points.map(({ loadValue }) => loadValue).sort((a, b) => Number(a) - Number(b))).toEqual(loads);
  });

  it("is one workload over folders and accelerator counts, and each point keeps its own means", () => {
    const result = (concurrency: number, output: number) => ({
      ...vllmResult,
      random_input_len: undefined,
      random_output_len: undefined,
      max_concurrency: concurrency,
      total_input_tokens: 200 * 200,
      total_output_tokens: output * 200,
    });
    const files = [62, 63, 62.4, 62.6].map((output, index) =>
      textFile(`c${index}/result.json`, JSON.stringify(result(2 ** index, output))),
    );
    const { runs } = readReports(files, onH100, shippedCatalogue());
    expect(new Set(runs.map(workloadOf)).size).toBe(1);
    expect(runs.flatMap(({ points }) => points.map((point) => point.outputTokensMean))).toEqual([62, 63, 62.4, 62.6]);
  });

  it("is apart from another of other lengths", () => {
    const files = [128, 1024].map((tokens) =>
      textFile(
        `in${tokens}.json`,
        JSON.stringify({ ...vllmResult, random_input_len: undefined, total_input_tokens: tokens * 200 + 31 }),
      ),
    );
    expect(readReports(files, onH100, shippedCatalogue()).runs).toHaveLength(2);
  });

  it("of stated lengths without a data set joins the made-up prompts of these lengths, which its points say", () => {
    const result = readText(
      "own.json",
      { ...vllmResult, random_input_len: undefined, random_output_len: undefined },
      {
        ...onH100,
        inputTokens: 1024,
        outputTokens: 128,
      },
    );
    const run = onlyRun(result);
    expect(workloadOf(run)).toBe("random-1024-128");
    expect(run.points[0]?.qualityFlags).toContain("dataset_assumed_synthetic");
  });
});

describe("an AIPerf export from 0.10 on", () => {
  it("names its data set and offers its tokenizer's id", () => {
    const result = readCase("aiperf-010-datasets");
    const run = onlyRun(result);
    expect(run.workload.dataset).toBe("sharegpt");
    expect(run.configuration.model).toBe("my-35b");
    expect(result.notes?.join()).toContain("--model example/Model-35B-NVFP4");
  });
});
