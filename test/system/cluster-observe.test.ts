import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port";
import { emptyDatabase, seededDatabase, startIq, testFolder } from "./ingest-support";

/** Installed by Debian's package of that name; the test says so where it is not. */
function hasPrometheus(): boolean {
  try {
    execFileSync("prometheus", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const { folder, temporary } = testFolder();
let database = "";
let address = "";
let prometheus: ChildProcess | null = null;

function iq(args: readonly string[]) {
  return startIq(database, temporary, args).ended;
}

/**
 * Two vLLM servers by the exposition of their metric names: for 40 minutes each completes 2 requests/s of 1,000 tokens in and 200
 * out; half of the requests have their first token within 100 ms, the others within 200 ms; 20 ms a token; then silence.
 */
function exposition(): string {
  const lines: string[] = [];
  const start = Math.floor(Date.now() / 1000) - 3600;
  const families = new Map<string, string[]>();
  const add = (type: string, name: string, series: string, value: (second: number) => number) => {
    const of = families.get(name) ?? [`# TYPE ${name} ${type}`];
    families.set(name, of);
    for (const pod of ["a", "b"]) {
      for (let second = 0; second <= 3600; second += 15) {
        const labels = series.includes("{")
          ? series.replace("{", `{namespace="llm",pod="${pod}",`)
          : `${series}{namespace="llm",pod="${pod}"}`;
        of.push(`${labels} ${value(second)} ${start + second}`);
      }
    }
  };
  const done = (second: number) => 2 * Math.min(second, 2400);
  add("gauge", "vllm:num_requests_running", "vllm:num_requests_running", () => 8);
  add("gauge", "vllm:kv_cache_usage_perc", "vllm:kv_cache_usage_perc", () => 0.4);
  add("counter", "vllm:prompt_tokens", "vllm:prompt_tokens_total", (second) => 1000 * done(second));
  add("counter", "vllm:generation_tokens", "vllm:generation_tokens_total", (second) => 200 * done(second));
  const histogram = (name: string, mean: number, buckets: [string, number][]) => {
    for (const [le, share] of buckets)
      add("histogram", name, `${name}_bucket{le="${le}"}`, (second) => share * done(second));
    add("histogram", name, `${name}_sum`, (second) => mean * done(second));
    add("histogram", name, `${name}_count`, done);
  };
  histogram("vllm:time_to_first_token_seconds", 0.1, [
    ["0.1", 0.5],
    ["0.2", 1],
    ["+Inf", 1],
  ]);
  histogram("vllm:request_time_per_output_token_seconds", 0.02, [
    ["0.025", 1],
    ["+Inf", 1],
  ]);
  histogram("vllm:e2e_request_latency_seconds", 4.1, [
    ["5", 1],
    ["+Inf", 1],
  ]);
  for (const of of families.values()) lines.push(...of);
  return `${lines.join("\n")}\n# EOF\n`;
}

describe.skipIf(!hasPrometheus())("servers in use, by a real Prometheus (skipped where none is installed)", () => {
  beforeAll(async () => {
    database = await seededDatabase(await emptyDatabase(path.join(folder, "observed.sqlite")));
    const samples = path.join(folder, "samples.txt");
    writeFileSync(samples, exposition());
    execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", samples, path.join(folder, "data")], {
      stdio: "ignore",
    });
    writeFileSync(path.join(folder, "prometheus.yml"), "scrape_configs: []\n");
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    prometheus = spawn(
      "prometheus",
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--storage.tsdb.retention.time=10d",
      ],
      { stdio: "ignore" },
    );
    for (let tries = 0; tries < 100; tries++) {
      const answer = await fetch(`${address}/-/ready`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error("Prometheus did not get ready.");
  });

  afterAll(() => {
    prometheus?.kill("SIGKILL");
  });

  it("become load points of one replica, with the histograms' percentiles, and silence does not", async () => {
    const from = new Date(Date.now() - 3500 * 1000).toISOString();
    const done = await iq([
      "cluster",
      "observe",
      "--prometheus",
      address,
      "--server",
      "vllm",
      "--selector",
      '{namespace="llm"}',
      "--from",
      from,
      "--window",
      "600",
    ]);
    expect(done.stderr).toMatch(/left out: fewer than 20 requests|left out: the load was not steady/);
    const [header = "", ...lines] = done.stdout.trim().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(3);
    const columns = header.split(",");
    const at = (line: string, column: string) => Number(line.split(",")[columns.indexOf(column)]);
    for (const line of lines) {
      expect(at(line, "load_value")).toBeCloseTo(2, 1);
      expect(at(line, "output_tokens_per_second")).toBeCloseTo(400, -1);
      expect(at(line, "output_tokens_mean")).toBeCloseTo(200, 0);
      expect(at(line, "ttft_ms_mean")).toBeCloseTo(100, 0);
      // Half lies below 100 ms; 95% is nine tenths of the way from there to 200 ms.
      expect(at(line, "ttft_ms_p50")).toBeCloseTo(100, 0);
      expect(at(line, "ttft_ms_p95")).toBeCloseTo(190, 0);
      expect(at(line, "kv_cache_share")).toBeCloseTo(0.4, 5);
    }
  });

  it("are stored with the facts of what runs there, once, and stand in its exports marked", async () => {
    const configuration = "h100-sxm-80gb-x2-vllm-2cc8cef1";
    const from = new Date(Date.now() - 3500 * 1000).toISOString();
    const to = new Date(Date.now() - 1300 * 1000).toISOString();
    const words = [
      "cluster",
      "observe",
      "--prometheus",
      address,
      "--configuration",
      configuration,
      "--from",
      from,
      "--to",
      to,
      "--store",
    ];
    const stored = await iq(words);
    expect(stored.stdout).toMatch(/^Stored \d+ load points as dataset revision 2; 0 were there already\./);
    expect((await iq(words)).stdout).toContain("Stored 0 load points");
    const exported = await iq(["export", "--format", "csv", "--model", "openai/gpt-oss-120b"]);
    const rows = exported.stdout.split("\n").filter((line) => line.startsWith("production,"));
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(rows.every((line) => line.includes("observed_in_production"))).toBe(true);
  });

  it("that cannot be asked are a sentence and status 1", async () => {
    const wrong = createServer((_, response) => response.writeHead(404).end("nothing here")).listen(0);
    const { port } = wrong.address() as { port: number };
    const done = await iq(["cluster", "observe", "--prometheus", `http://127.0.0.1:${port}`, "--server", "vllm"]);
    wrong.close();
    expect(done.code).toBe(1);
    expect(done.stderr).toContain(`http://127.0.0.1:${port} answered 404`);
    const gone = await iq(["cluster", "observe", "--prometheus", "http://127.0.0.1:9", "--server", "vllm"]);
    expect(gone.stderr).toMatch(/cannot be asked: .*Is it the address of a Prometheus/);
  });
});
