import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import SqliteDatabase from "better-sqlite3";
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT, testFolder } from "./ingest-support";

const { folder: FOLDER } = testFolder();
/** A first start takes seconds; a busy machine may need longer. */
const SEED_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

const FIGURES = `source_name,measured_on,model,accelerator,accelerator_count,server,server_version,precision,tensor_parallelism,series,dataset,input_tokens,output_tokens,load_kind,load_value,output_tokens_per_second,ttft_ms_p50,ttft_ms_p95,tpot_ms_p50
me,2026-08-01,me/tiny,h100-sxm-80gb,1,vllm,0.11.0,bf16,1,s1,random,512,128,concurrency,1,90,20,30,11
me,2026-08-01,me/tiny,h100-sxm-80gb,1,vllm,0.11.0,bf16,1,s1,random,512,128,concurrency,16,1200,60,90,13
`;

const pointSchema = z.looseObject({
  loadKind: z.string(),
  loadValue: z.number(),
  outputTokensPerSecond: z.number().nullable(),
  ttftMs: z.record(z.string(), z.number().nullable()).nullable(),
  e2eMs: z.record(z.string(), z.number().nullable()).nullable(),
});
const ingestSchema = z.strictObject({
  dryRun: z.boolean(),
  files: z.number(),
  skipped: z.array(z.strictObject({ file: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
  beside: z.array(z.string()),
  revision: z.number(),
  runs: z.array(
    z.looseObject({
      runId: z.string(),
      format: z.string(),
      configuration: z.looseObject({ configurationId: z.string(), model: z.string() }),
      workload: z.looseObject({ workloadId: z.string() }),
      points: z.array(pointSchema),
    }),
  ),
  loadPoints: z.number(),
  duplicates: z.number(),
  problems: z.array(
    z.strictObject({
      file: z.string(),
      at: z.string(),
      value: z.string(),
      expected: z.string(),
      message: z.string(),
      fact: z.string().optional(),
      columns: z.looseObject({}).optional(),
    }),
  ),
});
const rankSchema = z.strictObject({
  revision: z.number(),
  model: z.string(),
  workload: z.string(),
  askedWorkload: z.looseObject({ differences: z.array(z.string()) }).nullable(),
  slos: z.array(z.strictObject({ metric: z.string(), statistic: z.string(), limitMs: z.number() })),
  ranked: z.array(
    z.looseObject({
      configurationId: z.string(),
      accelerator: z.string(),
      acceleratorCount: z.number(),
      server: z.string().nullable(),
      serverVersion: z.string().nullable(),
      precision: z.string().nullable(),
      parallelism: z.string().nullable(),
      operatingPoint: z.looseObject({
        kind: z.enum(["measured", "interpolated", "atLeast"]),
        outputTokensPerSecond: z.number(),
        throughputBasis: z.enum(["measured", "derived"]),
        loadKind: z.string().nullable(),
        loadValue: z.number().nullable(),
      }),
      usdPerMillionOutputTokens: z.number().nullable(),
      providers: z.array(z.looseObject({ provider: z.string(), usdPerMonth: z.number().nullable() })),
      replicas: z.number().nullable(),
      runIds: z.array(z.string()),
    }),
  ),
  nearMisses: z.array(z.looseObject({ configurationId: z.string(), reason: z.string() })),
  notComparable: z.array(z.looseObject({ configurationId: z.string(), reason: z.string() })),
  outsideStock: z.array(z.looseObject({ configurationId: z.string(), reason: z.string() })),
  filteredOut: z.array(z.looseObject({ configurationId: z.string(), reason: z.string() })),
  whatIf: z.array(z.looseObject({ at: z.number(), configurationId: z.string().nullable() })).nullable(),
});

let seeded = "";

beforeAll(() => {
  seeded = path.join(FOLDER, "seeded.db");
  const first = run(seeded, ["rank", "--model", "openai/gpt-oss-120b", "--json"]);
  expect(first.status, first.stderr).toBe(0);
}, SEED_TIMEOUT_MS);

function run(file: string, args: string[]) {
  const child = spawnSync(process.execPath, ["scripts/run.js", "scripts/iq.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, IQ_DATABASE: file },
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

/** A copy of a seeded database and a folder to put reports in. */
function workplace() {
  const folder = mkdtempSync(path.join(FOLDER, "workplace-"));
  const file = path.join(folder, "test.db");
  copyFileSync(seeded, file);
  const reports = path.join(folder, "reports");
  mkdirSync(reports);
  writeFileSync(path.join(reports, "mine.csv"), FIGURES);
  writeFileSync(path.join(reports, ".hidden"), "not read");
  return { folder, file, reports };
}

describe("iq ingest", () => {
  it("comes to an end whatever it is told to read", () => {
    const { file, folder } = workplace();
    const mixed = path.join(folder, "mixed");
    mkdirSync(mixed);
    writeFileSync(path.join(mixed, "notes.txt"), "no results\n");
    const pipe = path.join(mixed, "pipe.json");
    const loop = path.join(mixed, "loop.json");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    symlinkSync("loop.json", loop);
    symlinkSync("..", path.join(mixed, "up"));
    symlinkSync("/dev/zero", path.join(mixed, "zeros.json"));
    const bounded = (...args: string[]) =>
      spawnSync(process.execPath, ["scripts/run.js", "scripts/iq.ts", ...args], {
        cwd: ROOT,
        env: { ...process.env, IQ_DATABASE: file },
        encoding: "utf8",
        timeout: 20_000,
      });
    expect(bounded("ingest", pipe)).toMatchObject({
      status: 2,
      stderr: `error: ${pipe} is a device or a pipe: send what comes from it to standard input (-).\n`,
    });
    expect(bounded("columns", "/dev/zero")).toMatchObject({ status: 2, stdout: "" });
    expect(bounded("ingest", loop)).toMatchObject({ status: 2, stdout: "" });
    expect(bounded("ingest", "")).toMatchObject({
      status: 2,
      stderr: "error: A path is empty: expected a file or a folder.\n",
    });
    const whole = bounded("ingest", mixed, "--json");
    expect(whole.status, whole.stderr).toBe(1);
    const { problems } = z
      .object({ problems: z.array(z.object({ file: z.string() })) })
      .parse(JSON.parse(whole.stdout));
    expect(problems.map((item) => item.file)).toEqual(["mixed/notes.txt"]);
  });

  it("stores a folder of reports, prints one JSON object, and finds nothing new the second time", () => {
    const { file, reports } = workplace();
    const first = run(file, ["ingest", reports, "--json"]);
    expect(first.status, first.stderr).toBe(0);
    const json = ingestSchema.parse(JSON.parse(first.stdout));
    expect(json).toMatchObject({ revision: 2, loadPoints: 2, duplicates: 0, problems: [] });
    expect(json.runs[0]).toMatchObject({
      format: "figures-csv",
      configuration: { model: "me/tiny", accelerator: "h100-sxm-80gb", acceleratorCount: 1 },
      workload: { workloadId: "random-512-128", inputTokens: 512, outputTokens: 128 },
    });
    expect(json.runs[0]?.points[1]).toMatchObject({
      loadKind: "concurrency",
      loadValue: 16,
      outputTokensPerSecond: 1200,
      ttftMs: { mean: null, p50: 60, p90: null, p95: 90, p99: null },
      e2eMs: null,
    });

    const again = run(file, ["ingest", path.join(reports, "mine.csv"), "--json"]);
    expect(again.status).toBe(0);
    expect(ingestSchema.parse(JSON.parse(again.stdout))).toMatchObject({ revision: 2, loadPoints: 0, duplicates: 2 });
    expect(run(file, ["ingest", reports]).stdout).toContain("Nothing new; 2 load points already stored");
  });

  it("prints in a dry run what the real one prints, and stores nothing", () => {
    const { file, reports } = workplace();
    const dry = run(file, ["ingest", reports, "--dry-run", "--json"]);
    expect(dry.status).toBe(0);
    const client = new SqliteDatabase(file, { readonly: true });
    expect(client.prepare("SELECT max(id) FROM revision").pluck().get()).toBe(1);
    client.close();
    const real = run(file, ["ingest", reports, "--json"]).stdout;
    expect({ ...JSON.parse(real), dryRun: true }).toEqual(JSON.parse(dry.stdout));
  });

  it("ends with 1 and the problem when something was refused", () => {
    const { file, reports } = workplace();
    writeFileSync(path.join(reports, "wrong.csv"), FIGURES.replace("1200", "-1200").replaceAll("s1", "s2"));
    const result = run(file, ["ingest", reports, "--json"]);
    expect(result.status).toBe(1);
    const json = ingestSchema.parse(JSON.parse(result.stdout));
    expect(json.loadPoints).toBe(2);
    expect(json.problems[0]).toMatchObject({ file: "reports/wrong.csv", value: "-1200" });
    expect(result.stderr).toContain("wrong.csv");
  });

  it("ends with 2 on wrong usage, with nothing on stdout", () => {
    const { file, reports } = workplace();
    for (const args of [
      ["ingest"],
      ["ingest", reports, "--tp", "many", "--json"],
      ["ingest", path.join(reports, "not-there")],
      ["nonsense"],
    ]) {
      const result = run(file, args);
      expect(result.status, args.join(" ")).toBe(2);
      expect(result.stdout).toBe("");
      expect(result.stderr).not.toBe("");
    }
  });

  it("refuses a newer database in one sentence", () => {
    const { file, reports } = workplace();
    const client = new SqliteDatabase(file);
    client.pragma("user_version = 9999");
    client.close();
    const before = readFileSync(file);
    const result = run(file, ["ingest", reports]);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/^.*newer version.*\n$/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe("iq rank", () => {
  it("answers in JSON, best first, with the workload it took", () => {
    const result = run(seeded, [
      "rank",
      "--model",
      "openai/gpt-oss-120b",
      "--slo",
      "ttft:mean:500",
      "--qps",
      "12",
      "--json",
    ]);
    expect(result.status, result.stderr).toBe(0);
    const json = rankSchema.parse(JSON.parse(result.stdout));
    expect(json).toMatchObject({
      revision: 1,
      model: "openai/gpt-oss-120b",
      slos: [{ metric: "ttft", statistic: "mean", limitMs: 500 }],
    });
    expect(json.workload).not.toBe("");
    // With a demand the best is what costs least to meet it, which is not what costs least for a token.
    const bills = json.ranked.flatMap(({ providers: [cheapest] }) => cheapest?.usdPerMonth ?? []);
    expect(bills.length).toBeGreaterThan(3);
    expect(bills).toEqual([...bills].sort((a, b) => a - b));
    expect(json.ranked[0]?.replicas).toBeGreaterThan(0);
  });

  it("answers in a sentence and a list", () => {
    const result = run(seeded, ["rank", "--model", "gpt-oss-120b", "--workload", "random-1024-1024"]);
    expect(result.status).toBe(0);
    expect(result.stdout).toContain("per million output tokens");
    expect(result.stdout).toContain("  1. ");
  });

  it("says what there is when model or workload is not known, and what a target looks like", () => {
    expect(run(seeded, ["rank", "--model", "nobody/nothing"])).toMatchObject({ status: 1, stdout: "" });
    const workload = run(seeded, ["rank", "--model", "openai/gpt-oss-120b", "--workload", "none"]);
    expect(workload).toMatchObject({ status: 1, stdout: "" });
    expect(workload.stderr).toContain("random-1024-1024");
    const slo = run(seeded, ["rank", "--model", "openai/gpt-oss-120b", "--slo", "ttft:500"]);
    expect(slo).toMatchObject({ status: 2, stdout: "" });
    expect(slo.stderr).toContain("ttft:p95:500");
  });
});

describe("iq manifests create", () => {
  it("comes to an end wherever it is told to write", () => {
    const { file, folder, reports } = workplace();
    const ingested = ingestSchema.parse(JSON.parse(run(file, ["ingest", reports, "--json"]).stdout));
    const id = ingested.runs[0]?.configuration.configurationId ?? "";
    const pipe = path.join(folder, "pipe.zip");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const write = (into: string, output = "yaml") =>
      spawnSync(
        process.execPath,
        [
          "scripts/run.js",
          "scripts/iq.ts",
          "manifests",
          "create",
          "--configuration",
          id,
          "--output",
          output,
          "-o",
          into,
        ],
        { cwd: ROOT, env: { ...process.env, IQ_DATABASE: file }, encoding: "utf8", timeout: 20_000 },
      );
    expect(write("/proc/self/fd/x")).toMatchObject({ status: 1, stdout: "" });
    expect(write("/proc/self/fd/x").stderr).toMatch(/ cannot be written: nothing can be made in that place\.\n$/);
    expect(write(pipe, "zip")).toMatchObject({
      status: 1,
      stderr: `${pipe} cannot be written: it is a device or a pipe, a plain file is needed.\n`,
    });
    expect(write("")).toMatchObject({ status: 2, stdout: "" });
    expect(write("-").stdout).toContain("kind: Deployment");
    expect(write("-", "zip")).toMatchObject({ status: 2, stdout: "" });
  });

  it("prints the same YAML it writes, and refuses with the reason", () => {
    const { file, folder, reports } = workplace();
    const ingested = ingestSchema.parse(JSON.parse(run(file, ["ingest", reports, "--json"]).stdout));
    const id = ingested.runs[0]?.configuration.configurationId ?? "";
    const slo = ["--configuration", id, "--slo", "ttft:p95:500"];
    const printed = run(file, ["manifests", "create", ...slo]);
    expect(printed.status, printed.stderr).toBe(0);
    expect(printed.stdout).toContain("kind: Deployment");
    const out = path.join(folder, "out");
    expect(run(file, ["manifests", "create", ...slo, "-o", out]).status).toBe(0);
    const [name = ""] = readdirSync(out);
    expect(readFileSync(path.join(out, name), "utf8")).toBe(printed.stdout);

    // The folder of the tree, the same tree in a zip with the YAML beside it.
    const tree = ["manifests", "create", ...slo, "--platform", "gke", "--output"];
    const kustomize = run(file, [...tree, "kustomize", "-o", path.join(folder, "tree")]);
    expect(kustomize.status, kustomize.stderr).toBe(0);
    const written = kustomize.stdout.trim().split("\n");
    expect(written.some((name) => name.endsWith("overlays/gke/kustomization.yaml"))).toBe(true);
    const zip = path.join(folder, "bundle.zip");
    expect(run(file, [...tree, "zip", "-o", zip])).toMatchObject({ status: 0, stdout: `${zip}\n` });
    const files = Object.entries(unzipSync(new Uint8Array(readFileSync(zip))));
    expect(files).toHaveLength(written.length + 1);
    for (const [name, bytes] of files) {
      const text = strFromU8(bytes);
      const isSingle = name.split("/").length === 2 && name.endsWith(".yaml");
      expect(text).toBe(isSingle ? printed.stdout : readFileSync(path.join(folder, "tree", name), "utf8"));
    }
    expect(run(file, [...tree, "zip"])).toMatchObject({ status: 2, stdout: "" });
    expect(run(file, [...tree, "helm"])).toMatchObject({ status: 2, stdout: "" });

    // Without a gateway there is no router; with one, the values go where the YAML goes.
    const withoutRouter = run(file, [...tree, "helm-values"]);
    expect(withoutRouter).toMatchObject({ status: 1, stdout: "" });
    expect(withoutRouter.stderr).toContain("choose a gateway");
    const values = run(file, [...tree, "helm-values", "--gateway", "gke", "--demand", "5"]);
    expect(values.status, values.stderr).toBe(0);
    expect(values.stdout).toContain("modelServers:");

    const blocked = run(file, ["manifests", "create", ...slo, "-o", zip]);
    expect(blocked).toMatchObject({ status: 1, stdout: "" });
    expect(blocked.stderr).toContain("cannot be written: there is a file of that name");

    const refused = run(file, ["manifests", "create", "--configuration", id, "--slo", "ttft:p95:1"]);
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toContain("TTFT");
    expect(run(file, ["manifests", "create"]).status).toBe(2);
  });
});
