import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ADAPTERS } from "../../../../lib/ingest/formats/detect-format";
import { parseFile } from "../../../../lib/ingest/parse/parse-file";
import { fixture, read, textFile } from "../support";

const SEED = 20_260_402;

/** Fixtures of one file each, with the format that reads them. */
const FIXTURES: Record<string, string> = {
  "sglang-bench-serving/sglang_1214_300_1024_1024.jsonl": "sglang-bench-serving",
  "sglang-bench-serving/v0.5-server-info.jsonl": "sglang-bench-serving",
  "sglang-bench-serving/disaggregated.jsonl": "sglang-bench-serving",
  "sglang-bench-serving/output-details.jsonl": "sglang-bench-serving",
  "sglang-bench-serving/refactored.jsonl": "sglang-bench-serving",
  "sglang-one-batch/server.jsonl": "sglang-one-batch",
  "sglang-one-batch/offline.jsonl": "sglang-one-batch",
  "sglang-one-batch/pydantic.json": "sglang-one-batch",
  "vllm-bench-throughput/throughput_in1000_out200.json": "vllm-bench-throughput",
  "vllm-bench-latency/latency.json": "vllm-bench-latency",
  "vllm-bench-serve/2024-fork.json": "vllm-bench-serve",
  "vllm-bench-serve/pooling.json": "vllm-bench-serve",
  "vllm-bench-serve/trtllm-serve-detailed.json": "vllm-bench-serve",
  "vllm-bench-serve/trtllm-serve-no-streaming.json": "vllm-bench-serve",
  "vllm-bench-serve/sweep-table": "vllm-bench-serve",
  "trtllm-bench/streaming.json": "trtllm-bench",
  "llm-optimizer/results.jsonl": "llm-optimizer",
  "llm-optimizer/results.json": "llm-optimizer",
  "inference-perf/per-request/nested": "inference-perf",
  "inference-perf/per-request/flat": "inference-perf",
  "inference-perf/per-request/computed": "inference-perf",
};

describe("reports of the serving clients", () => {
  it("are each recognised by one format alone", () => {
    for (const [name, format] of Object.entries(FIXTURES)) {
      const [file] = fixture(name);
      const parsed = file === undefined ? null : parseFile(file);
      const claims =
        parsed?.kind === "parsed"
          ? ADAPTERS.filter((adapter) => adapter.sniff(parsed.file)).map((one) => one.format)
          : [];
      expect(claims, name).toEqual([format]);
    }
  });

  it("with any value in any place are read or refused, never a crash and never silence", () => {
    const odd = fc.oneof(
      fc.constantFrom(null, -1, 0, 1e308, "", "inf", "NaN", [], {}, true, "x".repeat(300)),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const names = Object.keys(FIXTURES).filter((name) => name.endsWith(".json") || name.includes("per-request"));
    const sources = new Map(names.map((name) => [name, new TextDecoder().decode(fixture(name)[0]?.bytes)]));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.boolean(), odd, (name, where, remove, value) => {
        const parsed: unknown = JSON.parse(sources.get(name) ?? "");
        const places: { node: object; key: string }[] = [];
        const walk = (node: unknown) => {
          if (typeof node !== "object" || node === null) return;
          for (const key of Object.keys(node)) {
            places.push({ node, key });
            walk((node as Record<string, unknown>)[key]);
          }
        };
        walk(parsed);
        const place = places[where % places.length];
        if (place === undefined) return;
        if (remove) Reflect.deleteProperty(place.node, place.key);
        else Object.assign(place.node, { [place.key]: value });
        const { runs, problems } = read([textFile("report.json", JSON.stringify(parsed))], {});
        expect(runs.length + problems.length).toBeGreaterThan(0);
        // A setting may be any number.
        const measured = runs.map(({ configuration: { settings: _, ...facts }, ...run }) => ({ facts, ...run }));
        expect(JSON.stringify(measured)).not.toMatch(/:-\d|Infinity|NaN/);
        const refused = new Set(problems.map((item) => item.file));
        for (const run of runs) for (const point of run.points) expect(refused.has(point.file)).toBe(false);
      }),
      { numRuns: 400, seed: SEED },
    );
  });
});
