/** Key of how the server was started, as one text; it stands beside the facts' own. */
export const STARTED_WITH_KEY = "started_with";

/** Facts as a form asks for them, by their key in `iq.yaml`. */
const LABELS: Readonly<Record<string, string>> = {
  model: "Model",
  checkpoint: "Weights, where they differ",
  accelerator: "Accelerator",
  accelerator_count: "Number of accelerators",
  nodes: "Machines",
  server: "Model server",
  server_version: "Server version",
  precision: "Precision",
  parallelism: "Parallelism",
  tensor_parallelism: "Tensor parallelism",
  pipeline_parallelism: "Pipeline parallelism",
  data_parallelism: "Data parallelism",
  expert_parallelism: "Expert parallelism",
  context_parallelism: "Context parallelism",
  speculative: "Speculative decoding",
  speculative_tokens: "Tokens guessed ahead",
  serving_mode: "Serving mode",
  prefill_accelerators: "Accelerators that prefill",
  decode_accelerators: "Accelerators that decode",
  image: "Container image",
  server_arguments: "Server arguments",
  environment: "Environment of the server",
  engine_options: "Engine options",
  [STARTED_WITH_KEY]: "How the server was started",
  dataset: "Data set",
  input_tokens: "Input tokens",
  output_tokens: "Output tokens",
  workload: "Name of the workload",
  pricing_model: "Pricing model",
  measured_on: "Measured on",
  source_name: "Who measured",
  source_url: "Published at",
  licence: "Licence",
};

/** What a person would write, where the catalogue has no list. */
const EXAMPLES: Readonly<Record<string, string>> = {
  model: "org/name",
  accelerator: "h100-sxm-80gb",
  accelerator_count: "8",
  server: "vllm",
  server_version: "0.11.0",
  precision: "fp8",
  tensor_parallelism: "8",
  dataset: "sharegpt",
  [STARTED_WITH_KEY]: "vllm serve … --tensor-parallel-size 8",
  measured_on: "2026-09-01",
  source_name: "own-measurements",
  source_url: "https://",
  licence: "CC-BY-4.0",
};

/** `accelerator_count` → `Number of accelerators`. */
export function factLabel(key: string): string {
  return LABELS[key] ?? key.replaceAll("_", " ");
}

/** An example of an answer; `""` = none is needed. */
export function factExample(key: string): string {
  return EXAMPLES[key] ?? "";
}
