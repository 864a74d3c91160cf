import { type Parallelism, SERVING_MODES } from "../../domain";
import { SETTING_GROUPS, type SettingGroup, type SettingValues } from "../../measurement/settings";
import type { GivenFacts } from "../report";
import { PRICING_MODELS } from "./pricing-models";

/** How one fact is called on the command line, in a side file (and as a CSV column), and where it is kept. */
export interface FactName {
  field: Exclude<keyof GivenFacts, "parallelism"> | keyof Parallelism;
  flag: string;
  /** Key in `iq.yaml` and column of a figures CSV. */
  key: string;
  /** `settings`: values by the names the server gives them. */
  kind: "text" | "count" | "settings";
  /** Argument of the flag, and its line of help. */
  argument: string;
  help: string;
  /** Its values where there are few. */
  choices?: readonly string[];
}

/** Every fact a person can give, in the order they are documented. */
export const FACT_NAMES: readonly FactName[] = [
  {
    field: "model",
    flag: "--model",
    key: "model",
    kind: "text",
    argument: "<id>",
    help: "Hugging Face id of the model",
  },
  {
    field: "checkpoint",
    flag: "--checkpoint",
    key: "checkpoint",
    kind: "text",
    argument: "<id>",
    help: "Hugging Face id of the weights, where they differ from the model",
  },
  {
    field: "accelerator",
    flag: "--accelerator",
    key: "accelerator",
    kind: "text",
    argument: "<id>",
    help: "accelerator, e.g. h100-sxm-80gb",
  },
  {
    field: "acceleratorCount",
    flag: "--accelerator-count",
    key: "accelerator_count",
    kind: "count",
    argument: "<n>",
    help: "accelerators of the whole deployment",
  },
  { field: "nodes", flag: "--nodes", key: "nodes", kind: "count", argument: "<n>", help: "machines" },
  {
    field: "server",
    flag: "--server",
    key: "server",
    kind: "text",
    argument: "<name>",
    help: "model server, e.g. vllm",
  },
  {
    field: "serverVersion",
    flag: "--server-version",
    key: "server_version",
    kind: "text",
    argument: "<version>",
    help: "its version",
  },
  {
    field: "precision",
    flag: "--precision",
    key: "precision",
    kind: "text",
    argument: "<name>",
    help: "precision of the weights, e.g. fp8",
  },
  {
    field: "label",
    flag: "--parallelism",
    key: "parallelism",
    kind: "text",
    argument: "<label>",
    help: "parallelism in short form, e.g. tp8-ep8",
  },
  {
    field: "tensor",
    flag: "--tp",
    key: "tensor_parallelism",
    kind: "count",
    argument: "<n>",
    help: "tensor parallelism",
  },
  {
    field: "pipeline",
    flag: "--pp",
    key: "pipeline_parallelism",
    kind: "count",
    argument: "<n>",
    help: "pipeline parallelism",
  },
  { field: "data", flag: "--dp", key: "data_parallelism", kind: "count", argument: "<n>", help: "data parallelism" },
  {
    field: "expert",
    flag: "--ep",
    key: "expert_parallelism",
    kind: "count",
    argument: "<n>",
    help: "expert parallelism",
  },
  {
    field: "context",
    flag: "--cp",
    key: "context_parallelism",
    kind: "count",
    argument: "<n>",
    help: "context parallelism",
  },
  {
    field: "speculative",
    flag: "--speculative",
    key: "speculative",
    kind: "text",
    argument: "<name>",
    help: "speculative decoding, e.g. mtp3",
  },
  {
    field: "speculativeTokens",
    flag: "--speculative-tokens",
    key: "speculative_tokens",
    kind: "count",
    argument: "<n>",
    help: "tokens guessed ahead, where the method does not say",
  },
  {
    field: "servingMode",
    flag: "--serving-mode",
    key: "serving_mode",
    kind: "text",
    argument: "<mode>",
    help: "aggregated or disaggregated",
    choices: SERVING_MODES,
  },
  {
    field: "prefillAccelerators",
    flag: "--prefill-accelerators",
    key: "prefill_accelerators",
    kind: "count",
    argument: "<n>",
    help: "accelerators that prefill, where disaggregated",
  },
  {
    field: "decodeAccelerators",
    flag: "--decode-accelerators",
    key: "decode_accelerators",
    kind: "count",
    argument: "<n>",
    help: "accelerators that decode, where disaggregated",
  },
  {
    field: "image",
    flag: "--image",
    key: "image",
    kind: "text",
    argument: "<image>",
    help: "container image the server ran in, e.g. vllm/vllm-openai:v0.22.0",
  },
  {
    field: "serverArguments",
    flag: "--server-arguments",
    key: "server_arguments",
    kind: "settings",
    argument: "<json>",
    help: 'arguments the server was started with, e.g. {"max-num-seqs": 256}; {} = its defaults',
  },
  {
    field: "environment",
    flag: "--environment",
    key: "environment",
    kind: "settings",
    argument: "<json>",
    help: 'environment it was started with, e.g. {"VLLM_USE_V1": "1"}',
  },
  {
    field: "engineOptions",
    flag: "--engine-options",
    key: "engine_options",
    kind: "settings",
    argument: "<json>",
    help: "options in the engine's own file, e.g. TensorRT-LLM's extra options",
  },
  {
    field: "dataset",
    flag: "--dataset",
    key: "dataset",
    kind: "text",
    argument: "<name>",
    help: "data set or generator, e.g. sharegpt",
  },
  {
    field: "inputTokens",
    flag: "--input-tokens",
    key: "input_tokens",
    kind: "count",
    argument: "<n>",
    help: "nominal input length",
  },
  {
    field: "outputTokens",
    flag: "--output-tokens",
    key: "output_tokens",
    kind: "count",
    argument: "<n>",
    help: "nominal output length",
  },
  {
    field: "concurrency",
    flag: "--concurrency",
    key: "concurrency",
    kind: "count",
    argument: "<n>",
    help: "requests in flight, where the report does not say its load",
  },
  {
    field: "workloadId",
    flag: "--workload",
    key: "workload",
    kind: "text",
    argument: "<id>",
    help: "name of the workload, where it has one",
  },
  {
    field: "pricingModel",
    flag: "--pricing-model",
    key: "pricing_model",
    kind: "text",
    argument: "<name>",
    help: "what the costs published in a report are for: spot, on-demand, 1-year-cud, 3-years-cud",
    choices: PRICING_MODELS,
  },
  {
    field: "measuredOn",
    flag: "--measured-on",
    key: "measured_on",
    kind: "text",
    argument: "<date>",
    help: "date of the measurement, e.g. 2026-09-01",
  },
  {
    field: "sourceName",
    flag: "--source-name",
    key: "source_name",
    kind: "text",
    argument: "<name>",
    help: "who measured",
  },
  {
    field: "sourceUrl",
    flag: "--source-url",
    key: "source_url",
    kind: "text",
    argument: "<url>",
    help: "where it is published",
  },
  {
    field: "licence",
    flag: "--licence",
    key: "licence",
    kind: "text",
    argument: "<name>",
    help: "licence of the figures",
  },
];

/** Source name of reports whose owner gave none. Not the file's name: the same figure must be known again in another file. */
export const DEFAULT_SOURCE_NAME = "own-measurements";

/** Source name of reports that the benchmark Job of a manifest sends: they stand beside what was predicted for it. */
export const IN_CLUSTER_SOURCE_NAME = "in-cluster";

/** A fact as given. */
export type FactValue = string | number | SettingValues;

/** The facts with those of `over` on top; what `over` does not say stays. */
export function overlayFacts(under: GivenFacts, over: GivenFacts): GivenFacts {
  const merged: GivenFacts = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value !== undefined && key !== "parallelism") Object.assign(merged, { [key]: value });
  }
  for (const group of SETTING_GROUPS) {
    const [below, above] = [under[group], over[group]];
    if (below !== undefined && above !== undefined) merged[group] = { ...below, ...above };
  }
  if (under.parallelism !== undefined || over.parallelism !== undefined) {
    merged.parallelism = overlayParallelism(under.parallelism ?? {}, over.parallelism ?? {});
  }
  return merged;
}

/** True for a fact that is a set of values by name. */
export function isSettingGroup(field: FactName["field"]): field is SettingGroup {
  return SETTING_GROUPS.some((group) => group === field);
}

/** Facts from a flat record by key (`tensor_parallelism` …); keys that are no fact are left out. */
export function factsFromKeys(values: ReadonlyMap<string, FactValue>): GivenFacts {
  const facts: GivenFacts = {};
  const parallelism: Partial<Parallelism> = {};
  for (const { field, key } of FACT_NAMES) {
    const value = values.get(key);
    if (value === undefined) continue;
    const target = isParallelismField(field) ? parallelism : facts;
    Object.assign(target, { [field]: value });
  }
  if (Object.keys(parallelism).length > 0) facts.parallelism = parallelism;
  return facts;
}

/** A fact's value by its name; `undefined` = not said. */
export function factValue(facts: GivenFacts, field: FactName["field"]): FactValue | undefined {
  return (isParallelismField(field) ? facts.parallelism?.[field] : facts[field]) ?? undefined;
}

const PARALLEL_PARTS = ["tensor", "pipeline", "data", "expert", "context"] as const;
type ParallelParts = Record<(typeof PARALLEL_PARTS)[number], number | null>;

/** Of each part in a label: `tp8-pp2`. */
const PREFIXES: Readonly<Record<keyof ParallelParts, string>> = {
  tensor: "tp",
  pipeline: "pp",
  data: "dp",
  expert: "ep",
  context: "cp",
};

function isParallelismField(field: FactName["field"]): field is keyof Parallelism {
  return field === "label" || PARALLEL_PARTS.some((part) => part === field);
}

/** A new label or new parts make the other side's label (or parts) obsolete, so they are not mixed. */
function overlayParallelism(under: Partial<Parallelism>, over: Partial<Parallelism>): Partial<Parallelism> {
  if (over.label !== undefined && over.label !== null) return { ...over };
  const merged: Partial<Parallelism> = { ...under };
  let changed = false;
  for (const part of PARALLEL_PARTS) {
    const value = over[part];
    if (value === undefined || value === null || value === merged[part]) continue;
    merged[part] = value;
    changed = true;
  }
  if (changed) delete merged.label;
  return merged;
}

/**
 * Both forms of a parallelism completed from one another: parts give the label (`tp8-pp2`), a label of this plain form
 * gives the parts. Other labels (`p1x(tp4)+d3x(tp4)`) stand as they are.
 */
export function canonicalParallelism(given: Partial<Parallelism>): Parallelism {
  const parts: ParallelParts = {
    tensor: given.tensor ?? null,
    pipeline: given.pipeline ?? null,
    data: given.data ?? null,
    expert: given.expert ?? null,
    context: given.context ?? null,
  };
  const label = given.label?.trim().toLowerCase() || null;
  if (label !== null && /^(?:tp|pp|dp|ep|cp)\d{1,5}(?:-(?:tp|pp|dp|ep|cp)\d{1,5})*$/.test(label)) {
    for (const [, prefix, digits] of label.matchAll(/(tp|pp|dp|ep|cp)(\d+)/g)) {
      const part = PARALLEL_PARTS.find((name) => PREFIXES[name] === prefix);
      if (part !== undefined) parts[part] ??= Number(digits);
    }
  }
  return { label: label ?? labelOf(parts), ...parts };
}

function labelOf(parts: ParallelParts): string | null {
  const names = PARALLEL_PARTS.flatMap((part) => {
    const size = parts[part];
    return size === null || (size === 1 && part !== "tensor") ? [] : [`${PREFIXES[part]}${size}`];
  });
  return names.length === 0 ? null : names.join("-");
}
