import { tableEntry } from "../table-entry";

/** What the facts of a configuration are called beside one another. */
const FACT_WORDS: Readonly<Record<string, string>> = {
  model: "model",
  checkpoint: "weights",
  accelerator: "accelerator",
  acceleratorCount: "accelerators",
  nodes: "nodes",
  server: "server",
  serverVersion: "version",
  precision: "precision",
  speculative: "speculative decoding",
  speculativeTokens: "tokens guessed ahead",
  servingMode: "serving mode",
  prefillAccelerators: "accelerators that prefill",
  decodeAccelerators: "accelerators that decode",
  parallelism: "parallelism",
  tensor: "tensor parallelism",
  pipeline: "pipeline parallelism",
  data: "data parallelism",
  expert: "expert parallelism",
  context: "context parallelism",
  image: "image",
  serverArguments: "server arguments",
  environment: "environment",
  engineOptions: "engine options",
};

/** Name of a fact as the domain has it (`serverVersion`) in words (`version`). */
export function factName(fact: string): string {
  return tableEntry(FACT_WORDS, fact) ?? fact;
}
