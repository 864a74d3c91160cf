import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededDatabase } from "./ingest-support";

const ROOT = path.resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "iq-columns-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => seededDatabase(path.join(folder, "iq.db")));

function iq(...args: string[]) {
  const child = spawnSync(process.execPath, ["scripts/run.js", "scripts/iq.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, IQ_DATABASE: path.join(folder, "iq.db"), INIT_CWD: folder },
    encoding: "utf8",
  });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

describe("iq columns", () => {
  const table = path.join(folder, "results.csv");
  writeFileSync(
    table,
    "Concurrent users,TTFT p95 (s),Output tok/s,GPU,# GPUs\n1,0.05,120,H100 SXM,2\n8,0.09,900,H100 SXM,2\n",
  );
  const given = ["--model", "example-org/Example-8B-Instruct", "--dry-run"];

  it("suggests a mapping that ingest then finds beside the table", () => {
    const refused = iq("ingest", table, ...given);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('"iq columns results.csv -o iq.columns.yaml"');

    expect(iq("columns", table, "-o", "iq.columns.yaml").status).toBe(0);
    const mapping = readFileSync(path.join(folder, "iq.columns.yaml"), "utf8");
    expect(mapping).toContain('"TTFT p95 (s)": { field: ttft_ms_p95, unit: s } # 0.05 | 0.09');
    expect(iq("columns", table, "-o", "iq.columns.yaml")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("--force"),
    });

    const read = iq("ingest", table, ...given);
    expect(read).toMatchObject({ status: 0, stdout: expect.stringContaining("2 load points") });
    expect(read.stdout).toContain("csv-with-mapping");
  });

  it("writes a bare name beside the table, wherever it was typed, and a path where it was typed", () => {
    mkdirSync(path.join(folder, "deep", "er"), { recursive: true });
    const deep = path.join("deep", "er", "table.csv");
    writeFileSync(path.join(folder, deep), readFileSync(table));
    const written = iq("columns", deep, "-o", "iq.columns.yaml");
    expect(written, written.stderr).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^Wrote \S+er\/iq\.columns\.yaml:/),
    });
    expect(readFileSync(path.join(folder, "deep", "er", "iq.columns.yaml"), "utf8")).toContain("ttft_ms_p95");
    expect(iq("columns", deep, "-o", "./deep/mapping.yaml").status).toBe(0);
    expect(readFileSync(path.join(folder, "deep", "mapping.yaml"), "utf8")).toContain("ttft_ms_p95");
  });

  it("takes a mapping from anywhere with --columns, and speaks of it by the name it was given", () => {
    const mapping = path.join(folder, "mapping.yaml");
    const good =
      "columns: { Concurrent users: load_value, Output tok/s: output_tokens_per_second, GPU: accelerator, '# GPUs': accelerator_count }\nload_kind: concurrency\n";
    writeFileSync(mapping, good);
    const read = iq("ingest", table, "--columns", mapping, ...given, "--json");
    expect(read.status).toBe(0);
    const { runs } = JSON.parse(read.stdout) as { runs: { points: { ttftMs: unknown }[] }[] };
    expect(runs[0]?.points.map((point) => point.ttftMs)).toEqual([null, null]);
    expect(read.stderr).toContain(`because ${mapping} does not name them: "TTFT p95 (s)"`);

    writeFileSync(mapping, good.replace("load_value", "load"));
    expect(iq("ingest", table, "--columns", mapping, ...given).stderr).toContain(
      `refused: ${mapping}, columns, "Concurrent users"`,
    );
  });
});
