/** A value of a setting as JSON has it. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | SettingValues;

/**
 * Settings by the names the server gives them, without leading dashes, in the order of their names. `{}` = started with its
 * defaults. Roles of a disaggregated deployment are `{ prefill: …, decode: … }`.
 */
export interface SettingValues {
  readonly [name: string]: SettingValue;
}

/** What the server was started with, in its own words. `null` = not known, which is not the same as its defaults (`{}`). */
export interface Settings {
  serverArguments: SettingValues | null;
  /** Environment variables, values as text. */
  environment: SettingValues | null;
  /** Options in a file of the engine's own (TensorRT-LLM's extra options). */
  engineOptions: SettingValues | null;
  /** Container image with its tag or digest. */
  image: string | null;
}

/** The settings that hold values by name, in the order they are shown. */
export const SETTING_GROUPS = ["serverArguments", "environment", "engineOptions"] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

/** Nothing is known of how the server was started. */
export const UNKNOWN_SETTINGS: Settings = {
  serverArguments: null,
  environment: null,
  engineOptions: null,
  image: null,
};

/** Longest name of a setting, in characters. */
const MAX_NAME_LENGTH = 300;
/** Longest text as a value: some servers are given a chat template or a JSON document. */
const MAX_TEXT_LENGTH = 8000;
const MAX_DEPTH = 8;
/** Names and list items together, at all depths. */
const MAX_VALUES = 2000;
/** Of one group of settings as JSON, in characters. */
const MAX_JSON_LENGTH = 100_000;

/** Line breaks and tabs may stand in a value; other control characters may not. */
const CONTROL_CHARACTERS = /[^\P{Cc}\n\r\t]/u;

/**
 * Settings in the one form they are stored and compared in: names sorted at all depths, numbers written as text taken as numbers
 * where that loses nothing, `undefined` left out.
 * @returns `null` where the value is no set of settings, or is larger or deeper than any real one
 */
export function canonicalSettings(value: unknown): SettingValues | null {
  return canonicalBy(value, canonicalText);
}

function canonicalBy(value: unknown, ofText: (text: string) => SettingValue): SettingValues | null {
  if (!isSettings(value)) return null;
  const canonical = canonicalValue(value, 0, { values: MAX_VALUES, ofText });
  if (canonical === undefined || !isSettings(canonical)) return null;
  return JSON.stringify(canonical).length > MAX_JSON_LENGTH ? null : canonical;
}

/** Environment variables in the same form: every value is text, as the process sees it. `null` = no set of variables. */
export function canonicalEnvironment(value: unknown): SettingValues | null {
  const canonical = canonicalBy(value, (text) => text);
  return canonical === null ? null : withTexts(canonical);
}

/** True for a set of values by name. */
export function isSettings(value: unknown): value is SettingValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withTexts(values: SettingValues): SettingValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isSettings(value)
        ? withTexts(value)
        : typeof value === "string"
          ? value
          : value === null
            ? ""
            : JSON.stringify(value),
    ]),
  );
}

/** How much may still be taken, and what becomes of a text. */
interface Canonical {
  values: number;
  ofText: (text: string) => SettingValue;
}

/** `undefined` = cannot be taken. */
function canonicalValue(value: unknown, depth: number, budget: Canonical): SettingValue | undefined {
  if (--budget.values < 0 || depth > MAX_DEPTH) return undefined;
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "string") {
    return value.length > MAX_TEXT_LENGTH || CONTROL_CHARACTERS.test(value) ? undefined : budget.ofText(value);
  }
  if (Array.isArray(value)) {
    const items: SettingValue[] = [];
    for (const item of value) {
      const canonical = canonicalValue(item, depth + 1, budget);
      if (canonical === undefined) return undefined;
      items.push(canonical);
    }
    return items;
  }
  if (!isSettings(value)) return undefined;
  const entries: [string, SettingValue][] = [];
  for (const name of Object.keys(value).sort()) {
    const member: unknown = value[name];
    if (member === undefined) continue;
    if (name === "" || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) return undefined;
    const canonical = canonicalValue(member, depth + 1, budget);
    if (canonical === undefined) return undefined;
    entries.push([name, canonical]);
  }
  // Not assigned one by one: `__proto__` would be no member of its own.
  return Object.fromEntries(entries);
}

/** `0.90` on a command line and 0.9 in a report are the same. */
function canonicalText(text: string): SettingValue {
  const isNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text);
  return isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** One value on one line, as a person would write it: text as it is, the rest as JSON. */
export function settingText(value: SettingValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Every value by its whole name: `prefill.tensor-parallel-size`, `kv_cache_config.dtype`. A list is one value; an empty set of
 * values inside another is one, too.
 */
export function flatSettings(values: SettingValues): [name: string, value: SettingValue][] {
  return Object.entries(values).flatMap(([name, value]): [string, SettingValue][] =>
    isSettings(value) && Object.keys(value).length > 0
      ? flatSettings(value).map(([inner, member]) => [`${name}.${inner}`, member])
      : [[name, value]],
  );
}
