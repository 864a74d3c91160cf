import { z } from "zod";
import { nearestNames } from "../../nearest-names";
import { refused } from "../../result";
import { tableEntry } from "../../table-entry";
import { isRecord } from "../parse/fields";
import { documentsOf, type ParsedFile } from "../parse/parsed-file";
import { problemAtKey } from "../problem";
import type { GivenFacts, Problem } from "../report";
import { readStartedWith } from "../started-with/started-with";
import { STARTED_WITH_KEY } from "./fact-labels";
import { FACT_NAMES, type FactName, type FactValue, factsFromKeys, isSettingGroup, overlayFacts } from "./facts";
import { canonicalGroup, SETTINGS_FORM, settingsFromText } from "./settings-text";

const KEYS = [...FACT_NAMES.map((fact) => fact.key), STARTED_WITH_KEY];

/**
 * Short forms that people try first. They are refused, so that every file uses the same keys, but the message names the right
 * one.
 */
const MEANT: Record<string, string> = {
  tp: "tensor_parallelism",
  pp: "pipeline_parallelism",
  dp: "data_parallelism",
  ep: "expert_parallelism",
  gpu: "accelerator",
  gpus: "accelerator_count",
  license: "licence",
  source: "source_name",
  version: "server_version",
  quantization: "precision",
  dtype: "precision",
  engine: "server",
};

const text = z.string().trim().min(1).max(2000);
const count = z.number().int().min(1);

/** What may stand in a side file, every key optional. */
const sideFileSchema = z.object(Object.fromEntries(FACT_NAMES.map((fact) => [fact.key, shapeOf(fact).nullish()])));

function shapeOf({ field, kind }: FactName): z.ZodType<FactValue> {
  if (!isSettingGroup(field)) return kind === "count" ? count : text;
  return z.unknown().transform((value, context) => {
    const settings =
      typeof value === "string"
        ? settingsFromText(field, value)
        : { ok: true as const, value: canonicalGroup(field, value) };
    if (settings.ok && settings.value !== null) return settings.value;
    context.addIssue({ code: "custom", message: SETTINGS_FORM });
    return z.NEVER;
  });
}

/** Facts of a side file, or what is wrong with it, and what was made of how the server was started. Keys may be written `accelerator_count`, `accelerator-count` or `acceleratorCount`. */
export function readSideFile(file: ParsedFile): { facts: GivenFacts; problems: Problem[]; notes: string[] } {
  const problems: Problem[] = [];
  const notes: string[] = [];
  const fail = (location: string, value: unknown, expected: string, sentence: string) => {
    problems.push(problemAtKey(file.path, location, value, expected, sentence));
  };
  const value = documentsOf(file)[0]?.value;
  if (!isRecord(value) || documentsOf(file).length > 1) {
    fail(
      "",
      "",
      "keys and values such as `accelerator: h100-sxm-80gb`",
      "a side file holds one list of keys and values.",
    );
    return { facts: {}, problems, notes };
  }
  const record: Record<string, unknown> = {};
  for (const [written, member] of Object.entries(value)) {
    const key = canonicalKey(written);
    if (Object.hasOwn(record, key)) fail(written, member, "each key once", `${key} is given twice.`);
    if (KEYS.includes(key)) record[key] = member;
    else {
      const suggestion = tableEntry(MEANT, key) ?? nearestNames(key, KEYS, 1)[0] ?? "";
      fail(key, member, `one of ${KEYS.join(", ")}`, `unknown key; did you mean ${suggestion}?`);
    }
  }
  const started = startedFacts(file.path, record[STARTED_WITH_KEY], fail, notes);
  delete record[STARTED_WITH_KEY];
  const parsed = sideFileSchema.safeParse(record);
  if (parsed.success) {
    const values = new Map<string, FactValue>();
    for (const [key, member] of Object.entries(parsed.data)) {
      if (member !== undefined && member !== null) values.set(key, member);
    }
    return { facts: overlayFacts(started, factsFromKeys(values)), problems, notes };
  }
  for (const issue of parsed.error.issues) {
    const key = String(issue.path[0] ?? "");
    const member = record[key];
    const fact = FACT_NAMES.find((name) => name.key === key);
    if (fact?.kind === "text" && typeof member === "number") {
      // YAML reads an unquoted 0.10 as the number 0.1.
      fail(key, member, "text in quotes", "write the value in quotes, or YAML takes it for a number.");
    } else {
      const expected = EXPECTED[fact?.kind ?? "text"];
      fail(key, member, expected, `expected ${expected}.`);
    }
  }
  return { facts: {}, problems, notes };
}

const EXPECTED: Readonly<Record<FactName["kind"], string>> = {
  count: "a whole number, 1 or more",
  text: "text",
  settings: SETTINGS_FORM,
};

/** What a side file says of how the server was started, below what it says outright. */
function startedFacts(
  path: string,
  text: unknown,
  fail: (location: string, value: unknown, expected: string, sentence: string) => void,
  notes: string[],
): GivenFacts {
  if (text === undefined || text === null) return {};
  const started =
    typeof text === "string"
      ? readStartedWith(text)
      : refused("it must be text: a command, or a document as a block of text.");
  if (started.ok) {
    notes.push(`${path}, ${STARTED_WITH_KEY}: ${started.value.sentences.join(" ")}`);
    return started.value.facts;
  }
  fail(STARTED_WITH_KEY, text, "how the server was started", started.error);
  return {};
}

function canonicalKey(written: string): string {
  return written
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/-/g, "_")
    .toLowerCase();
}
