import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeResults, suggestMapping } from "../../../../lib/ingest/columns/suggest-mapping";
import { figuresCsvColumns } from "../../../../lib/ingest/figures/figures-columns";

/** `column → field [unit]` of every column that is read. */
function suggested(header: string, ...rows: string[]): Record<string, string> {
  const separator = header.includes(";") ? ";" : ",";
  const { columns } = suggestMapping(
    header.split(separator),
    rows.map((row) => row.split(separator)),
  );
  return Object.fromEntries(
    columns
      .filter(({ field }) => field !== "ignore")
      .map(({ column, field, unit }) => [column, unit === null ? field : `${field} [${unit}]`]),
  );
}

describe("a suggested mapping", () => {
  it("understands a load test somebody kept in a spreadsheet", () => {
    const header = "Concurrent users;TTFT p95 (s);Tok/s/GPU;GPU;# GPUs;Comment;Model";
    const row = "1;0,41;120,5;H100;2;first;org/m";
    expect(suggested(header, row)).toEqual({
      "Concurrent users": "load_value [requests]",
      "TTFT p95 (s)": "ttft_ms_p95 [s]",
      "Tok/s/GPU": "output_tokens_per_second [tokens/s per accelerator]",
      GPU: "accelerator",
      "# GPUs": "accelerator_count",
      Model: "model",
    });
    const whole = suggestMapping(header.split(";"), [row.split(";")]);
    expect(whole).toMatchObject({ loadKind: "concurrency", decimal: "comma" });
    expect(whole.columns.find(({ column }) => column === "Comment")).toMatchObject({ field: "ignore", sure: true });
  });

  it("understands LMDeploy's names of the first token and of a mean", () => {
    expect(suggested("batch,FTL(ave)(s),FTL(min)(s)", "8,0.21,0.1")["FTL(ave)(s)"]).toBe("ttft_ms_mean [s]");
  });

  it("understands the names of a serving benchmark in a data frame", () => {
    expect(
      suggested(
        "request_rate,max_concurrency,request_throughput,output_throughput,total_token_throughput,mean_ttft_ms,median_ttft_ms,std_ttft_ms,p99_ttft_ms,mean_e2el_ms,p99_itl_ms,duration,completed,failed,date",
        "inf,8,1.1,500,1000,100,90,10,300,5000,30,60.2,100,0,2026-01-02",
      ),
    ).toEqual({
      max_concurrency: "load_value [requests]",
      request_throughput: "request_rate_achieved [requests/s]",
      output_throughput: "output_tokens_per_second [tokens/s]",
      total_token_throughput: "total_tokens_per_second [tokens/s]",
      mean_ttft_ms: "ttft_ms_mean [ms]",
      median_ttft_ms: "ttft_ms_p50 [ms]",
      p99_ttft_ms: "ttft_ms_p99 [ms]",
      mean_e2el_ms: "e2e_ms_mean [ms]",
      p99_itl_ms: "itl_ms_p99 [ms]",
      duration: "duration_s [s]",
      completed: "requests_completed [requests]",
      failed: "requests_failed [requests]",
      date: "measured_on",
    });
  });

  it("understands written out names, percentiles in words and units in brackets", () => {
    expect(
      suggested(
        "Time to First Token (99th percentile) [ms],Inter-token Latency (avg),End-to-end latency (95%),Virtual Users,Total throughput (k tok/s),Duration (min)",
        "300,0.02,12.3,10,1.2,5",
      ),
    ).toEqual({
      "Time to First Token (99th percentile) [ms]": "ttft_ms_p99 [ms]",
      "Inter-token Latency (avg)": "itl_ms_mean [s]",
      "End-to-end latency (95%)": "e2e_ms_p95 [s]",
      "Virtual Users": "load_value [requests]",
      "Total throughput (k tok/s)": "total_tokens_per_second [ktokens/s]",
      "Duration (min)": "duration_s [min]",
    });
  });

  it("tells seconds from milliseconds by the values where the name does not say, and marks it as a guess", () => {
    const unitOf = (name: string, value: string) => suggestMapping([name, "users"], [[value, "1"]]).columns[0];
    expect(unitOf("TTFT p95", "0.41")).toMatchObject({ unit: "s", sure: false });
    expect(unitOf("TTFT p95", "410")).toMatchObject({ unit: "ms", sure: false });
    expect(unitOf("TPOT p50", "0.012")).toMatchObject({ unit: "s" });
    expect(unitOf("TPOT p50", "12")).toMatchObject({ unit: "ms" });
    expect(unitOf("TPOT p50", "12 ms")).toMatchObject({ unit: "ms", sure: true });
    expect(unitOf("TTFT p95 (ms)", "0.41")).toMatchObject({ unit: "ms", sure: true });
  });

  it("takes requests/s for the load only where nothing else is, and offered before achieved ones", () => {
    expect(suggested("QPS,TTFT p50 ms", "1,200")).toMatchObject({ QPS: "load_value [requests/s]" });
    expect(suggested("QPS,users,TTFT p50 ms", "1,4,200")).toMatchObject({ QPS: "request_rate_achieved [requests/s]" });
    expect(suggested("Achieved RPS,Offered RPS,TTFT p50 ms", "1,1,200")).toMatchObject({
      "Offered RPS": "load_value [requests/s]",
      "Achieved RPS": "request_rate_achieved [requests/s]",
    });
  });

  it("reads nothing from what no field holds: other statistics, tokens/s of one user, rates in percent", () => {
    expect(
      suggested(
        "users,std TTFT ms,max TTFT ms,p99.9 TTFT ms,tok/s/user,Success rate (%),p75 tpot ms",
        "1,2,3,4,5,99,6",
      ),
    ).toEqual({
      users: "load_value [requests]",
    });
  });

  it("gives a name with numbers below it to the count, and a count with names below it to the name", () => {
    expect(suggested("GPUs,users", "8,1")).toMatchObject({ GPUs: "accelerator_count" });
    expect(suggested("GPUs,users", "H100,1")).toMatchObject({ GPUs: "accelerator" });
    expect(suggested("GPU,users", "8,1")).toMatchObject({ GPU: "accelerator_count" });
    expect(suggested("output tokens,users", "128.4,1")).toMatchObject({
      "output tokens": "output_tokens_mean [tokens]",
    });
    expect(suggested("model,users", "1,1")).toMatchObject({ model: "model" });
  });

  it("knows our own column names for what they are", () => {
    const { columns } = suggestMapping([...figuresCsvColumns], []);
    expect(columns.map(({ field }) => field)).toEqual(figuresCsvColumns);
  });

  it("sees results only where there is a load and a measurement at it", () => {
    const looks = (header: string, row: string) =>
      looksLikeResults(suggestMapping(header.split(","), [row.split(",")]));
    expect(looks("users,TTFT", "1,0.4")).toBe(true);
    expect(looks("QPS,tok/s", "1,400")).toBe(true);
    expect(looks("users,city", "1,Bern")).toBe(false);
    expect(looks("timestamp,gpu_util,power_w", "2026-01-01,3,200")).toBe(false);
    expect(looks("users,TTFT", "many,fast")).toBe(false);
  });

  it("never gives a field to two columns, nor leaves a column out, whatever they are called", () => {
    const name = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom("TTFT", "ttft p95", "TTFT p95 (ms)", "users", "QPS", "rps", "tok/s", "gpu"),
    );
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 12 }),
        fc.array(fc.array(fc.oneof(fc.string({ maxLength: 6 }), fc.double().map(String)))),
        (header, rows) => {
          const { columns } = suggestMapping(header, rows);
          const fields = columns.map(({ field }) => field).filter((field) => field !== "ignore");
          expect(new Set(fields).size).toBe(fields.length);
          expect(columns.map(({ column }) => column)).toEqual([...new Set(header.filter((column) => column !== ""))]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a table as a stranger had it", () => {
  const lines = (name: string) =>
    readFileSync(`test/fixtures/cases/ingest/${name}/results.csv`, "utf8").trim().split("\n") as [string, ...string[]];

  it("with a time in brackets behind 'Token' has a latency there, and its throughput where that is", () => {
    expect(suggested(...lines("columns-suggestion-token-s"))).toMatchObject({
      "Zeit bis zum ersten Token (s)": "ttft_ms_mean [s]",
      "Durchsatz (Token/s)": "output_tokens_per_second [tokens/s]",
    });
  });

  it("with an empty column for one load has the other, and takes no totals for lengths", () => {
    const [header, ...rows] = lines("columns-suggestion-totals-and-empty-load");
    const whole = suggested(header, ...rows);
    expect(whole.request_rate).toBe("load_value [requests/s]");
    expect(Object.keys(whole)).not.toEqual(expect.arrayContaining(["total_input_tokens"]));
    expect(Object.keys(whole)).not.toEqual(expect.arrayContaining(["total_output_tokens"]));
    expect(Object.keys(whole)).not.toContain("max_concurrency");
    expect(
      suggestMapping(
        header.split(","),
        rows.map((row) => row.split(",")),
      ).loadKind,
    ).toBe("request_rate");
  });
});
