import { rawParams } from "../params/param";
import { parseRunQuery, RUN_PARAM_NAMES, type RunFilter } from "../params/run-params";
import { ok, type Result, refused } from "../result";
import { refusedParam } from "./known-params";

/** How much of a list the HTTP API is asked for. */
export interface ListPage {
  limit: number;
  offset: number;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const PAGE_PARAMS = ["limit", "offset"];

/**
 * Reads `limit` (1 to 1,000, else 100) and `offset` (from 0), the only parameters of a plain list.
 * @returns the part of the list, or what was expected instead
 */
export function parseListRequest(params: URLSearchParams): Result<ListPage> {
  const wrongName = refusedParam(params, PAGE_PARAMS);
  return wrongName === null ? parseListPage(params) : refused(wrongName);
}

/**
 * Reads which runs are asked for and which part of their list.
 * @returns filter and part, or what was expected instead
 */
export function parseRunListRequest(params: URLSearchParams): Result<{ filter: RunFilter; page: ListPage }> {
  const wrongName = refusedParam(params, [...RUN_PARAM_NAMES, ...PAGE_PARAMS]);
  if (wrongName !== null) return refused(wrongName);
  const { query, problems } = parseRunQuery(rawParams(params));
  const [problem] = problems;
  if (problem !== undefined) {
    return refused(`${problem.parameter}=${problem.value}: expected ${problem.expected}`);
  }
  const page = parseListPage(params);
  return page.ok ? ok({ filter: query.filter, page: page.value }) : page;
}

function parseListPage(params: URLSearchParams): Result<ListPage> {
  const limit = wholeNumber(params.get("limit"), DEFAULT_LIMIT);
  const offset = wholeNumber(params.get("offset"), 0);
  if (limit === null || limit < 1 || limit > MAX_LIMIT) {
    return refused(`limit: expected a whole number from 1 to ${MAX_LIMIT}`);
  }
  return offset === null ? refused("offset: expected a whole number from 0") : ok({ limit, offset });
}

function wholeNumber(text: string | null, fallback: number): number | null {
  if (text === null || text === "") return fallback;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
