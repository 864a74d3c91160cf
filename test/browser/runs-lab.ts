import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { iq } from "./command-line";
import { servedProduct } from "./served-product";

/** A model that no other test looks at: these tests change its data. */
export const MODEL = "example-lab/Runs-8B";
export const WORKLOAD = "random-1024-256";
export const SECRET = "hf_abcdefghijklmnopqrstuvwxyz012345";

/** What `vllm bench serve` writes, with a key in it. */
export function reportWithSecret(): string {
  return JSON.stringify({
    date: "20260427-170958",
    backend: "vllm",
    model_id: MODEL,
    num_prompts: 10,
    request_rate: "inf",
    max_concurrency: 4,
    duration: 10,
    completed: 10,
    total_input_tokens: 10240,
    total_output_tokens: 2560,
    request_throughput: 1,
    output_throughput: 256,
    total_token_throughput: 1280,
    mean_ttft_ms: 100,
    p99_ttft_ms: 200,
    mean_tpot_ms: 10,
    p99_tpot_ms: 20,
    api_key: SECRET,
  });
}

export interface Row {
  source: string;
  measuredOn?: string;
  accelerator?: string;
  concurrency: number;
  outputTokensPerSecond?: number;
  flags?: string;
  model?: string;
}

/** A figures file; each source is a run of its own. */
export function figures(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    [
      row.source,
      "https://example.org/lab",
      "Apache-2.0",
      row.measuredOn ?? "2026-08-01",
      row.model ?? MODEL,
      row.accelerator ?? "h100-sxm-80gb",
      "1,vllm,0.11.0,bf16,1",
      `${WORKLOAD},random,1024,256,concurrency`,
      row.concurrency,
      row.outputTokensPerSecond ?? row.concurrency * 40,
      "100,200,20,25",
      row.flags ?? "",
    ].join(","),
  );
  const header =
    "source_name,source_url,licence,measured_on,model,accelerator,accelerator_count,server,server_version,precision,tensor_parallelism,workload,dataset,input_tokens,output_tokens,load_kind,load_value,output_tokens_per_second,ttft_ms_mean,ttft_ms_p99,tpot_ms_mean,tpot_ms_p99,quality_flags";
  return `${[header, ...lines].join("\n")}\n`;
}

export interface Brought {
  /** As `iq runs` names them. */
  runIds: string[];
  ingestId: number;
  sha256: string;
}

/** Ingests a text by the command line, beside the running server. */
export async function bring(name: string, text: string, flags: readonly string[] = []): Promise<Brought> {
  const folder = mkdtempSync(path.join(tmpdir(), "iq-browser-test-"));
  writeFileSync(path.join(folder, name), text);
  const result = await iq(["ingest", path.join(folder, name), ...flags, "--json"]);
  rmSync(folder, { recursive: true });
  const { runs } = JSON.parse(result.stdout) as { runs: { runId: string }[] };
  const ingests = await fetch(`${servedProduct().baseUrl}/api/v1/ingests?limit=1`);
  const { ingests: listed } = (await ingests.json()) as { ingests: { id: number }[] };
  return {
    runIds: runs.map((run) => run.runId),
    ingestId: listed[0]?.id ?? 0,
    sha256: createHash("sha256").update(text).digest("hex"),
  };
}

/** {@link bring} of a text that must be taken. */
export async function bringRun(text: string): Promise<Brought & { runId: string }> {
  const brought = await bring("lab.csv", text);
  expect(brought.runIds).toHaveLength(1);
  return { ...brought, runId: brought.runIds[0] ?? "" };
}

/** A short link to the model's chart at the newest revision. */
export async function share(model = MODEL): Promise<string> {
  const { id } = (await (await fetch(`${servedProduct().baseUrl}/api/v1/revision`)).json()) as { id: number };
  const response = await fetch(`${servedProduct().baseUrl}/api/v1/shares`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: `model=${model}&workload=${WORKLOAD}`, revision: id }),
  });
  return ((await response.json()) as { path: string }).path;
}
