import { isList } from "../../is-list";
import type { SettingValue } from "../../measurement/settings";
import { isRecord, type JsonRecord, own, positiveIntegerOf, recordAt, textAt } from "../parse/fields";
import { type ServerStart, startsInShell, startsOfContainer } from "./server-start";
import { shellText } from "./shell-text";

/** A model server that a document starts, and which part of the deployment it is. */
export interface RoleStart extends ServerStart {
  role: "prefill" | "decode" | null;
}

/** Values of a document that are looked at: a bundle of manifests has some thousands. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 40;

/** What holds for a part of a document. */
interface Place {
  role: RoleStart["role"];
  replicas: number;
  /** Model and parallel sizes that Helm values say beside the container. */
  model: string | null;
  parallelism: JsonRecord | null;
}

/**
 * Model servers that a document starts: containers of Kubernetes objects, services of a compose file, Helm values, wherever in it
 * they stand.
 * @throws TooLongError
 */
export function startsInDocument(value: unknown): RoleStart[] {
  const found: RoleStart[] = [];
  const budget = { nodes: MAX_NODES };
  const visit = (node: unknown, place: Place, depth: number): void => {
    if (depth > MAX_DEPTH || --budget.nodes < 0) return;
    if (isList(node)) {
      for (const item of node) visit(item, place, depth + 1);
      return;
    }
    if (!isRecord(node)) return;
    const here = placeOf(node, place);
    for (const start of startsOf(node, here)) {
      const accelerators = start.accelerators === null ? null : start.accelerators * here.replicas;
      found.push({ ...start, accelerators, role: here.role });
    }
    for (const [key, member] of Object.entries(node)) {
      visit(member, { ...here, role: roleOf(key) ?? roleOf(textAt(node, "name") ?? "") ?? here.role }, depth + 1);
    }
  };
  visit(value, { role: null, replicas: 1, model: null, parallelism: null }, 0);
  return found;
}

function roleOf(name: string): RoleStart["role"] {
  if (/prefill/i.test(name)) return /decode/i.test(name) ? null : "prefill";
  return /decode/i.test(name) ? "decode" : null;
}

function placeOf(node: JsonRecord, above: Place): Place {
  const artifacts = recordAt(node, "modelArtifacts");
  const stated = positiveIntegerOf(own(node, "replicas")) ?? positiveIntegerOf(own(node, "replicaCount"));
  // A group of pods: one of them leads.
  const size = positiveIntegerOf(own(node, "size"));
  const isGroup = recordAt(node, "workerTemplate") !== null && size !== null;
  return {
    role: above.role,
    replicas: above.replicas * (stated ?? 1) * (isGroup ? size : 1),
    model: textAt(artifacts, "name") ?? textAt(artifacts, "uri")?.replace(/^hf:\/\//, "") ?? above.model,
    parallelism: recordAt(node, "parallelism") ?? above.parallelism,
  };
}

function startsOf(node: JsonRecord, place: Place): ServerStart[] {
  const stack = productionStack(node);
  if (stack !== null) return stack;
  const image = imageOf(node);
  const words = [
    ...wordsAt(node, "entrypoint"),
    ...modelCommand(node, place),
    ...wordsAt(node, "command"),
    ...wordsAt(node, "args"),
    ...wordsAt(node, "extraArgs"),
  ];
  if (image === null && words.length === 0) return [];
  const environment = Object.fromEntries(
    Object.entries(environmentOf(node)).map(([name, value]) => [name, value.replaceAll("$$", () => "$")]),
  );
  // Kubernetes and compose both read `$$` as `$`.
  const filled = words.map((word) =>
    word.replace(/\$\$|\$\(([A-Za-z_]\w*)\)/g, (whole, name: string | undefined) => {
      if (name === undefined) return "$";
      return Object.hasOwn(environment, name) ? (environment[name] ?? whole) : whole;
    }),
  );
  return startsOfContainer({ image, words: filled, environment, accelerators: acceleratorsOf(node) });
}

/** `modelCommand: vllmServe` of llm-d's Helm values: the chart writes the command. */
function modelCommand(node: JsonRecord, { model, parallelism }: Place): string[] {
  if (textAt(node, "modelCommand") !== "vllmServe") return [];
  const size = (key: string) => (parallelism === null ? null : positiveIntegerOf(own(parallelism, key)));
  const [tensor, data] = [size("tensor"), size("data")];
  return [
    ...["vllm", "serve", ...(model === null ? [] : [model])],
    ...(tensor === null ? [] : ["--tensor-parallel-size", String(tensor)]),
    ...(data === null ? [] : ["--data-parallel-size", String(data)]),
  ];
}

/** A model of the vLLM production stack's Helm values, whose options are written in camel case. */
function productionStack(node: JsonRecord): ServerStart[] | null {
  const [model, repository, tag] = [textAt(node, "modelURL"), textAt(node, "repository"), textAt(node, "tag")];
  if (model === null || repository === null) return null;
  const options: Record<string, SettingValue> = { model };
  const extra: string[] = [];
  for (const [key, value] of Object.entries(recordAt(node, "vllmConfig") ?? {})) {
    if (key === "extraArgs") extra.push(...wordsAt({ extraArgs: value }, key));
    else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      options[key.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)] = value;
    }
  }
  const image = tag === null ? repository : `${repository}:${tag}`;
  const accelerators = positiveIntegerOf(own(node, "requestGPU"));
  const [start] = startsOfContainer({
    image,
    words: ["vllm", "serve", ...extra],
    environment: environmentOf(node),
    accelerators,
  });
  return start === undefined ? [] : [{ ...start, arguments: { ...options, ...start.arguments } }];
}

/** `image: name:tag`, or its parts as Helm values have them. */
function imageOf(node: JsonRecord): string | null {
  const plain = textAt(node, "image");
  if (plain !== null) return plain;
  const parts = recordAt(node, "image");
  const repository = textAt(parts, "repository");
  if (repository === null) return null;
  const registry = textAt(parts, "registry");
  const tag = textAt(parts, "tag");
  return `${registry === null ? "" : `${registry}/`}${repository}${tag === null ? "" : `:${tag}`}`;
}

/** A list of words, or a text that a shell would split. */
function wordsAt(node: JsonRecord, key: string): string[] {
  const value = own(node, key);
  if (isList(value)) return value.flatMap((item) => (typeof item === "object" ? [] : [String(item)]));
  if (typeof value !== "string") return [];
  // As one text these are words of one command, unless they are a script of their own.
  const starts = startsInShell(value).length;
  return starts > 0 ? ["sh", "-c", value] : shellText(value).commands.flatMap(({ words }) => words);
}

/** Variables with plain values: of a secret or a config map only the name is known. */
function environmentOf(node: JsonRecord): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of ["env", "environment", "envVars", "extraEnvVars"]) {
    const value = own(node, key);
    if (isRecord(value)) {
      for (const [name, member] of Object.entries(value)) {
        if (["string", "number", "boolean"].includes(typeof member)) found[name] = String(member);
      }
    } else if (isList(value)) {
      for (const item of value) {
        if (typeof item === "string") {
          const equals = item.indexOf("=");
          if (equals > 0) found[item.slice(0, equals)] = item.slice(equals + 1);
        } else if (isRecord(item)) {
          const [name, member] = [textAt(item, "name"), own(item, "value")];
          if (name !== null && ["string", "number", "boolean"].includes(typeof member)) found[name] = String(member);
        }
      }
    }
  }
  return found;
}

/** Accelerators of one container: its limits in Kubernetes, its devices in a compose file. */
function acceleratorsOf(node: JsonRecord): number | null {
  const resources = recordAt(node, "resources");
  for (const kind of ["limits", "requests"]) {
    for (const [name, amount] of Object.entries(recordAt(resources, kind) ?? {})) {
      const isDevice = /(?:nvidia|amd|intel|habana|gaudi|tpu|neuron).*(?:\/|\.)(?:gpu|tpu|gaudi|neuron|i915|xe)/i.test(
        name,
      );
      const count = isDevice ? positiveIntegerOf(amount) : null;
      if (count !== null) return count;
    }
  }
  const reservations = recordAt(recordAt(recordAt(node, "deploy"), "resources"), "reservations");
  const devices = reservations === null ? null : own(reservations, "devices");
  const [device] = isList(devices) ? devices : [];
  if (!isRecord(device)) return null;
  const ids = own(device, "device_ids");
  return isList(ids) && ids.length > 0 ? ids.length : positiveIntegerOf(own(device, "count"));
}
