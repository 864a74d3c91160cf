import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { temporaryFolder } from "./command-line";

const REPORT = path.resolve(import.meta.dirname, "../fixtures/reports/vllm-bench-serve/current.json");

/** A report of `vllm bench serve` at one load; it says neither the accelerator nor how many. */
export function report(model: string, concurrency: number): string {
  const whole: Record<string, unknown> = JSON.parse(readFileSync(REPORT, "utf8"));
  return JSON.stringify({ ...whole, model_id: model, tokenizer_id: model, max_concurrency: concurrency });
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
