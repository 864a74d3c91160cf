import { type ArgumentTable, argumentName } from "../../measurement/server-arguments/argument-table";
import { argumentTable } from "../../measurement/server-arguments/tables";
import type { SettingValue } from "../../measurement/settings";
import { imageFacts } from "../facts/image-facts";
import { type ShellCommand, shellText, UNKNOWN_PART } from "./shell-text";

/** How one model server was started, as it is written. */
export interface ServerStart {
  server: string;
  image: string | null;
  /** By the names as written, without leading dashes. */
  arguments: Record<string, SettingValue>;
  environment: Record<string, string>;
  /** Files a shell text writes, by name: options of an engine may be one. */
  files: ReadonlyMap<string, string>;
  /** Accelerators it is given, where the text says so. */
  accelerators: number | null;
  /** What is left: names of arguments whose values only running the text would tell, words that are no argument. */
  notUnderstood: string[];
}

/** What runs as a container: by `docker run`, a compose file, Kubernetes, Helm values. */
export interface ContainerStart {
  image: string | null;
  /** Command and arguments; without a command the image's own is run with the arguments. */
  words: readonly string[];
  environment: Readonly<Record<string, string>>;
  accelerators: number | null;
}

/** `sh -c "sh -c …"`: deeper is nobody's. */
const MAX_SHELLS = 4;

/** Modules that are a model server when Python runs them. */
const MODULES: Readonly<Record<string, string>> = {
  "vllm.entrypoints.openai.api_server": "vllm",
  "vllm.entrypoints.api_server": "vllm",
  "vllm.entrypoints.cli.main": "vllm",
  "sglang.launch_server": "sglang",
  "tensorrt_llm.commands.serve": "trtllm",
  "atom.entrypoints.openai_server": "atom",
  "dynamo.vllm": "dynamo-vllm",
  "dynamo.sglang": "dynamo-sglang",
  "dynamo.trtllm": "dynamo-trtllm",
};

/** Every model server a shell text starts, in order. @throws TooLongError */
export function startsInShell(text: string, depth = 0): ServerStart[] {
  if (depth > MAX_SHELLS) return [];
  const { commands, files, usedVariables } = shellText(text);
  const exported: Record<string, string> = {};
  return commands.flatMap((command) => {
    const set = plainVariables(command.assignments);
    if (command.isExport) {
      // What a script puts into its own commands is a parameter of it, not of the server.
      for (const [name, value] of Object.entries(set)) if (!usedVariables.has(name)) exported[name] = value;
    }
    const own = { ...exported, ...(command.words.length > 0 ? set : {}) };
    return startsOfCommand(command, own, depth).map((start) => ({
      ...start,
      files: new Map([...files, ...start.files]),
    }));
  });
}

function startsOfCommand({ words }: ShellCommand, environment: Record<string, string>, depth: number): ServerStart[] {
  const docker = words.findIndex(
    (word, index) => isProgram(word, CONTAINER_PROGRAMS) && runIndex(words, index) !== null,
  );
  if (docker >= 0) return startsOfContainer(dockerRun(words.slice((runIndex(words, docker) ?? docker) + 1)), depth);
  return startsOfWords(words, environment, null, depth);
}

/** Every model server a container starts. @throws TooLongError */
export function startsOfContainer(container: ContainerStart, depth = 0): ServerStart[] {
  const { image, words, environment, accelerators } = container;
  const found = startsOfWords(words, { ...environment }, image, depth).map((start) => ({
    ...start,
    accelerators: start.accelerators ?? accelerators,
  }));
  const server = image === null ? undefined : imageFacts(image).server;
  if (found.length > 0 || server === undefined || image === null) return found;
  // The image's own command with these arguments; of another command nothing is known.
  if (
    words.length > 0 &&
    !/^-/.test(words[0] ?? "") &&
    !(TAKES_MODEL.has(server) && words.slice(1).every(isNoCommand))
  ) {
    return [];
  }
  return [{ ...started(server, words, { ...environment }, image), accelerators }];
}

/** Servers whose image takes the model as the first word. */
const TAKES_MODEL: ReadonlySet<string> = new Set(["vllm", "trtllm"]);

function isNoCommand(word: string): boolean {
  return !/[;&|]/.test(word);
}

function startsOfWords(
  words: readonly string[],
  environment: Record<string, string>,
  image: string | null,
  depth: number,
): ServerStart[] {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const inside = shellArgument(words, index);
    if (inside !== null) {
      return startsInShell(inside, depth + 1).map((start) => ({
        ...start,
        image: start.image ?? image,
        environment: { ...environment, ...start.environment },
      }));
    }
    const launch = launchAt(words, index);
    if (launch !== null) {
      const before = plainVariables(words.slice(0, index).flatMap((item) => assignmentIn(item)));
      return [started(launch.server, words.slice(launch.from), { ...environment, ...before }, image)];
    }
    // `vllm bench serve --model …` and the like measure a server; they start none.
    if (/^(?:vllm|sglang)$/.test(programName(word)) && words[index + 1] === "bench") return [];
  }
  return [];
}

/** The text of `sh -c TEXT`; `null` where these words are something else. */
function shellArgument(words: readonly string[], index: number): string | null {
  if (!/^(?:ba|da|z|k)?sh$/.test(programName(words[index] ?? ""))) return null;
  for (let at = index + 1; at < words.length && /^[-+]/.test(words[at] ?? ""); at++) {
    if (/^-[a-z]*c[a-z]*$/.test(words[at] ?? "")) return words[at + 1] ?? null;
  }
  return null;
}

/** The server that these words start, and where its arguments begin. */
function launchAt(words: readonly string[], index: number): { server: string; from: number } | null {
  const program = programName(words[index] ?? "");
  const next = words[index + 1] ?? "";
  if (program === "vllm" && next === "serve") return { server: "vllm", from: index + 2 };
  if (program === "sglang" && next === "serve") return { server: "sglang", from: index + 2 };
  if (program === "trtllm-serve") {
    if (next === "disaggregated" || next.startsWith("disaggregated_")) return null;
    return { server: "trtllm", from: index + (next === "serve" ? 2 : 1) };
  }
  if (program === "text-generation-launcher") return { server: "tgi", from: index + 1 };
  if (words[index] === "-m" && Object.hasOwn(MODULES, next)) {
    const server = MODULES[next] ?? "";
    return { server, from: index + (words[index + 2] === "serve" ? 3 : 2) };
  }
  if (/(?:^|\/)api_server\.py$/.test(words[index] ?? "")) return { server: "vllm", from: index + 1 };
  if (/(?:^|\/)launch_server\.py$/.test(words[index] ?? "")) return { server: "sglang", from: index + 1 };
  return null;
}

function programName(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}

function isProgram(word: string, programs: ReadonlySet<string>): boolean {
  return programs.has(programName(word));
}

function assignmentIn(word: string): [string, string][] {
  const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
  return match === null ? [] : [[match[1] ?? "", match[2] ?? ""]];
}

function plainVariables(assignments: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(assignments.filter(([, value]) => !value.includes(UNKNOWN_PART)));
}

/** A server with its arguments read. */
function started(
  server: string,
  words: readonly string[],
  environment: Record<string, string>,
  image: string | null,
): ServerStart {
  const table = argumentTable(server);
  const found: Record<string, SettingValue> = {};
  const notUnderstood: string[] = [];
  const isOption = (word: string) => /^--?[A-Za-z]/.test(word);
  const give = (name: string, value: SettingValue) => {
    if (typeof value === "string" && value.includes(UNKNOWN_PART)) notUnderstood.push(`--${name}`);
    else found[name] = value;
  };
  let model: string | null = null;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!isOption(word)) {
      if (model === null && /^[\w./~:-]/.test(word) && found.model === undefined) model = word;
      else notUnderstood.push(shown(word));
      continue;
    }
    const equals = word.indexOf("=");
    if (equals > 0) {
      give(bare(word.slice(0, equals)), typed(word.slice(equals + 1)));
      continue;
    }
    const name = bare(word);
    const level = /^O(\d)$/.exec(name);
    if (level !== null) {
      found.O = Number(level[1]);
      continue;
    }
    const values: string[] = [];
    if (!isSwitch(table, name)) {
      while (index + 1 < words.length && !isOption(words[index + 1] ?? "")) values.push(words[++index] ?? "");
    }
    // `--port 8000 org/model`: the model stands last.
    const last = values.at(-1) ?? "";
    if (values.length === 2 && model === null && TAKES_MODEL.has(server) && /^[\w.-]+\/[\w.-]+$/.test(last)) {
      model = last;
      values.pop();
    }
    const [only] = values;
    if (only === undefined) found[name] = true;
    else if (values.length === 1) give(name, typed(only));
    else if (values.some((value) => value.includes(UNKNOWN_PART))) notUnderstood.push(`--${name}`);
    else found[name] = values.map(typed);
  }
  if (model !== null) {
    if (model.includes(UNKNOWN_PART)) notUnderstood.push("the model");
    else found[server.includes("sglang") ? "model-path" : "model"] ??= model;
  }
  return { server, image, arguments: found, environment, files: new Map(), accelerators: null, notUnderstood };
}

function isSwitch(table: ArgumentTable, name: string): boolean {
  const known = argumentName(table, name);
  return table.switches.has(known) || (table.hasNegations && table.switches.has(known.replace(/^no-/, "")));
}

function bare(option: string): string {
  return option.replace(/^-+/, "");
}

function shown(word: string): string {
  return word.replaceAll(UNKNOWN_PART, "…").slice(0, 80);
}

function typed(text: string): SettingValue {
  if (/^true$/i.test(text)) return true;
  return /^false$/i.test(text) ? false : text;
}

const CONTAINER_PROGRAMS: ReadonlySet<string> = new Set(["docker", "podman", "nerdctl"]);

/** Where `run` stands after the program's own options; `null` = another of its commands. */
function runIndex(words: readonly string[], index: number): number | null {
  const run = words.indexOf("run", index + 1);
  return run >= 0 && run - index <= 4 ? run : null;
}

const RUN_SWITCHES: ReadonlySet<string> = names(
  "--detach --rm --interactive --tty --privileged --init --read-only --no-healthcheck --publish-all --oom-kill-disable --sig-proxy --quiet",
);

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** What follows `docker run`. */
function dockerRun(words: readonly string[]): ContainerStart {
  const environment: Record<string, string> = {};
  let accelerators: number | null = null;
  let entrypoint: string[] = [];
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) break;
    if (RUN_SWITCHES.has(word) || /^-[ditqP]+$/.test(word)) continue;
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const short = /^-([ev])(.+)$/.exec(word);
    const name = equals > 0 ? word.slice(0, equals) : short === null ? word : `-${short[1]}`;
    const value = equals > 0 ? word.slice(equals + 1) : short === null ? (words[++index] ?? "") : (short[2] ?? "");
    if (name === "-e" || name === "--env") Object.assign(environment, plainVariables(assignmentIn(value)));
    else if (name === "--gpus") accelerators = gpuCount(value);
    else if (name === "--entrypoint") entrypoint = [value];
  }
  const [image = null, ...rest] = words.slice(index);
  return { image, words: [...entrypoint, ...rest], environment, accelerators };
}

/** `2`, `"device=0,1"`; `null` for `all`, which says nothing of how many there are. */
function gpuCount(text: string): number | null {
  const devices = /device=([^"',]+(?:,[^"',=]+)*)/.exec(text)?.[1];
  if (devices !== undefined) return devices.split(",").length;
  const count = /^(?:count=)?(\d{1,4})$/.exec(text.trim().replace(/^["']|["']$/g, ""))?.[1];
  return count === undefined || Number(count) === 0 ? null : Number(count);
}
