import { parseAllDocuments } from "yaml";
import { at, type Json, objectsIn } from "./read-bundle";

/** Something that is wrong in manifests people publish, and how to tell that an object has it. */
export interface Mistake {
  name: string;
  /** Kind of object, `Pod` for every pod template, or `*` for every object. */
  kind: string;
  /** True where the object has the mistake. */
  has(object: Json): boolean;
  /** Puts the mistake into an object that does not have it. */
  make(object: Json): void;
}

/** The same of a whole YAML stream. */
export interface TextMistake {
  name: string;
  has(yaml: string): boolean;
  make(yaml: string): string;
}

export function list(json: Json | undefined): Json[] {
  return Array.isArray(json) ? json : [];
}

export function fields(json: Json | undefined): [string, Json][] {
  return json !== null && typeof json === "object" && !Array.isArray(json) ? Object.entries(json) : [];
}

/** Sets a value at a path that exists but for its last step. */
export function put(object: Json, path: readonly (string | number)[], value: Json): void {
  const last = path.at(-1);
  const parent = at(object, ...path.slice(0, -1));
  if (last === undefined || parent === null || typeof parent !== "object") throw new Error(`no ${path.join(".")}`);
  Object.assign(parent, { [last]: value });
}

export function remove(object: Json, path: readonly (string | number)[]): void {
  const parent = at(object, ...path.slice(0, -1));
  if (parent === null || typeof parent !== "object") throw new Error(`no ${path.join(".")}`);
  Reflect.deleteProperty(parent as object, path.at(-1) ?? "");
}

/** A pod whose template stands without the word `spec`, as KServe has it. */
function podOf(labels: Json | undefined, spec: Json | undefined): Json[] {
  return spec === undefined ? [] : [{ metadata: { labels: labels ?? {} }, spec }];
}

/** Every pod template in an object: of Deployments, Jobs, leaders and workers of a group, and KServe's services; a pod is its own. */
export function podsIn(object: Json): Json[] {
  const spec = at(object, "spec");
  const group = at(spec, "leaderWorkerTemplate");
  switch (at(object, "kind")) {
    case "Pod":
      return [object];
    case "InferenceService":
      return podOf(at(spec, "predictor", "labels"), at(spec, "predictor"));
    case "LLMInferenceService":
      return podOf(at(spec, "labels"), at(spec, "template"));
    // A node pool's template makes machines.
    case "NodePool":
      return [];
    default:
      return [at(spec, "template"), at(group, "leaderTemplate"), at(group, "workerTemplate")].flatMap(
        (template) => template ?? [],
      );
  }
}

export function containersOf(pod: Json): Json[] {
  return [...list(at(pod, "spec", "initContainers")), ...list(at(pod, "spec", "containers"))];
}

/** Every string in an object with the path to it. */
export function strings(json: Json | undefined, path = ""): [path: string, text: string][] {
  if (typeof json === "string") return [[path, json]];
  if (Array.isArray(json)) return json.flatMap((item, index) => strings(item, `${path}.${index}`));
  return fields(json).flatMap(([key, value]) => strings(value, `${path}.${key}`));
}

function isReadable(yaml: string): boolean {
  try {
    const workloads = objectsIn(yaml).filter((object) => podsIn(object).length > 0);
    return workloads.every((object) => podsIn(object).every((pod) => containersOf(pod).length > 0));
  } catch {
    return false;
  }
}

/** Metrics of vLLM that were renamed or left with its first engine. */
const REMOVED_METRICS =
  /vllm:(?:gpu_cache_usage_perc|gpu_prefix_cache\w*|cpu_cache_usage_perc|num_requests_swapped|time_per_output_token_seconds)/;

export const TEXT_MISTAKES: readonly TextMistake[] = [
  {
    name: "lines indented so that containers end up inside something else, or nothing can be read",
    has: (yaml) => !isReadable(yaml),
    make: (yaml) => yaml.replace(/^( +)containers:$/m, "$1    containers:"),
  },
  {
    name: "a key twice in one map",
    has: (yaml) => parseAllDocuments(yaml).some((document) => "errors" in document && document.errors.length > 0),
    make: (yaml) => yaml.replace(/^( +)name: .*$/m, "$&\n$1name: again"),
  },
  {
    name: "a metric the server no longer exports",
    has: (yaml) => REMOVED_METRICS.test(yaml),
    make: (yaml) => `${yaml}# vllm:gpu_cache_usage_perc\n`,
  },
];
