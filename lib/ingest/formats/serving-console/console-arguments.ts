import { numberOf, positiveIntegerOf } from "../../parse/fields";

/** What a client was started with, by the names of its options (`random_input_len`); values as texts. */
export type ClientArguments = ReadonlyMap<string, string>;

/** Characters of arguments that are looked at: a whole set has about six thousand. */
const MAX_CHARACTERS = 50_000;

/** How the clients are started; what follows up to the end of the command are its options. */
const COMMAND =
  /(?:\bvllm\s+bench\s+serve|\bbenchmark_serving\.py|\bsglang\.bench_serving|\bsglang\.benchmark\.serving|\bbench_serving\.py|\bserve_bench\.py)(?=\s)/;

/**
 * Options out of what Python prints of its arguments: `Namespace(backend='vllm', max_concurrency=8, …)`. Only those of a client are
 * taken: servers print theirs in the same form. `null` = the line holds none.
 */
export function argumentsOfNamespace(line: string): ClientArguments | null {
  const start = line.indexOf("Namespace(");
  if (start < 0) return null;
  const text = line.slice(start + "Namespace(".length, start + MAX_CHARACTERS);
  const found = new Map<string, string>();
  for (const part of partsOf(text)) {
    const equals = part.indexOf("=");
    if (equals <= 0) continue;
    const value = unquoted(part.slice(equals + 1).trim());
    if (value !== "None" && value !== "") found.set(part.slice(0, equals).trim(), value);
  }
  return found.has("num_prompts") && found.has("dataset_name") ? found : null;
}

/** The parts between commas that stand in no brackets and no quotes, up to the bracket that closes all. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (quote !== "") {
      if (character === "\\") index++;
      else if (character === quote) quote = "";
    } else if (character === "'" || character === '"') quote = character;
    else if ("([{<".includes(character)) depth++;
    else if (")]}>".includes(character)) {
      if (depth === 0) return [...parts, text.slice(start, index)];
      depth--;
    } else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function unquoted(value: string): string {
  return /^(['"]).*\1$/s.test(value) ? value.slice(1, -1) : value;
}

/** Options of a command line that starts a client; values that a shell still has to put in are left out. `null` = it starts none. */
export function argumentsOfCommand(command: string): ClientArguments | null {
  const start = COMMAND.exec(command);
  if (start === null) return null;
  const words = command
    .slice(start.index + start[0].length, start.index + MAX_CHARACTERS)
    .split(/[;|&]|\d?>/)[0]
    ?.split(/\s+/)
    .filter((word) => word !== "" && word !== "\\");
  const found = new Map<string, string>();
  for (const [index, word] of (words ?? []).entries()) {
    const option = /^--([a-z][\w-]*)(?:=(.*))?$/.exec(word);
    if (option === null) continue;
    const next = words?.[index + 1] ?? "";
    const value = unquoted(option[2] ?? (next.startsWith("--") ? "" : next));
    if (value !== "" && !/[$`]/.test(value)) found.set((option[1] ?? "").replaceAll("-", "_"), value);
  }
  return found;
}

/** A whole number of 1 or more among the options; `null` where there is none. */
export function countOf(options: ClientArguments, ...names: string[]): number | null {
  for (const name of names) {
    const count = positiveIntegerOf(numberOf(options.get(name) ?? null));
    if (count !== null) return count;
  }
  return null;
}
