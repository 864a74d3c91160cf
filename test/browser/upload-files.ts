import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { temporaryFolder } from "./command-line";

/** What is worked with of a report. */
interface Figures {
  completed: number;
  mean_e2el_ms: number;
  total_input_tokens: number;
  total_output_tokens: number;
}

const REPORT = path.resolve(import.meta.dirname, "../fixtures/reports/vllm-bench-serve/current.json");

/**
 * A report of `vllm bench serve` at one load; it says neither the accelerator nor how many. Its rates are those that many requests
 * in flight make at its latencies: a report that contradicts itself would be kept off charts.
 */
export function report(model: string, concurrency: number): string {
  const whole: Figures = JSON.parse(readFileSync(REPORT, "utf8"));
  const requestsPerSecond = (concurrency * 1000) / whole.mean_e2el_ms;
  const duration = whole.completed / requestsPerSecond;
  return JSON.stringify({
    ...whole,
    model_id: model,
    tokenizer_id: model,
    max_concurrency: concurrency,
    duration,
    request_throughput: requestsPerSecond,
    output_throughput: whole.total_output_tokens / duration,
    total_token_throughput: (whole.total_input_tokens + whole.total_output_tokens) / duration,
  });
}

/** Writes files by path into a folder that lasts as long as the test; returns the folder. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = path.join(temporaryFolder(), "results");
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** A zip of files, uncompressed. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level: 0 }),
  );
}
