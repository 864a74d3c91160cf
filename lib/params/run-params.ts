import {
  numberParam,
  type Param,
  type ParamProblem,
  type ParamTable,
  paramNames,
  type RawParams,
  readParams,
  switchParam,
  textParam,
  type WordsTable,
  withDefault,
  writeParams,
} from "./param";

/** Which runs to list; `null` = any. */
export interface RunFilter {
  /** Words that each occur in model, accelerator, source or report format, in any letter case. */
  search: string | null;
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

/** What a link to the list of runs asks for. */
export interface RunQuery {
  filter: RunFilter;
  /** From 1. */
  page: number;
}

/** Path of the list of runs. */
export const RUNS_PATH = "/runs";
/** Path of the audit. */
export const INGESTS_PATH = "/runs/ingests";

/** Path of an ingest's entry in the audit, on whatever page it is. */
export function ingestPath(id: number): string {
  return `${INGESTS_PATH}?ingest=${id}#ingest-${id}`;
}

/** Any number of pages a person could turn. */
const MAX_PAGE = 1_000_000;

/** A text without blanks around it. */
function trimmedParam(name: string): Param<string | null> {
  const param = textParam(name);
  return { ...param, read: ([text = ""], refuse) => param.read([text.trim()], refuse) };
}

/** Longer texts are no search. */
const MAX_SEARCH = 200;

const searchParam: Param<string | null> = {
  ...trimmedParam("q"),
  read: ([text = ""], refuse) => {
    const search = text.trim();
    if (search.length > MAX_SEARCH) refuse(search, `at most ${MAX_SEARCH} characters`);
    return search === "" || search.length > MAX_SEARCH ? null : search;
  },
};

function dateParam(name: string): Param<string | null> {
  const param = trimmedParam(name);
  return {
    ...param,
    read: (texts, refuse) => {
      const text = param.read(texts, refuse);
      if (text === null || isDate(text)) return text;
      refuse(text, "a date such as 2026-01-31");
      return null;
    },
  };
}

/** What the list of runs may be asked for, in the order links are written. */
export const RUN_PARAMS: ParamTable<RunFilter> = {
  search: searchParam,
  model: trimmedParam("model"),
  accelerator: trimmedParam("accelerator"),
  source: trimmedParam("source"),
  format: trimmedParam("tool"),
  measuredFrom: dateParam("from"),
  measuredTo: dateParam("to"),
  flag: trimmedParam("flag"),
  ingestId: numberParam("ingest", { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true }),
  withRetired: switchParam("retired"),
};

/** What there is to say of them. */
export function runWords(): WordsTable<RunFilter> {
  return {
    search: {
      values: "these words, each somewhere in model, accelerator, source or report format, in any letter case",
      commandLine: { flag: "--search <words>", help: "runs with these words in model, accelerator, source or format" },
    },
    model: {
      values: "this model",
      commandLine: { flag: "--model <id>", help: "runs of this model" },
    },
    accelerator: {
      values: "this accelerator, by catalogue id",
      commandLine: { flag: "--accelerator <id>", help: "runs on this accelerator" },
    },
    source: {
      values: "this source, by name",
      commandLine: { flag: "--source <name>", help: "runs of this source" },
    },
    format: {
      values: "this report format, e.g. `inference-perf`",
      commandLine: { flag: "--tool <format>", help: "runs of this report format, e.g. inference-perf" },
    },
    measuredFrom: {
      values: "a measurement on this day or later; runs without a date do not pass",
      commandLine: { flag: "--from <date>", help: "measured on this day or later" },
    },
    measuredTo: {
      values: "a measurement on this day or earlier; runs without a date do not pass",
      commandLine: { flag: "--to <date>", help: "measured on this day or earlier" },
    },
    flag: {
      values: "this caveat, of the run or of one of its points",
      commandLine: { flag: "--flag <name>", help: "runs with this caveat" },
    },
    ingestId: { values: "this ingest, by number", commandLine: { flag: "--ingest <n>", help: "runs of this ingest" } },
    withRetired: {
      values: "`1` = retired ones too",
      commandLine: { flag: "--retired", help: "runs that were taken back, too" },
    },
  };
}

/** The filter that leaves nothing out but retired runs. */
export const EVERY_RUN: RunFilter = readParams(RUN_PARAMS, {}).values;

const RUN_QUERY_PARAMS: ParamTable<RunFilter & { page: number }> = {
  ...RUN_PARAMS,
  page: withDefault(numberParam("page", { min: 1, max: MAX_PAGE, whole: true }), 1),
};

/** Names of the parameters of a filter. */
export const RUN_PARAM_NAMES: readonly string[] = paramNames(RUN_PARAMS);

/**
 * Reads which runs a link asks for. Never throws: a parameter that makes no sense is reported and left out.
 * @returns the query and the parameters that were not understood
 */
export function parseRunQuery(raw: RawParams): { query: RunQuery; problems: ParamProblem[] } {
  const { values, problems } = readParams(RUN_QUERY_PARAMS, raw);
  const { page, ...filter } = values;
  return { query: { filter, page }, problems };
}

/**
 * Writes which runs are asked for, canonical: fixed order, defaults left out.
 * @returns the search string without `?`; empty for all valid runs
 */
export function serializeRunQuery({ filter, page }: RunQuery): string {
  return writeParams(RUN_QUERY_PARAMS, { ...filter, page });
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
