import { printable } from "../printable";
import { ok, type Result, refused } from "../result";

/** Raw parameters as Next hands them over, or as `URLSearchParams` turned into lists. */
export type RawParams = Record<string, string | string[] | undefined>;

/** A parameter that could not be read: its default is used and the page says so. */
export interface ParamProblem {
  parameter: string;
  value: string;
  expected: string;
}

/** A parameter that was left out, as a sentence. */
export function problemText({ parameter, value, expected }: ParamProblem): string {
  return `The link says ${parameter}=${value.slice(0, 80)}, expected ${expected}: left out.`;
}

/** How a parameter is given on the command line. */
interface ParamFlag {
  /** Flag with its argument, e.g. `--demand <n>`; a switch has none. */
  flag: string;
  help: string;
  /** Turns a text typed there into the form an address has. */
  toAddress?: (text: string) => string;
}

/** What there is to say of a parameter besides how it is read and written. */
export interface ParamWords {
  /** What it may say, for the description of the API (Markdown). */
  values: string;
  /** What holds where it is not given (Markdown). */
  otherwise?: string;
  /** `null` = not on the command line. */
  commandLine?: ParamFlag | null;
}

/** Reports a value that makes no sense, with what was expected instead. */
export type Refuse = (value: string, expected: string) => void;

/** One parameter of an address. */
export interface Param<T> {
  name: string;
  /** True where it may be given several times. */
  isRepeated: boolean;
  /** The value of these texts (none = not given). Never throws: what makes no sense is refused and the default kept. */
  read(texts: readonly string[], refuse: Refuse): T;
  /** The texts that say a value; none for the default. */
  write(value: T): readonly string[];
  /** The texts that say a value, the default too; not there where {@link write} leaves nothing out. */
  writeWhole?(value: T): readonly string[];
}

/** A table of parameters by the names of their values, in the order links are written. */
export type ParamTable<T extends object> = { readonly [K in keyof T]: Param<T[K]> };

/**
 * What there is to say of the parameters of a table. It stands beside the table and not in it: what a browser never says it need not
 * load.
 */
export type WordsTable<T extends object> = { readonly [K in keyof T]: ParamWords };

function firstOf(texts: readonly string[]): string | null {
  const [text = ""] = texts;
  return text === "" ? null : text;
}

/** Values given several times or in a list, as one list. */
export function splitLists(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",")).filter((text) => text !== "");
}

/** Any text; `null` = not given. */
export function textParam(name: string): Param<string | null> {
  return { name, isRepeated: false, read: firstOf, write: (value) => (value === null ? [] : [value]) };
}

/** Limits of a number. */
export interface NumberRange {
  min: number;
  max: number;
  /** True where `min` itself is too small. */
  above?: boolean;
  /** True where it has no fraction. */
  whole?: boolean;
}

/** A number within limits; `null` = not given. */
export function numberParam(name: string, range: NumberRange): Param<number | null> {
  return {
    name,
    isRepeated: false,
    read: (texts, refuse) => {
      const text = firstOf(texts);
      if (text === null) return null;
      const read = numberIn(text, range);
      if (read.ok) return read.value;
      refuse(text, read.error);
      return null;
    },
    write: (value) => (value === null ? [] : [String(value)]),
  };
}

/** The number in a text, or what was expected instead. */
function numberIn(text: string, { min, max, above = false, whole = false }: NumberRange): Result<number> {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (whole && !(Number.isSafeInteger(value) && value >= min && value <= max)) {
    const from = `a whole number from ${min}`;
    return refused(max === Number.MAX_SAFE_INTEGER ? from : `${from} to ${max}`);
  }
  const isWithin = Number.isFinite(value) && value >= min && value <= max && !(above && value === min);
  return isWithin ? ok(value) : refused(`a number ${above ? "above" : "from"} ${min} to ${max}`);
}

/** The same parameter with a value of its own where it is not given. */
export function withDefault<T>(param: Param<T | null>, otherwise: T): Param<T> {
  return {
    ...param,
    read: (texts, refuse) => param.read(texts, refuse) ?? otherwise,
    write: (value) => (value === otherwise ? [] : param.write(value)),
    writeWhole: param.write,
  };
}

/** One of a few names. */
export function choiceParam<T extends string>(name: string, choices: readonly T[], otherwise: T): Param<T> {
  return {
    name,
    isRepeated: false,
    read: (texts, refuse) => {
      const text = firstOf(texts);
      if (text === null) return otherwise;
      const known = choices.find((choice) => choice === text);
      if (known === undefined) refuse(text, `one of ${choices.join(", ")}`);
      return known ?? otherwise;
    },
    write: (value) => (value === otherwise ? [] : [value]),
    writeWhole: (value) => [value],
  };
}

/** `1` = on, `0` or not given = off. */
export function switchParam(name: string): Param<boolean> {
  return {
    name,
    isRepeated: false,
    read: (texts, refuse) => {
      const text = firstOf(texts);
      if (text !== null && text !== "0" && text !== "1") refuse(text, "0 or 1");
      return text === "1";
    },
    write: (value) => (value ? ["1"] : []),
    writeWhole: (value) => [value ? "1" : "0"],
  };
}

/** `0` = off, `1` or not given = on. */
export function offSwitchParam(name: string): Param<boolean> {
  const on = switchParam(name);
  return {
    ...on,
    read: (texts, refuse) => texts.length === 0 || on.read(texts, refuse),
    write: (value) => (value ? [] : ["0"]),
  };
}

/**
 * The texts of one parameter, for it to read: none where they cannot be read, which is refused. That is so of control
 * characters, and of several values where one is expected: to take the first would answer another question than was asked.
 */
export function textsOf(
  raw: RawParams,
  { name, isRepeated }: Pick<Param<never>, "name" | "isRepeated">,
  refuse: Refuse,
): string[] {
  const value = raw[name];
  // A form sends its empty fields too: they say nothing.
  const texts = (Array.isArray(value) ? value : [value ?? ""]).filter((text) => text !== "");
  const shown = texts.map(printable);
  const damaged = shown.find((text, index) => text !== texts[index]);
  if (damaged !== undefined) refuse(damaged, "a text without control characters");
  else if (!isRepeated && texts.length > 1) refuse(shown.join(`&${name}=`), "one value");
  else return texts;
  return [];
}

/** Names of the parameters of a table, in its order. */
export function paramNames<T extends object>(table: ParamTable<T>): string[] {
  return keysOf(table).map((key) => table[key].name);
}

/** Names of those that may be given several times. */
export function repeatedNames<T extends object>(table: ParamTable<T>): string[] {
  return keysOf(table)
    .filter((key) => table[key].isRepeated)
    .map((key) => table[key].name);
}

/**
 * Reads every parameter of a table.
 * @returns the values, and the parameters that were not understood
 */
export function readParams<T extends object>(
  table: ParamTable<T>,
  raw: RawParams,
): { values: T; problems: ParamProblem[] } {
  const problems: ParamProblem[] = [];
  const values: Partial<T> = {};
  for (const key of keysOf(table)) {
    const param = table[key];
    const refuse: Refuse = (value, expected) => problems.push({ parameter: param.name, value, expected });
    values[key] = param.read(textsOf(raw, param, refuse), refuse);
  }
  // Whole now: the table has every key.
  return { values: values as T, problems };
}

/** A search string without `?`, canonical: in the table's order, defaults left out, so that equal views have equal links. */
export function writeParams<T extends object>(table: ParamTable<T>, values: T): string {
  return search(table, (param, value) => param.write(value), values);
}

/** The same with every default written out: what it asks does not change when a later release has other defaults. */
export function writeWholeParams<T extends object>(table: ParamTable<T>, values: T): string {
  return search(table, (param, value) => param.writeWhole?.(value) ?? param.write(value), values);
}

function search<T extends object>(
  table: ParamTable<T>,
  textsOfValue: <K extends keyof T>(param: Param<T[K]>, value: T[K]) => readonly string[],
  values: T,
): string {
  const written: string[] = [];
  for (const key of keysOf(table)) {
    const param = table[key];
    for (const text of textsOfValue(param, values[key])) written.push(`${param.name}=${readable(text)}`);
  }
  return written.join("&");
}

function keysOf<T extends object>(table: ParamTable<T>): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

/** "/" and ":" are legal in a query and read better unescaped: links are read by people. */
function readable(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/").replaceAll("%3A", ":");
}

/** `URLSearchParams` as the raw form {@link readParams} takes. */
export function rawParams(params: URLSearchParams): RawParams {
  const raw: RawParams = {};
  for (const name of new Set(params.keys())) raw[name] = params.getAll(name);
  return raw;
}
