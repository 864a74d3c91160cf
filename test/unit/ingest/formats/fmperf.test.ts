import { describe, expect, it } from "vitest";
import { fmperfRecords } from "../../../../lib/ingest/formats/fmperf/fmperf-records";
import { fixture, onlyRun, read, textFile } from "../support";
import { expectSound } from "../support-formats";

describe("results of fmperf", () => {
  const [point] = onlyRun(read(fixture("fmperf/run.json"))).points;

  it("are one record a token and become one load point a number of users", () => {
    expect(point).toMatchObject({ loadKind: "concurrency", loadValue: 2 });
    expect(onlyRun(read(fixture("fmperf/sweep.json"))).points.map(({ loadValue }) => loadValue)).toEqual([1, 4]);
  });

  it("count a request whose last record failed as failed, and one beyond the window as neither", () => {
    expect(point).toMatchObject({ requestsCompleted: 3, requestsFailed: 1 });
  });

  it("have the first record's duration for TTFT, the sum for end-to-end", () => {
    // Requests of 100 + 3 × 20, 120 + 2 × 30 and 200 + 4 × 10 ms.
    expect(point?.ttftMs).toMatchObject({ mean: 140, p50: 120 });
    expect(point?.e2eMs).toMatchObject({ mean: (160 + 180 + 240) / 3, p50: 180 });
    expect(point?.tpotMs?.mean).toBeCloseTo((20 + 30 + 10) / 3, 9);
    expect(point?.ntpotMs?.mean).toBeCloseTo((40 + 60 + 48) / 3, 9);
  });

  it("pool the gaps within the window for ITL", () => {
    // 3 × 20, 2 × 30, 4 × 10, one of 20 before the failure, one of 20 before the window ended.
    expect(point?.itlMs?.mean).toBeCloseTo((60 + 60 + 40 + 20 + 20) / 11, 9);
  });

  it("have their duration and throughput from the records' times, and say so", () => {
    // First start to last token within the window: the second worker's 240 + 110 (without its failed record 115) + 100 ms.
    expect(point?.durationS).toBeCloseTo(0.455, 3);
    expect(point?.outputTokensPerSecond).toBeCloseTo(16 / 0.455, 0);
    expect(point?.qualityFlags).toContain("throughput_from_request_times");
  });

  it("sent at a rate have the rate for their load", () => {
    const text = new TextDecoder()
      .decode(fixture("fmperf/sweep.json")[0]?.bytes)
      .replaceAll('"exp_num_users"', '"exp_req_min": 90, "exp_num_users"');
    expect(onlyRun(read([textFile("r.json", text)])).points).toMatchObject([
      { loadKind: "request_rate", loadValue: 1.5 },
    ]);
  });

  it("without a completed request are refused", () => {
    const text = new TextDecoder().decode(fixture("fmperf/run.json")[0]?.bytes).replaceAll('"ok": true', '"ok": false');
    const { runs, problems } = read([textFile("r.json", text)]);
    expect(runs).toEqual([]);
    expect(problems[0]?.message).toContain("at least one request completed");
  });

  it("are read record by record as they are whole", () => {
    const bytes = fixture("fmperf/run.json")[0]?.bytes;
    const { results } = JSON.parse(new TextDecoder().decode(bytes)) as { results: unknown[] };
    expect(fmperfRecords.sniff(results[0])).toBe(true);
    const reader = fmperfRecords.reader({ path: "run.json", named: true });
    for (const [index, record] of results.entries()) reader.add(record, `$[${index}]`);
    const [streamed] = reader.finish([]).drafts[0]?.points ?? [];
    // Caveats that every point is checked for come later.
    expect({ ...streamed, file: "", qualityFlags: [] }).toEqual({ ...point, file: "", qualityFlags: [] });
  });
});

describe("damaged results of fmperf", () => {
  it("are read or refused", () => {
    expectSound(fixture("fmperf"));
  });
});
