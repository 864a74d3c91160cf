import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GivenFacts } from "../../../../lib/ingest/report";
import { effectiveWorkloadId } from "../../../../lib/measurement/identity";
import { fixture, onlyRun, read, textFile } from "../support";

const onTwo: GivenFacts = { accelerator: "h100-sxm-80gb", acceleratorCount: 2 };

function text(name: string): string {
  return new TextDecoder().decode(fixture(`serving-console/${name}`)[0]?.bytes);
}

describe("what vllm bench serve prints", () => {
  it("is a sweep with its model, data set, nominal lengths and loads, as its arguments say", () => {
    const run = onlyRun(read(fixture("serving-console/vllm-sweep.log"), onTwo));
    expect(run.configuration).toMatchObject({ model: "example-org/Example-8B-Instruct", server: null });
    expect(effectiveWorkloadId(run.workload)).toBe("random-1024-128");
    expect(run.points).toMatchObject([
      {
        loadKind: "concurrency",
        loadValue: 8,
        requestsCompleted: 80,
        requestsFailed: 0,
        durationS: 20.5,
        outputTokensMean: 127.375,
        outputTokensPerSecond: 497.07,
        totalTokensPerSecond: 4493.17,
        ttftMs: { mean: 95.5, p50: 85.95, p90: null, p95: null, p99: 191 },
        tpotMs: { mean: 11.2, p50: 11.2, p90: null, p95: null, p99: 13.44 },
        location: "line 9",
      },
      { loadKind: "concurrency", loadValue: 32, requestsCompleted: 320 },
    ]);
  });

  it("is known by the command where its arguments are not printed", () => {
    const run = onlyRun(read(fixture("serving-console/command.out"), onTwo));
    expect(effectiveWorkloadId(run.workload)).toBe("sonnet-550-150");
    expect(run.points[0]).toMatchObject({ loadKind: "request_rate", loadValue: 2, requestsFailed: 0 });
  });

  it("without anything before it has no load, and asks for the model", () => {
    const { problems } = read(fixture("serving-console/tail.txt"), onTwo);
    expect(problems.map(({ fact }) => fact)).toEqual(["model"]);
    const run = onlyRun(read(fixture("serving-console/tail.txt"), { ...onTwo, model: "a/b" }));
    expect(run.points[0]).toMatchObject({ loadKind: null, loadValue: null });
    expect(run.points[0]?.qualityFlags).toContain("load_unknown");
    const given = onlyRun(read(fixture("serving-console/tail.txt"), { ...onTwo, model: "a/b", concurrency: 64 }));
    expect(given.points[0]).toMatchObject({ loadKind: "concurrency", loadValue: 64 });
  });

  it("completes the result saved beside it, and is not read twice", () => {
    const result = read(fixture("serving-console/beside"), onTwo);
    const run = onlyRun(result);
    expect(run.format).toBe("vllm-bench-serve");
    expect(effectiveWorkloadId(run.workload)).toBe("random-1024-128");
    expect(run.points).toMatchObject([{ loadKind: "concurrency", loadValue: 8, durationS: 20.503 }]);
    expect(run.files).toEqual(["result.json", "bench.log"]);
    expect(result.skipped).toEqual([
      { file: "bench.log", reason: "console output: results read beside it hold its figures" },
    ]);
  });

  it("is read once where two logs hold it", () => {
    const log = text("vllm-sweep.log");
    const result = read([textFile("a.log", log), textFile("b.log", log)], onTwo);
    expect(result.runs.flatMap(({ points }) => points)).toHaveLength(2);
    expect(result.skipped.map(({ file }) => file)).toEqual(["b.log"]);
  });

  it("in a README beside results is left out, and read where it is named", () => {
    const log = text("vllm-sweep.log");
    const beside = read([textFile("README.md", log), textFile("a.csv", "x,y\n1,2\n")], onTwo);
    expect(beside.runs).toEqual([]);
    expect(read([{ ...textFile("README.md", log), named: true }], onTwo).runs).toHaveLength(1);
  });

  it("is never a command of somebody else's: what a shell still has to put in is left out", () => {
    const run = onlyRun(read(fixture("serving-console/command.out"), onTwo));
    expect(JSON.stringify(run)).not.toContain("$RESULT");
  });
});

describe("what sglang.bench_serving prints", () => {
  it("has the middle of its range of lengths, end-to-end latency and its own server", () => {
    const run = onlyRun(read(fixture("serving-console/sglang.txt"), onTwo));
    expect(run.tool).toBe("sglang.bench_serving");
    expect(run.configuration.server).toBe("sglang");
    expect(effectiveWorkloadId(run.workload)).toBe("random-750-375");
    expect(run.points[0]).toMatchObject({
      loadKind: "concurrency",
      loadValue: 16,
      e2eMs: { mean: 2100, p50: 2090.5 },
      inputTokensPerSecond: 3000,
    });
  });
});

describe("damaged console output", () => {
  const texts = ["vllm-sweep.log", "sglang.txt", "command.out", "tail.txt"].map(text);

  it("is read or refused, never a crash and never silence", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(),
        fc.nat(60),
        fc.constantFrom("", "'", "{", "nan", ":", "\r"),
        (whole, where, cut, junk) => {
          const start = where % whole.length;
          const file = textFile("bench.log", whole.slice(0, start) + junk + whole.slice(start + cut));
          const { runs, problems, skipped } = read([file], { ...onTwo, model: "a/b" });
          expect(runs.length + problems.length + skipped.length).toBeGreaterThan(0);
          expect(JSON.stringify(runs.map(({ points }) => points))).not.toMatch(/:-\d|Infinity|NaN/);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("of one endless line takes no longer than its length", () => {
    const endless = `Namespace(${"a='(',b=[".repeat(200_000)}\nvllm bench serve ${"--x \\\n".repeat(50_000)}\n${text("tail.txt")}`;
    expect(read([textFile("bench.log", endless)], { ...onTwo, model: "a/b" }).runs).toHaveLength(1);
  });
});
