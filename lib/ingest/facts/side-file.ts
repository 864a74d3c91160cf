import { z } from "zod";
import { nearestNames } from "../../nearest-names";
import { tableEntry } from "../../table-entry";
import { isRecord } from "../parse/fields";
import { documentsOf, type ParsedFile } from "../parse/parsed-file";
import { problemAtKey } from "../problem";
import type { GivenFacts, Problem } from "../report";
import { FACT_NAMES, type FactName, type FactValue, factsFromKeys, isSettingGroup } from "./facts";
import { canonicalGroup, SETTINGS_FORM, settingsFromText } from "./settings-text";

const KEYS = FACT_NAMES.map((fact) => fact.key);

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

/** Facts of a side file, or what is wrong with it. Keys may be written `accelerator_count`, `accelerator-count` or `acceleratorCount`. */
export function readSideFile(file: ParsedFile): { facts: GivenFacts; problems: Problem[] } {
  const problems: Problem[] = [];
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
    return { facts: {}, problems };
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
  const parsed = sideFileSchema.safeParse(record);
  if (parsed.success) {
    const values = new Map<string, FactValue>();
    for (const [key, member] of Object.entries(parsed.data)) {
      if (member !== undefined && member !== null) values.set(key, member);
    }
    return { facts: factsFromKeys(values), problems };
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
  return { facts: {}, problems };
}

const EXPECTED: Readonly<Record<FactName["kind"], string>> = {
  count: "a whole number, 1 or more",
  text: "text",
  settings: SETTINGS_FORM,
};

function canonicalKey(written: string): string {
  return written
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/-/g, "_")
    .toLowerCase();
}
