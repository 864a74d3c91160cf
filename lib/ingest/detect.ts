import type { Adapter } from "./adapter";
import { figuresCsv } from "./figures-csv";
import { aiperf } from "./formats/aiperf";
import { fmperf } from "./formats/fmperf";
import { genaiBench } from "./formats/genai-bench";
import { genaiPerf } from "./formats/genai-perf";
import { gkeInferenceQuickstart } from "./formats/gke-inference-quickstart";
import { guidellm } from "./formats/guidellm";
import { inferenceBenchmarker } from "./formats/inference-benchmarker";
import { inferencePerf } from "./formats/inference-perf";
import { inferenceQuickstartExport } from "./formats/inference-quickstart-export";
import { inferencex } from "./formats/inferencex";
import { latencyProfile } from "./formats/latency-profile";
import { llmdReport } from "./formats/llm-d-report";
import { llmOptimizer } from "./formats/llm-optimizer";
import { llmperf } from "./formats/llmperf";
import { mlperf } from "./formats/mlperf";
import { sglangBenchServing } from "./formats/sglang-bench-serving";
import { sglangOneBatch } from "./formats/sglang-one-batch";
import { trtllmBench } from "./formats/trtllm-bench";
import { vllmBenchLatency } from "./formats/vllm-bench-latency";
import { vllmBenchServe } from "./formats/vllm-bench-serve";
import { vllmBenchThroughput } from "./formats/vllm-bench-throughput";
import type { ParsedFile } from "./parse-file";

/** Every report format we read; the first whose `sniff` says yes takes the file. A new format is one line here. */
export const ADAPTERS: readonly Adapter[] = [
  inferenceQuickstartExport,
  inferencePerf,
  llmdReport,
  guidellm,
  aiperf,
  genaiPerf,
  inferencex,
  sglangBenchServing,
  vllmBenchServe,
  sglangOneBatch,
  vllmBenchThroughput,
  vllmBenchLatency,
  trtllmBench,
  llmOptimizer,
  latencyProfile,
  gkeInferenceQuickstart,
  llmperf,
  inferenceBenchmarker,
  genaiBench,
  fmperf,
  mlperf,
  figuresCsv,
];

/** The format of a parsed file, or `null` if none recognises it. */
export function detectFormat(file: ParsedFile): Adapter | null {
  if (file.kind === "records") return ADAPTERS.find((adapter) => adapter.format === file.format) ?? null;
  return ADAPTERS.find((adapter) => adapter.sniff(file)) ?? null;
}

/** The recognised formats as a person reads them. */
export function recognisedFormats(): string {
  return ADAPTERS.map((adapter) => adapter.label).join(", ");
}

/** A line that states one of the keys by which formats know their own, in YAML. */
const OWN_KEY = new RegExp(
  `^[ \\t]*["']?(?:${ADAPTERS.flatMap(({ yamlKeys }) => yamlKeys ?? []).join("|")})["']?[ \\t]*:`,
  "m",
);

/** True for a text that some format would know for its own if it were valid YAML. */
export function isMeantAsReport(text: string): boolean {
  return OWN_KEY.test(text);
}

/** Files that tools write beside reports, of every format. */
export const COMPANIONS = ADAPTERS.flatMap(({ companions }) => companions ?? []);
