import { itemsOf, membersOf } from "../../lib/cluster/kubectl-text";
import type { ObservedSeries } from "../../lib/cluster/observed-load";
import type { ObservedQueries } from "../../lib/cluster/observed-queries";
import { ok, type Result, refused } from "../../lib/result";

/** Prometheus answers no more points of one series at once. */
export const MAX_WINDOWS = 11_000;

const TIME_LIMIT_MS = 60 * 1000;

/**
 * Asks a Prometheus (or what speaks its HTTP API) for the value of each query at the end of each window. Reading only.
 * @param token sent as a bearer token, where it wants one; `null` = none
 */
export async function askPrometheus(
  address: string,
  queries: ObservedQueries,
  window: { ends: readonly number[]; seconds: number },
  token: string | null,
): Promise<Result<ObservedSeries>> {
  const series: ObservedSeries = {};
  for (const [name, query] of Object.entries(queries)) {
    const answer = await rangeOf(address, query, window, token);
    if (!answer.ok) return answer;
    series[name as keyof ObservedQueries] = answer.value;
  }
  return ok(series);
}

async function rangeOf(
  address: string,
  query: string,
  { ends, seconds }: { ends: readonly number[]; seconds: number },
  token: string | null,
): Promise<Result<Map<number, number>>> {
  const body = new URLSearchParams({ query, start: String(ends[0]), end: String(ends.at(-1)), step: String(seconds) });
  let value: unknown;
  try {
    const response = await fetch(`${address.replace(/\/+$/, "")}/api/v1/query_range`, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(TIME_LIMIT_MS),
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
    });
    const text = await response.text();
    const said = /^\s*\{/.test(text) ? (JSON.parse(text) as { error?: unknown }) : {};
    if (!response.ok) {
      const why = typeof said.error === "string" ? said.error.slice(0, 300) : response.statusText;
      return refused(`${address} answered ${response.status}: ${why}`);
    }
    value = said;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    const why = cause !== "" ? cause : error instanceof Error ? error.message : String(error);
    return refused(`${address} cannot be asked: ${why}. Is it the address of a Prometheus, as http://prometheus:9090?`);
  }
  // Sums have one series without labels; a query of nothing has none.
  const [first] = itemsOf(membersOf(membersOf(value).data).result).map(membersOf);
  const values = new Map<number, number>();
  for (const item of itemsOf(first?.values)) {
    const [time, text] = itemsOf(item);
    if (typeof time === "number" && typeof text === "string") values.set(time, Number(text));
  }
  return ok(values);
}
