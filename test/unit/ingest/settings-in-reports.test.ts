import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { GivenFacts } from "../../../lib/ingest/report";
import { onlyRun, projectRoot, publicReports, read, textFile } from "./support";

const FACTS: GivenFacts = { accelerator: "l40s", acceleratorCount: 8 };

function settingsOf(folder: string, name: string, given: GivenFacts = FACTS) {
  const text = readFileSync(path.join(folder, name), "utf8");
  return onlyRun(read([textFile(path.basename(name), text)], given)).configuration.settings;
}

describe("settings that reports carry", () => {
  it("of SGLang's server info are what differs from its defaults", () => {
    expect(settingsOf(publicReports, "sglang-bench-serving/2025-12-v0.5.5-agg_local.jsonl").serverArguments).toEqual({
      "attention-backend": "fa3",
      "chunked-prefill-size": 8192,
      "cuda-graph-max-bs": 256,
      "mem-fraction-static": 0.9,
    });
  });

  it("of a disaggregated SGLang are those of each part", () => {
    const name = "sglang-bench-serving/2025-12-v0.5.5-pd_1p1d_n100_in512_out128_c64.jsonl";
    expect(settingsOf(publicReports, name).serverArguments).toMatchObject({
      prefill: { "disaggregation-mode": "prefill", "disable-cuda-graph": true, "tp-size": 1 },
      decode: { "disaggregation-mode": "decode", "disable-radix-cache": true, "tp-size": 1 },
    });
  });

  it("of llm-d's stack are arguments and environment of the engines", () => {
    expect(
      settingsOf(publicReports, "llm-d-benchmark-report/br_v0_2_1_example.yaml", { ...FACTS, model: "org/m" }),
    ).toEqual({
      serverArguments: {
        "block-size": 1024,
        "kv-transfer-config": { kv_connector: "NixlConnector", kv_role: "kv_both" },
      },
      environment: { UCX_SOCKADDR_TLS_PRIORITY: "tcp", UCX_TLS: "rc,sm,cuda_ipc,cuda_copy,tcp" },
      engineOptions: null,
      image: null,
    });
  });

  it("of llm-optimizer and trtllm-bench stand under their servers' names", () => {
    const fixtures = path.join(projectRoot, "test/fixtures/reports");
    expect(settingsOf(fixtures, "trtllm-bench/streaming.json").serverArguments).toMatchObject({
      ...{ kv_cache_dtype: "FP8", max_batch_size: 256, max_num_tokens: 8192 },
    });
    const text = readFileSync(path.join(fixtures, "llm-optimizer/results.json"), "utf8");
    const { runs } = read([textFile("results.json", text)], { ...FACTS, model: "org/m" });
    expect(runs[0]?.configuration.settings.serverArguments).toEqual({ "kv-cache-dtype": "auto", "max-num-seqs": 64 });
  });
});

describe("a limit that may follow the load", () => {
  const report = (concurrency: number, limit: number) =>
    JSON.stringify({
      config: {
        server_args: { max_num_seqs: limit, tensor_parallel_size: 2 },
        client_args: { max_concurrency: concurrency },
      },
      metadata: { framework: "vllm", model: "org/m" },
      results: {
        ...{ backend: "vllm", max_concurrency: concurrency, duration: 10, completed: 20, total_input_tokens: 2000 },
        ...{ total_output_tokens: 2000, request_throughput: 2, output_throughput: 200, mean_ttft_ms: 50 },
        ...{ mean_tpot_ms: 10, random_input_len: 100, random_output_len: 100 },
      },
    });
  const curves = (...loads: [number, number][]) =>
    read(
      loads.map(([load, limit]) => textFile(`c${load}.json`, report(load, limit))),
      FACTS,
    ).runs.map(({ configuration, points }) => [
      configuration.settings.serverArguments?.["max-num-seqs"],
      points.map(({ loadValue }) => loadValue),
    ]);

  it("and does, at every load, leaves the sweep one configuration", () => {
    expect(curves([4, 4], [16, 16], [64, 64])).toEqual([["{concurrency}", [4, 16, 64]]]);
  });

  it("and equals one load only stays a number", () => {
    expect(curves([4, 64], [16, 64], [64, 64])).toEqual([[64, [4, 16, 64]]]);
    expect(curves([64, 64])).toEqual([[64, [64]]]);
  });

  it("and is another one parts them", () => {
    expect(curves([4, 8], [16, 32])).toEqual([
      [8, [4]],
      [32, [16]],
    ]);
  });
});
