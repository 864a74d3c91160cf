import { describe, expect, it } from "vitest";
import { complete, fixture, onlyRun, read, textFile } from "../support";
import { expectSound } from "../support-formats";

const { model: _, ...hardware } = complete;
const current = fixture("inference-benchmarker/current.json");

describe("a report of inference-benchmarker", () => {
  const run = onlyRun(read(current, hardware));

  it("has a load point for each result but the warm-up", () => {
    expect(run.points.map((point) => [point.loadKind, point.loadValue])).toEqual([
      ["concurrency", 128],
      ["request_rate", 1.5],
    ]);
  });

  it("is in milliseconds; its inter-token latency pools all gaps and is no TPOT", () => {
    const [point] = run.points;
    expect(point?.ttftMs).toEqual({ mean: 84, p50: 80, p90: 112, p95: 120, p99: 160 });
    expect(point?.itlMs?.p99).toBe(24);
    expect(point?.e2eMs?.p50).toBe(2500);
    expect(point?.tpotMs).toBeNull();
  });

  it("has output tokens/s under the name of all tokens", () => {
    const [point] = run.points;
    expect(point).toMatchObject({ outputTokensPerSecond: 2000, outputTokensMean: 200, requestRateAchieved: 10 });
    expect(point).toMatchObject({ inputTokensPerSecond: 3000, totalTokensPerSecond: 5000, inputTokensMean: 300 });
  });

  it("says nothing of the input where requests failed: their prompts cannot be told apart", () => {
    expect(run.points[1]).toMatchObject({ requestsFailed: 2, inputTokensMean: null, inputTokensPerSecond: null });
  });

  it("says model, lengths, date and what the person noted of the server", () => {
    expect(run.configuration).toMatchObject({
      model: "example-org/Example-8B-Instruct",
      server: "tgi",
      serverVersion: "3.0.1",
      parallelism: { tensor: 2 },
    });
    expect(run.workload).toMatchObject({ inputTokens: 300, outputTokens: 200 });
    expect(run.measuredOn).toMatch(/^2025-02-03T10:11:12/);
  });

  it("of an early version lacks end-to-end latency and prompts, and is read", () => {
    const [point] = onlyRun(read(fixture("inference-benchmarker/early.json"))).points;
    expect(point).toMatchObject({ e2eMs: null, inputTokensMean: null, outputTokensMean: 200 });
  });

  it("with raw responses beside it is read from the report", () => {
    const result = read(fixture("inference-benchmarker").filter(({ path }) => path.startsWith("current")));
    expect(onlyRun(result).points).toHaveLength(2);
    expect(result.skipped.map(({ file }) => file)).toEqual(["current_raw.json"]);
  });

  it("with nothing but the warm-up, or nothing completed, is refused", () => {
    const text = new TextDecoder().decode(current[0]?.bytes);
    const warmUp = text.replaceAll(/"id": "[^"]+"/g, '"id": "warmup"');
    expect(read([textFile("r.json", warmUp)]).problems[0]?.message).toContain("expected results beside the warm-up");
    const failed = text.replaceAll(/"successful_requests": \d+/g, '"successful_requests": 0');
    expect(read([textFile("r.json", failed)]).problems[0]?.message).toContain("at least one completed request");
  });
});

describe("damaged reports of inference-benchmarker", () => {
  it("are read or refused", () => {
    expectSound(current);
  });
});
