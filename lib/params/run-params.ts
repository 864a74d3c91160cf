import type { ParamProblem, RawParams } from "./explorer-params";

/** Which runs to list; `null` = any. */
export interface RunFilter {
  model: string | null;
  accelerator: string | null;
  /** Name of the source. */
  source: string | null;
  /** Format of the report. */
  format: string | null;
  /** ISO dates, inclusive; runs without a date pass neither. */
  measuredFrom: string | null;
  measuredTo: string | null;
  /** A caveat of the run or of one of its points. */
  flag: string | null;
  ingestId: number | null;
  /** Runs that are no longer valid too. */
  withRetired: boolean;
}

export const EVERY_RUN: RunFilter = {
  model: null,
  accelerator: null,
  source: null,
  format: null,
  measuredFrom: null,
  measuredTo: null,
  flag: null,
  ingestId: null,
  withRetired: false,
};

/** The parameters a filter is said with. */
export const RUN_FILTER_PARAMS = [
  "model",
  "accelerator",
  "source",
  "tool",
  "from",
  "to",
  "flag",
  "ingest",
  "retired",
] as const;

/** What a link to the list of runs says. */
export interface RunQuery {
  filter: RunFilter;
  /** From 1. */
  page: number;
}

/** Where the list of runs stands. */
export const RUNS_PATH = "/runs";
/** Where the audit stands. */
export const INGESTS_PATH = "/runs/ingests";

/** Path of an ingest's entry in the audit, on whatever page it is. */
export function ingestPath(id: number): string {
  return `${INGESTS_PATH}?ingest=${id}#ingest-${id}`;
}

/** Any number of pages a person could turn. */
const MAX_PAGE = 1_000_000;

function first(raw: RawParams, name: string): string | null {
  const value = raw[name];
  const single = (Array.isArray(value) ? value[0] : value)?.trim();
  return single === undefined || single === "" ? null : single;
}

/**
 * Reads which runs a link asks for. Never throws: a parameter that makes no sense is reported and left out.
 * @returns the query and the parameters that were not understood
 */
export function parseRunQuery(raw: RawParams): { query: RunQuery; problems: ParamProblem[] } {
  const problems: ParamProblem[] = [];

  function date(name: string): string | null {
    const value = first(raw, name);
    if (value === null || isDate(value)) return value;
    problems.push({ parameter: name, value, expected: "a date such as 2026-01-31" });
    return null;
  }

  function wholeNumber(name: string, max: number): number | null {
    const value = first(raw, name);
    if (value === null) return null;
    const parsed = /^\d{1,15}$/.test(value) ? Number(value) : 0;
    if (parsed >= 1 && parsed <= max) return parsed;
    problems.push({ parameter: name, value, expected: "a whole number from 1" });
    return null;
  }

  function switched(name: string): boolean {
    const value = first(raw, name);
    if (value === null || value === "0") return false;
    if (value !== "1") problems.push({ parameter: name, value, expected: "0 or 1" });
    return value === "1";
  }

  const filter: RunFilter = {
    model: first(raw, "model"),
    accelerator: first(raw, "accelerator"),
    source: first(raw, "source"),
    format: first(raw, "tool"),
    measuredFrom: date("from"),
    measuredTo: date("to"),
    flag: first(raw, "flag"),
    ingestId: wholeNumber("ingest", Number.MAX_SAFE_INTEGER),
    withRetired: switched("retired"),
  };
  return { query: { filter, page: wholeNumber("page", MAX_PAGE) ?? 1 }, problems };
}

/**
 * Writes which runs are asked for, canonical: fixed order, defaults left out.
 * @returns the search string without `?`; empty for all valid runs
 */
export function serializeRunQuery({ filter, page }: RunQuery): string {
  const params: [string, string | number | null][] = [
    ["model", filter.model],
    ["accelerator", filter.accelerator],
    ["source", filter.source],
    ["tool", filter.format],
    ["from", filter.measuredFrom],
    ["to", filter.measuredTo],
    ["flag", filter.flag],
    ["ingest", filter.ingestId],
    ["retired", filter.withRetired ? 1 : null],
    ["page", page === 1 ? null : page],
  ];
  return params
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll("%2F", "/")}`)
    .join("&");
}

/** Path and query of the list of runs; a change of the filter leads back to the first page. */
export function runsPath(query: RunQuery, change: Partial<RunFilter> = {}): string {
  const isChanged = Object.keys(change).length > 0;
  const search = serializeRunQuery({
    filter: { ...query.filter, ...change },
    page: isChanged ? 1 : query.page,
  });
  return search === "" ? RUNS_PATH : `${RUNS_PATH}?${search}`;
}

/** True where the filter leaves no run out, retired ones aside. */
export function asksForEvery(filter: RunFilter): boolean {
  return serializeRunQuery({ filter: { ...filter, withRetired: false }, page: 1 }) === "";
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // 31 June is read as 1 July.
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
