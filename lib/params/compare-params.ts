import { type ExplorerQuery, parseExplorerQuery, serializeExplorerQuery } from "./explorer-params";
import { type ParamProblem, type RawParams, textParam, textsOf } from "./param";

/** Path of the page that puts configurations side by side. */
const COMPARE_PATH = "/compare";

/** What `/compare` is asked: the question, its configurations, and which of them the others are held against. */
export interface CompareQuery {
  query: ExplorerQuery;
  /** Id of the baseline; `null` = the first. */
  baseline: string | null;
}

const baselineParam = textParam("base");

/** Reads an address of `/compare`. Never throws: what makes no sense is reported and left out. */
export function parseCompareQuery(raw: RawParams): CompareQuery & { problems: ParamProblem[] } {
  const { query, problems } = parseExplorerQuery(raw);
  const refuse = (value: string, expected: string) => problems.push({ parameter: baselineParam.name, value, expected });
  return { query, baseline: baselineParam.read(textsOf(raw, baselineParam, refuse), refuse), problems };
}

/** Path and query of a comparison, canonical. */
export function comparePath({ query, baseline }: CompareQuery): string {
  // The first is the baseline anyway.
  const base = baseline === null || baseline === query.compare[0] ? [] : baselineParam.write(baseline);
  const search = [
    serializeExplorerQuery({ ...query, highlight: [], showAll: false }),
    ...base.map((id) => `${baselineParam.name}=${encodeURIComponent(id)}`),
  ];
  return `${COMPARE_PATH}?${search.filter((part) => part !== "").join("&")}`;
}

/** The list with one more at its end, or without it where it is in there. */
export function withToggled(ids: readonly string[], id: string): string[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];
}

/** The list with one of it moved by so many places; the same where it would leave the list. */
export function withMoved(ids: readonly string[], id: string, by: number): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return [...ids];
  const others = ids.filter((other) => other !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}
