import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Database } from "../../../../db/client";
import { getReport } from "../../../../db/queries/get-report";
import { getCurrentRevision } from "../../../../db/queries/get-revision";
import { seedShipped } from "../../../../db/store/seed-shipped";
import type { ExportFormat } from "../../../../lib/api/export-request";
import { exportChunks } from "../../../../server/export-dataset";
import { rawColumn, rawRows } from "../../../support/raw-sql";
import {
  figuresCsv,
  ingestTexts,
  NOW,
  smallData,
  temporaryDatabase,
  temporaryDirectory,
  textOf,
  writeData,
} from "../../db/small-data";

const VLLM = JSON.stringify({
  date: "20260427-170958",
  backend: "vllm",
  model_id: "org/small",
  num_prompts: 10,
  request_rate: "inf",
  max_concurrency: 4,
  duration: 10,
  completed: 10,
  total_input_tokens: 1000,
  total_output_tokens: 500,
  request_throughput: 1,
  output_throughput: 50,
  total_token_throughput: 150,
  mean_ttft_ms: 100,
  median_ttft_ms: 90,
  p99_ttft_ms: 200,
  mean_tpot_ms: 10,
  median_tpot_ms: 9,
  p99_tpot_ms: 20,
  api_key: "sk-abcdefghijklmnopqrstuvwxyz012345",
});
const SIDE =
  "accelerator: h100-sxm-80gb\naccelerator_count: 1\nprecision: fp8\nimage: vllm/vllm-openai:v0.11.0\nserver_arguments: { max-num-seqs: 256, kv: { a: [1, x] } }\nenvironment: { VLLM_USE_V1: 1 }\nengine_options: {}\nspeculative: mtp\nspeculative_tokens: 3\ncontext_parallelism: 2\n";

async function filled(): Promise<Database> {
  const db = await seeded();
  const outcome = await ingestTexts(db, { "run/result.json": VLLM, "run/iq.yaml": SIDE });
  expect(outcome.problems).toEqual([]);
  const figures = figuresCsv("mine", [
    { concurrency: 1, outputTokensPerSecond: 100, ttftMs: 20 },
    { concurrency: 8, outputTokensPerSecond: 500, ttftMs: 40 },
  ]);
  await ingestTexts(db, { "mine.csv": figures });
  return db;
}

/** A database with the catalogue and no figures. */
async function empty(): Promise<Database> {
  const db = await temporaryDatabase();
  await seedShipped(db, writeData(temporaryDirectory(), {}), NOW);
  return db;
}

async function seeded(): Promise<Database> {
  const db = await temporaryDatabase();
  await seedShipped(db, smallData(), NOW);
  return db;
}

async function exported(db: Database, format: ExportFormat): Promise<string> {
  const chunks: string[] = [];
  const revision = await getCurrentRevision(db);
  for await (const chunk of exportChunks(db, revision, { format, reports: true, model: null })) chunks.push(chunk);
  return chunks.join("");
}

/** All that is stored of what was measured, but for the numbers a database gives on its own. */
async function contentOf(db: Database): Promise<unknown> {
  const all = (sql: string) => rawRows(db, sql);
  return {
    runs: await all(
      `SELECT run_id, configuration_id, workload_id, format, tool, tool_version, measured_on, source_name, source_url, licence,
              series_key, quality_flags, load_points FROM run WHERE retired_in_revision IS NULL ORDER BY run_id`,
    ),
    points: await all("SELECT * FROM load_point ORDER BY run_id, ordinal"),
    details: await all("SELECT * FROM load_point_detail ORDER BY run_id, ordinal"),
    files: await all("SELECT * FROM run_report ORDER BY run_id, sha256, file_name"),
    reports: await all("SELECT sha256, file_name, media_type, byte_length, redacted FROM report ORDER BY sha256"),
    configurations: await all("SELECT * FROM configuration ORDER BY configuration_id"),
    workloads: await all("SELECT * FROM workload ORDER BY workload_id"),
  };
}

describe("an export of very many runs", () => {
  it("has each of them once, by their ids, of all models or of one", async () => {
    const db = await empty();
    const models = Array.from({ length: 1100 }, (_, index) => `org/model-${index % 2 === 0 ? "even" : index}`);
    const rows = models.flatMap((model, index) =>
      [1, 2, 4].map((concurrency) => ({ model, concurrency, outputTokensPerSecond: 100 + index, ttftMs: 20 })),
    );
    // Each row of the one model is a run of its own by its workload.
    const ownWorkload = (row: (typeof rows)[number], index: number) => ({
      ...row,
      workload: `w-${Math.floor(index / 3)}`,
    });
    await ingestTexts(db, { "many.csv": figuresCsv("mine", rows.map(ownWorkload)) });
    const revision = await getCurrentRevision(db);
    const runLines = async (model: string | null) => {
      const lines: string[] = [];
      for await (const chunk of exportChunks(db, revision, { format: "json", reports: false, model }))
        lines.push(chunk);
      return lines
        .slice(1)
        .map((line) => JSON.parse(line).run as { configuration: { model: string }; workload: unknown });
    };
    const stored = await rawRows(
      db,
      "SELECT model, workload_id FROM run JOIN configuration ON configuration.configuration_id = run.configuration_id ORDER BY run_id",
    );
    expect(stored.length).toBe(1100);
    const exported = await runLines(null);
    expect(exported.map(({ configuration }) => configuration.model)).toEqual(stored.map(({ model }) => model));
    const ofOne = stored.filter(({ model }) => model === "org/model-even");
    expect((await runLines("org/model-even")).map(({ workload }) => workload)).toMatchObject(
      ofOne.map((row) => ({ workloadId: row.workload_id })),
    );
  });
});

describe("an export", () => {
  it("as JSON makes an equal database out of an empty one, reports included", async () => {
    const db = await filled();
    const text = await exported(db, "json");
    expect(text).not.toContain("sk-abcdefghijklmnopqrstuvwxyz012345");
    const other = await empty();
    const outcome = await ingestTexts(other, { "export.jsonl": text });
    expect(outcome.problems).toEqual([]);
    expect(await contentOf(other)).toEqual(await contentOf(db));
    expect(await exported(other, "json").then(withoutHeader)).toBe(withoutHeader(text));
  });

  it("holds nothing new for the database it came from", async () => {
    const db = await filled();
    for (const format of ["json", "csv"] as const) {
      const again = await ingestTexts(db, { [`export.${format}`]: await exported(db, format) });
      expect(again, format).toMatchObject({ loadPoints: 0, problems: [] });
    }
  });

  it("as CSV carries every figure to another database", async () => {
    const db = await filled();
    const other = await empty();
    const outcome = await ingestTexts(other, { "export.csv": await exported(db, "csv") });
    expect(outcome.problems).toEqual([]);
    const points = (of: Database) => rawColumn(of, "SELECT point_id FROM load_point ORDER BY 1");
    expect(await points(other)).toEqual(await points(db));
    const lines = async (of: Database) => (await exported(of, "csv")).split("\n").sort();
    expect(await lines(other)).toEqual(await lines(db));
  });

  it("as CSV holds no cell that a spreadsheet would run, and gives names back as they were", async () => {
    const series = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "'=1", "''@x", "-", "-5", "'quoted"];
    const rows = series.map((_, index) => ({ concurrency: 8, outputTokensPerSecond: 300 + index, ttftMs: 20 }));
    let row = 0;
    const text = figuresCsv("mine", rows).replaceAll("mine-series", () => `"${readAs(series[row++] ?? "")}"`);
    const db = await empty();
    expect(await ingestTexts(db, { "mine.csv": text })).toMatchObject({ problems: [], loadPoints: series.length });
    expect(await seriesOf(db)).toEqual([...series].sort());

    const csv = await exported(db, "csv");
    const cells = csv.split(/[,\n]/).map((cell) => cell.replace(/^"/, ""));
    expect(cells.filter((cell) => /^[=+@\t]|^-\d*[^\d]/.test(cell))).toEqual([]);
    const other = await empty();
    await ingestTexts(other, { "export.csv": csv });
    expect(await seriesOf(other)).toEqual(await seriesOf(db));
    expect(await exported(other, "csv")).toBe(csv);
    const giq = await exported(db, "giq-csv");
    expect(giq.split(/[,\n]/).filter((cell) => /^"?[=+@\t]/.test(cell))).toEqual([]);
  });

  it("with a report whose bytes are not what its hash says is refused", async () => {
    const db = await filled();
    const text = await exported(db, "json");
    const [first = ""] = text.match(/"gzipBase64":"[^"]+"/) ?? [];
    const other = text.match(/"gzipBase64":"[^"]+"/g)?.at(-1) ?? "";
    const outcome = await ingestTexts(await seeded(), { "export.jsonl": text.replace(first, other) });
    expect(outcome.problems[0]?.expected).toMatch(/sha256/i);
    expect(outcome.loadPoints).toBe(0);
  });

  it("with a report whose secrets were blanked is checked as well, unless it is too old to say by what", async () => {
    const text = await exported(await filled(), "json");
    const changed = withOtherBytes(text);
    const outcome = await ingestTexts(await empty(), { "export.jsonl": changed });
    expect(outcome).toMatchObject({ loadPoints: 0, problems: [{ expected: "bytes that have its storedSha256" }] });
    const older = (line: string) => line.replaceAll(/,"storedSha256":"\w+"/g, "");
    const taken = await ingestTexts(await empty(), { "export.jsonl": older(text) });
    expect(taken.problems).toEqual([]);
    expect(taken.loadPoints).toBeGreaterThan(0);
  });

  it("that puts other bytes and figures under a report's hash gives way to the report itself", async () => {
    const text = withOtherBytes(await exported(await filled(), "json"));
    const forged = text
      .replaceAll(/,"storedSha256":"\w+"/g, "")
      .replace('"outputTokensPerSecond":50,', '"outputTokensPerSecond":51,');
    const db = await empty();
    expect((await ingestTexts(db, { "export.jsonl": forged })).problems).toEqual([]);
    const outcome = await ingestTexts(db, { "run/result.json": VLLM, "run/iq.yaml": SIDE });
    expect(outcome).toMatchObject({ loadPoints: 1, notes: [expect.stringContaining("take their place")] });
    const report = await getReport(db, outcome.runs[0]?.points[0]?.reportSha256 ?? "");
    expect(await textOf(report)).toBe(VLLM.replace("sk-abcdefghijklmnopqrstuvwxyz012345", "[redacted]"));
    const again = await ingestTexts(db, { "run/result.json": VLLM, "run/iq.yaml": SIDE });
    expect(again).toMatchObject({ loadPoints: 0, duplicates: 1, notes: [] });
  });
});

/** How a series has to stand in a table to be read as this. */
function readAs(series: string): string {
  return /^'+[=@]/.test(series) ? `'${series}` : series;
}

async function seriesOf(db: Database): Promise<string[]> {
  return (await rawColumn(db, "SELECT series_key FROM run")).map(String).sort();
}

/** The export with other bytes in the parts of the report that had a secret. */
function withOtherBytes(text: string): string {
  const lines = text.split("\n");
  const sha256 = /"report":\{"sha256":"(\w{64})"[^\n]*"storedSha256"/.exec(text)?.[1] ?? "none";
  const changed = lines.map((line) => {
    if (!line.startsWith(`{"reportPart":{"sha256":"${sha256}"`)) return line;
    const [, content = ""] = /"gzipBase64":"([^"]+)"/.exec(line) ?? [];
    const bytes = gunzipSync(Buffer.from(content, "base64"))
      .toString()
      .replace('"mean_ttft_ms":100', '"mean_ttft_ms":900');
    return line.replace(content, gzipSync(bytes).toString("base64"));
  });
  expect(changed).not.toEqual(lines);
  return changed.join("\n");
}

function withoutHeader(text: string): string {
  return text.slice(text.indexOf("\n") + 1);
}
