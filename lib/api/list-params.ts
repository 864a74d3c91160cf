import { rawParams } from "../params/explorer-params";
import { parseRunQuery, RUN_FILTER_PARAMS, type RunFilter } from "../params/run-params";
import { unknownParam } from "./known-params";

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
export function parseListRequest(params: URLSearchParams): ListPage | { expected: string } {
  const unknown = unknownParam(params, PAGE_PARAMS);
  return unknown === null ? parseListPage(params) : { expected: unknown };
}

/**
 * Reads which runs are asked for and which part of their list.
 * @returns filter and part, or what was expected instead
 */
export function parseRunListRequest(
  params: URLSearchParams,
): { filter: RunFilter; page: ListPage } | { expected: string } {
  const unknown = unknownParam(params, [...RUN_FILTER_PARAMS, ...PAGE_PARAMS]);
  if (unknown !== null) return { expected: unknown };
  const { query, problems } = parseRunQuery(rawParams(params));
  const [problem] = problems;
  if (problem !== undefined) {
    return { expected: `${problem.parameter}=${problem.value}: expected ${problem.expected}` };
  }
  const page = parseListPage(params);
  return "expected" in page ? page : { filter: query.filter, page };
}

function parseListPage(params: URLSearchParams): ListPage | { expected: string } {
  const limit = wholeNumber(params.get("limit"), DEFAULT_LIMIT);
  const offset = wholeNumber(params.get("offset"), 0);
  if (limit === null || limit < 1 || limit > MAX_LIMIT) {
    return { expected: `limit: expected a whole number from 1 to ${MAX_LIMIT}` };
  }
  return offset === null ? { expected: "offset: expected a whole number from 0" } : { limit, offset };
}

function wholeNumber(text: string | null, fallback: number): number | null {
  if (text === null || text === "") return fallback;
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
