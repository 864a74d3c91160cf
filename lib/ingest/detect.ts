import type { Adapter } from "./adapter";
import { figuresCsv } from "./figures-csv";
import { inferencePerf } from "./formats/inference-perf";
import { vllmBenchServe } from "./formats/vllm-bench-serve";
import type { ParsedFile } from "./parse-file";

/** Every report format we read; the first whose `sniff` says yes takes the file. A new format is one line here. */
export const ADAPTERS: readonly Adapter[] = [inferencePerf, vllmBenchServe, figuresCsv];

/** The format of a parsed file, or `null` if none recognises it. */
export function detectFormat(file: ParsedFile): Adapter | null {
  if (file.kind === "records") return ADAPTERS.find((adapter) => adapter.format === file.format) ?? null;
  return ADAPTERS.find((adapter) => adapter.sniff(file)) ?? null;
}

/** The recognised formats as a person reads them. */
export function recognisedFormats(): string {
  return ADAPTERS.map((adapter) => adapter.label).join(", ");
}
