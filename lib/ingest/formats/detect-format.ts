import { figuresCsv } from "../figures/figures-csv";
import type { ParsedFile } from "../parse/parsed-file";
import type { Adapter } from "./adapter";
import { aiperf } from "./aiperf/aiperf";
import { evalscope } from "./evalscope/evalscope";
import { fmperf } from "./fmperf/fmperf";
import { genaiBench } from "./genai-bench/genai-bench";
import { genaiPerf } from "./genai-perf/genai-perf";
import { gkeInferenceQuickstart } from "./gke-inference-quickstart/gke-inference-quickstart";
import { guidellm } from "./guidellm/guidellm";
import { inferenceBenchmarker } from "./inference-benchmarker/inference-benchmarker";
import { inferencePerf } from "./inference-perf/inference-perf";
import { inferenceQuickstartExport } from "./inference-quickstart-export/inference-quickstart-export";
import { inferencex } from "./inferencex/inferencex";
import { latencyProfile } from "./latency-profile/latency-profile";
import { llamaBench } from "./llama-bench/llama-bench";
import { llmdReport } from "./llm-d-report/llm-d-report";
import { llmOptimizer } from "./llm-optimizer/llm-optimizer";
import { llmperf } from "./llmperf/llmperf";
import { mlperf } from "./mlperf/mlperf";
import { mlperfEndpoints } from "./mlperf-endpoints/mlperf-endpoints";
import { ollama } from "./ollama/ollama";
import { servingConsole } from "./serving-console/serving-console";
import { sglangBenchServing } from "./sglang/sglang-bench-serving";
import { sglangOneBatch } from "./sglang/sglang-one-batch";
import { tgiBenchmark } from "./tgi-benchmark/tgi-benchmark";
import { trtllmBench } from "./trtllm-bench/trtllm-bench";
import { vllmBenchLatency } from "./vllm/vllm-bench-latency";
import { vllmBenchServe } from "./vllm/vllm-bench-serve";
import { vllmBenchThroughput } from "./vllm/vllm-bench-throughput";

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
  llamaBench,
  latencyProfile,
  gkeInferenceQuickstart,
  llmperf,
  inferenceBenchmarker,
  genaiBench,
  fmperf,
  mlperf,
  mlperfEndpoints,
  evalscope,
  ollama,
  tgiBenchmark,
  servingConsole,
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

/** A line of YAML with one of the keys by which a format recognises its reports. */
const OWN_KEY = new RegExp(
  `^[ \\t]*["']?(?:${ADAPTERS.flatMap(({ yamlKeys }) => yamlKeys ?? []).join("|")})["']?[ \\t]*:`,
  "m",
);

/** True for a text that some format would recognise if it were valid YAML. */
export function isMeantAsReport(text: string): boolean {
  return OWN_KEY.test(text);
}

/** Files that tools write beside reports, of every format. */
export const COMPANIONS = ADAPTERS.flatMap(({ companions }) => companions ?? []);
