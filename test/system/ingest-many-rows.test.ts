import { describe, expect, it } from "vitest";
import { ADAPTERS } from "../../lib/ingest/formats/detect-format";
import { fileStream } from "../../lib/ingest/parse/file-stream";
import { MAX_RESULTS_PER_FILE } from "../../lib/limits";
import { fixture, read, textFile } from "../unit/ingest/support";

/** More than a call takes arguments. */
const ROWS = 130_000;

function table(header: string, row: (index: number) => string, rows = ROWS): string {
  return [header, ...Array.from({ length: rows }, (_, index) => row(index)), ""].join("\n");
}

const HEADER = "source_name,model,accelerator,accelerator_count,series,load_kind,load_value,ttft_ms_p50";

describe("a file of very many rows", () => {
  it("with a mistake in each is refused, the first of them named", () => {
    const text = table(HEADER, () => "me,org/m,h100-sxm-80gb,1,s,concurrency,1,-5");
    const { runs, problems } = read([textFile("a.csv", text)]);
    expect(runs).toEqual([]);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.message).toContain(`${ROWS - 50} more problems`);
  });

  it("is one run where they are one series", () => {
    const text = table(HEADER, (index) => `me,org/m,h100-sxm-80gb,1,s,concurrency,${index + 1},${index + 1}`);
    const { runs, problems } = read([textFile("a.csv", text)]);
    expect(problems).toEqual([]);
    expect(runs.map((run) => run.points.length)).toEqual([ROWS]);
  });

  it("is as many runs as one load was measured, in time", () => {
    const [file] = fixture("vllm-bench-serve/current.json");
    const report = JSON.parse(new TextDecoder().decode(file?.bytes)) as object;
    const lines = Array.from({ length: 10_000 }, (_, index) => JSON.stringify({ ...report, duration: 10 + index }));
    const { runs, problems } = read([textFile("a.jsonl", lines.join("\n"))]);
    expect(problems).toEqual([]);
    expect(runs).toHaveLength(lines.length);
    expect(runs.filter((run) => run.qualityFlags.includes("replicate"))).toHaveLength(lines.length - 1);
  });

  it("is refused where it has more rows than memory may have to hold", () => {
    const text = table(HEADER, () => "me,org/m,h100-sxm-80gb,1,s,concurrency,1,5", MAX_RESULTS_PER_FILE + 1);
    const { runs, problems } = read([textFile("a.csv", text)]);
    expect(runs).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(/more results than one file may/)]);
  });

  it("read in pieces, holds to the same limit", () => {
    const stream = fileStream({ path: "zeros.json", named: true }, ADAPTERS);
    const zeros = new TextEncoder().encode("0,".repeat(10_000));
    stream.push(new TextEncoder().encode("["));
    let pieces = 0;
    while (stream.push(zeros)) pieces++;
    expect(pieces).toBe(MAX_RESULTS_PER_FILE / 10_000);
    expect(stream.end("")).toMatchObject({ kind: "broken", problem: { file: "zeros.json" } });
  });
});
