import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseIngestParams } from "../../../lib/api/ingest-request";
import { readSideFile } from "../../../lib/ingest/facts/side-file";
import { parseFile } from "../../../lib/ingest/parse/parse-file";
import { type ChoiceParts, choice, PLAN, tpu } from "./choice";
import { at, fileIn, type Json, notesOf, objectNamed, objectOfKind, refusalOf, yamlOf } from "./read-bundle";

const PATH_ONLY = { shareUrl: "/configurations/c-1?rev=3" };
const AT_RATE: ChoiceParts = { operatingPoint: { loadKind: "request_rate", loadValue: 2 } };
const ROUTED: ChoiceParts = {
  configuration: { acceleratorCount: 8, nodes: null },
  parallelism: { label: "4x(tp2)", tensor: 2, pipeline: null, data: null, expert: null },
};

function bench(parts: ChoiceParts = {}) {
  return choice({ ...parts, options: { benchmarkJob: true, ...parts.options } });
}

function config(parts: ChoiceParts = {}): Json {
  return parse(fileIn(yamlOf(bench(parts)), "-bench", "config.yml")) as Json;
}

function job(parts: ChoiceParts = {}): Json | undefined {
  return at(objectNamed(yamlOf(bench(parts)), "Job", "-bench"), "spec");
}

function sideFileOf(text: string) {
  const parsed = parseFile({ path: "iq.yaml", bytes: new TextEncoder().encode(text) });
  if (parsed.kind !== "parsed") throw new Error("no side file");
  return readSideFile(parsed.file);
}

function reportUrl(parts: ChoiceParts = {}): URL {
  const env = at(job(parts), "template", "spec", "containers", 0, "env", 0);
  expect(at(env, "name")).toBe("REPORT_URL");
  return new URL(String(at(env, "value")).replaceAll("$$", "$"));
}

describe("the load of a benchmark", () => {
  test("is below, at and above a closed-loop operating point, with enough requests for a percentile", () => {
    expect(at(config(), "load", "type")).toBe("concurrent");
    expect(at(config(), "load", "stages")).toEqual([
      { num_requests: 320, concurrency_level: 32 },
      { num_requests: 640, concurrency_level: 64 },
      { num_requests: 800, concurrency_level: 80 },
    ]);
    expect(at(config({ operatingPoint: { loadValue: 1 } }), "load", "stages")).toEqual([
      { num_requests: 100, concurrency_level: 1 },
      { num_requests: 100, concurrency_level: 2 },
    ]);
  });

  test("comes at a rate where it was measured so", () => {
    const load = at(config(AT_RATE), "load");
    expect(at(load, "type")).toBe("poisson");
    // five times 28.944 s, and a hundred requests at least
    expect(at(load, "stages")).toEqual([
      { rate: 1, duration: 145 },
      { rate: 2, duration: 145 },
      { rate: 2.5, duration: 145 },
    ]);
    expect(Number(at(load, "worker_max_concurrency")) * Number(at(load, "num_workers"))).toBeGreaterThan(2.5 * 28.944);
  });

  test("has prompts for all stages together", () => {
    expect(at(config(), "data", "input_distribution", "total_count")).toBe(320 + 640 + 800);
  });

  test("goes to one pod where one server was measured, however many run", () => {
    const env = at(job({ choice: { capacity: PLAN } }), "template", "spec", "initContainers", 0, "env") as Json[];
    expect(env.find((item) => at(item, "name") === "PODS")).toMatchObject({ value: "1" });
    expect(at(config({ choice: { capacity: PLAN } }), "server", "base_url")).toMatch(/-bench:8000$/);
    const service = objectNamed(yamlOf(bench()), "Service", "-bench");
    expect(at(service, "spec", "clusterIP")).toBe("None");
  });

  test("goes to all pods, times the plan, where several were measured together, and the report says so", () => {
    const parts: ChoiceParts = { ...ROUTED, choice: { capacity: PLAN } };
    expect(at(config(parts), "load", "stages", 1)).toEqual({ num_requests: 2560, concurrency_level: 256 });
    expect(at(config(parts), "server", "base_url")).not.toMatch(/-bench:/);
    const facts = reportUrl(parts).searchParams;
    expect([facts.get("accelerator_count"), facts.get("parallelism")]).toEqual(["32", "16x(tp2)"]);
  });

  test("is refused where the operating point cannot be gone back to", () => {
    expect(refusalOf(bench({ operatingPoint: { loadKind: "max", loadValue: null } }))).toMatch(/cannot go back to it/);
  });
});

describe("the prompts of a benchmark", () => {
  const workload = (dataset: string | null, inputTokens: number | null = 231.4, outputTokens: number | null = 200) => ({
    choice: { workload: { workloadId: "w-1-1", dataset, inputTokens, outputTokens } },
  });

  test("are random tokens of the measured lengths, streamed, as completions of forced length", () => {
    expect(at(config(), "api")).toEqual({ type: "completion", streaming: true });
    expect(at(config(), "server", "ignore_eos")).toBe(true);
    expect(at(config(), "data", "type")).toBe("random");
    expect(at(config(), "data", "output_distribution")).toMatchObject({ type: "fixed", mean: 1024, std_dev: 0 });
    expect(at(config(), "server", "model_name")).toBe("Qwen/Qwen3-32B");
  });

  test("are ShareGPT's own where those were measured", () => {
    expect(at(config(workload("sharegpt")), "data")).toEqual({ type: "shareGPT" });
    expect(reportUrl(workload("sharegpt")).searchParams.get("workload")).toBe("w-1-1");
  });

  test("are random in place of a data set nobody has, which is said and not called the same workload", () => {
    expect(at(config(workload("mlperf-openorca")), "data", "input_distribution", "mean")).toBe(231);
    expect(notesOf(bench(workload("mlperf-openorca")))).toContain("counts as another workload");
    expect(reportUrl(workload("mlperf-openorca")).searchParams.get("workload")).toBeNull();
  });

  test("are refused where lengths are unknown or prompts are not text", () => {
    expect(refusalOf(bench(workload("random", null)))).toMatch(/lengths.*not known/);
    expect(refusalOf(bench(workload("image")))).toMatch(/single text prompts/);
  });

  test("are counted with the tokenizer of what was loaded", () => {
    const parts: ChoiceParts = { configuration: { checkpoint: "Qwen/Qwen3-32B-FP8", precision: "fp8" } };
    expect(at(config(parts), "tokenizer", "pretrained_model_name_or_path")).toBe("Qwen/Qwen3-32B-FP8");
  });
});

describe("the report of a benchmark", () => {
  test("goes back to the server the link leads to, with facts it accepts", () => {
    const url = reportUrl();
    expect(url.origin + url.pathname).toBe("https://quickstart.example/api/v1/reports");
    const asked = parseIngestParams(url.searchParams);
    expect(asked).toMatchObject({
      ok: true,
      value: {
        fileName: "results.tar.gz",
        given: {
          model: "Qwen/Qwen3-32B",
          accelerator: "h100-sxm-80gb",
          acceleratorCount: 2,
          server: "vllm",
          serverVersion: "0.23.0",
          parallelism: { label: "tp2", tensor: 2, pipeline: 1, data: 1, expert: 1 },
          workloadId: "random-1024-1024",
        },
      },
    });
    const prefixed = { shareUrl: "https://example.org/iq/configurations/c-1?rev=3" };
    expect(reportUrl({ choice: prefixed }).pathname).toBe("/iq/api/v1/reports");
  });

  test("counts as the version that runs, not the one that was measured", () => {
    const parts: ChoiceParts = { configuration: { serverVersion: "nightly-5b8c30d6" } };
    expect(reportUrl(parts).searchParams.get("server_version")).toBe("0.23.0");
    expect(notesOf(bench(parts))).toContain("another server version");
  });

  test("is sent with a token from a Secret, which stands nowhere else", () => {
    const yaml = yamlOf(bench());
    const env = at(job(), "template", "spec", "containers", 0, "env", 1);
    expect(at(env, "valueFrom", "secretKeyRef")).toEqual({
      name: "inference-quickstart",
      key: "token",
      optional: true,
    });
    expect(fileIn(yaml, "-bench", "report.sh")).toContain('"Authorization: Bearer $IQ_TOKEN"');
  });

  test("is printed for kubectl logs where nobody knows the server's address, with its facts beside it", () => {
    const parts: ChoiceParts = { choice: PATH_ONLY };
    const yaml = yamlOf(bench(parts));
    expect(yaml).not.toContain("REPORT_URL");
    expect(notesOf(bench(parts))).toMatch(/logs job\/\S+-bench -c report \| base64 -d/);
    const read = sideFileOf(fileIn(yaml, "-bench", "iq.yaml"));
    expect(read.problems).toEqual([]);
    expect(read.facts).toMatchObject({ model: "Qwen/Qwen3-32B", acceleratorCount: 2, serverVersion: "0.23.0" });
  });

  test("is kept on a volume; the Job is tried once and ends", () => {
    expect(job()).toMatchObject({ backoffLimit: 0, template: { spec: { restartPolicy: "Never" } } });
    // 1,800 + 1,200 s to start, three times 868 s
    expect(at(job(), "activeDeadlineSeconds")).toBe(3000 + Math.ceil(3 * 3 * 10 * 28.944));
    expect(at(job(), "template", "spec", "volumes", 1, "persistentVolumeClaim", "claimName")).toBe(
      at(objectOfKind(yamlOf(bench()), "PersistentVolumeClaim"), "metadata", "name"),
    );
  });

  test("warns of compilation on Cloud TPU, and of a gated tokenizer", () => {
    const v6e = bench({
      accelerator: tpu("tpu-v6e", "tpu-v6e-slice", 32),
      configuration: { acceleratorCount: 4 },
      parallelism: { label: "tp4", tensor: 4 },
      options: { platform: "gke" },
    });
    expect(notesOf(v6e)).toContain("first stage as warm-up");
    expect(yamlOf(bench({ model: { gated: true } }))).toContain("which is gated");
  });
});

describe("whatever a model is called", () => {
  test("no shell line, address or configuration of the benchmark is broken by it", () => {
    const scripts = fileIn(yamlOf(bench()), "-bench", "run.sh") + fileIn(yamlOf(bench()), "-bench", "report.sh");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
          fc.constantFrom("$(PORT)", "`id`", '"; rm -rf /', "\n  base_url: evil:80", "a&model=b", "#", "%00"),
        ),
        (name) => {
          const model = `org/${name}`;
          const yaml = yamlOf(bench({ configuration: { model } }));
          expect(fileIn(yaml, "-bench", "run.sh") + fileIn(yaml, "-bench", "report.sh")).toBe(scripts);
          const text = fileIn(yaml, "-bench", "config.yml");
          expect(at(parse(text) as Json, "server", "model_name")).toBe(model);
          expect(text.match(/^ {2}base_url: .*$/gm)).toHaveLength(1);
          expect(reportUrl({ configuration: { model } }).searchParams.get("model")).toBe(model);
        },
      ),
      { numRuns: 80 },
    );
  });
});
