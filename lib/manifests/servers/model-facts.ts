/** Facts about model families, from recipes, that decide how a server is started and are not in the catalogue. */
interface ModelFact {
  /** Hugging Face ids. */
  models: RegExp;
  /** Servers, as reports name them, whose start it changes. */
  servers: readonly string[];
  source: string;
}

function holds(facts: readonly ModelFact[], server: string, model: string): boolean {
  return facts.some(({ models, servers }) => servers.includes(server) && models.test(model));
}

/** Tokenizer or configuration is Python in the model's repository, which a server runs only when it is told to. */
const OWN_CODE: readonly ModelFact[] = [
  {
    models: /^moonshotai\/Kimi-/,
    servers: ["vllm", "sglang", "trtllm"],
    source: "vllm-project/recipes, base_args; the SGLang cookbook; the Python files in the model's repository",
  },
  {
    models: /^MiniMaxAI\/MiniMax-M2/,
    servers: ["vllm", "sglang", "trtllm"],
    source: "vllm-project/recipes, base_args; the SGLang cookbook; the Python files in the model's repository",
  },
  {
    models: /^deepseek-ai\/DeepSeek-(?:V3|R1|OCR|Math)/,
    servers: ["sglang"],
    source: "the SGLang cookbook",
  },
  { models: /^stepfun-ai\/Step/, servers: ["sglang"], source: "the SGLang cookbook" },
];

/** Models whose checkpoint holds the layer that predicts further tokens, with the server's own recipe for using it. */
const MULTI_TOKEN_PREDICTION: readonly ModelFact[] = [
  {
    models: /^deepseek-ai\/DeepSeek-(?:V3|R1)(?![0-9])/,
    servers: ["vllm", "sglang", "trtllm"],
    source: "the recipes of all three servers for DeepSeek V3, V3.1, V3.2 and R1",
  },
];

/** Started with an algorithm (`--dllm-algorithm`) that reports do not record. */
const DIFFUSION: readonly ModelFact[] = [
  { models: /^inclusionAI\/LLaDA/, servers: ["sglang"], source: "the SGLang cookbook" },
];

/** AWS starts them on Neuron with settings that change from release to release. */
const OVERRIDDEN_ON_NEURON: readonly ModelFact[] = [
  {
    models: /^openai\/gpt-oss/,
    servers: ["vllm"],
    source: "AWS's recipe of vLLM on Neuron (--hf-overrides, --additional-config)",
  },
];

/** Whether a server has to be told to run code from the model's repository. @param server as reports name it */
export function runsOwnCode(server: string, model: string): boolean {
  return holds(OWN_CODE, server, model);
}

/** Whether it is certain how a server predicts several tokens ahead with the model's own layer. @param server as reports name it */
export function hasKnownMtp(server: string, model: string): boolean {
  return holds(MULTI_TOKEN_PREDICTION, server, model);
}

/** Whether a server is started for the model with a diffusion algorithm of its own. @param server as reports name it */
export function isDiffusionModel(server: string, model: string): boolean {
  return holds(DIFFUSION, server, model);
}

/** Whether a server on Neuron is started with overrides that no report records. @param server as reports name it */
export function isOverriddenOnNeuron(server: string, model: string): boolean {
  return holds(OVERRIDDEN_ON_NEURON, server, model);
}
