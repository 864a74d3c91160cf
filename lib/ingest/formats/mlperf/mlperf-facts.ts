import { isRecord, type JsonRecord, own, positiveIntegerOf, textAt } from "../../parse/fields";
import type { GivenFacts } from "../../report";

/** Benchmarks of language models, as their directories are called, with the checkpoint and data set their rules prescribe. */
const BENCHMARKS: { name: RegExp; model: string; dataset: string }[] = [
  { name: /llama2-70b/, model: "meta-llama/Llama-2-70b-chat-hf", dataset: "mlperf-openorca" },
  { name: /llama3[._]1-405b/, model: "meta-llama/Llama-3.1-405B-Instruct", dataset: "mlperf-longbench-mix" },
  { name: /llama3[._]1-8b/, model: "meta-llama/Llama-3.1-8B-Instruct", dataset: "mlperf-cnn-dailymail" },
  { name: /mixtral-8x7b/, model: "mistralai/Mixtral-8x7B-Instruct-v0.1", dataset: "mlperf-mixtral-mix" },
  { name: /deepseek-r1/, model: "deepseek-ai/DeepSeek-R1", dataset: "mlperf-deepseek-mix" },
  { name: /gpt-oss-120b/, model: "openai/gpt-oss-120b", dataset: "mlperf-gpt-oss-mix" },
];

/**
 * What the names of directories (or a benchmark's own name) make likely: model, data set and scenario. Interactive is the
 * Server scenario with tighter limits, and only a name tells it apart.
 */
export function benchmarkFacts(names: string, scenario: string): GivenFacts {
  const text = names.toLowerCase();
  const benchmark = BENCHMARKS.find(({ name }) => name.test(text));
  if (benchmark === undefined) return {};
  const facts: GivenFacts = { model: benchmark.model, dataset: benchmark.dataset };
  const kind = /interactive/.test(text) ? "interactive" : scenario.trim().toLowerCase();
  if (["interactive", "server", "offline"].includes(kind)) facts.workloadId = `${benchmark.dataset}-${kind}`;
  return facts;
}

/** True for the description of a system (`systems/<name>.json`). */
export function isSystem(value: unknown): boolean {
  return (
    isRecord(value) &&
    own(value, "accelerator_model_name") !== undefined &&
    own(value, "accelerators_per_node") !== undefined
  );
}

/** Servers a description may name, as we call them. */
const SERVERS: { name: RegExp; server: string }[] = [
  { name: /\bvllm\b/i, server: "vllm" },
  { name: /\bsglang\b/i, server: "sglang" },
  { name: /\btensorrt[- _]?llm\b|\btrt[- _]?llm\b|\btensorrt\b/i, server: "trtllm" },
];

/** Hardware and software of a described system. Numbers may be texts. */
export function systemFacts(system: JsonRecord): { hints: GivenFacts } {
  const hints: GivenFacts = {};
  const accelerator = textAt(system, "accelerator_model_name");
  const perNode = positiveIntegerOf(own(system, "accelerators_per_node"));
  const nodes = positiveIntegerOf(own(system, "number_of_nodes"));
  if (accelerator !== null) hints.accelerator = submittedAccelerator(accelerator);
  if (nodes !== null) hints.nodes = nodes;
  if (perNode !== null && nodes !== null) hints.acceleratorCount = perNode * nodes;
  return { hints: { ...hints, ...softwareFacts(textAt(system, "framework")) } };
}

/** The accelerator without a count some submitters put behind it: `AMD Instinct MI355X 288GB HBM3e (x87)`. */
export function submittedAccelerator(text: string): string {
  return text.replace(/\s*\(x\d+\)$/i, "");
}

/** `vLLM 0.9.0.2.dev108+g71faa1880, Pytorch 2.7` → server and version, where exactly one known server is named. */
export function softwareFacts(framework: string | null): GivenFacts {
  const known = SERVERS.filter(({ name }) => name.test(framework ?? ""));
  const [only, ...others] = known;
  if (only === undefined || others.length > 0) return {};
  const part = (framework ?? "").split(",").find((text) => only.name.test(text)) ?? "";
  // TensorRT counts its versions by itself: that of the library says nothing of the server built on it.
  const version = /\btensorrt\s/i.test(part) ? undefined : /\sv?(\d[\w.+-]*)/.exec(part)?.[1];
  return version === undefined ? { server: only.server } : { server: only.server, serverVersion: version };
}
