/** How much of a list the HTTP API is asked for. */
export interface ListPage {
  limit: number;
  offset: number;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/**
 * Reads `limit` (1 to 1,000, else 100) and `offset` (from 0).
 * @returns the part of the list, or what was expected instead
 */
export function parseListPage(params: URLSearchParams): ListPage | { expected: string } {
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
