import { DEFAULT_QUESTION } from "../answer/answer";
import { PRICE_KINDS, type PriceKind, type Slo } from "../domain";
import { type Axes, THROUGHPUT_AXES } from "../frontier/axes";
import { METRICS, type Metric, STATISTICS, type Statistic } from "../measurement/latency";
import { formatSlo, parseSlo } from "../selection/slo";
import { type Question, RANKINGS } from "../selection/types";

/**
 * The one definition of what a URL may say: the page, the HTTP API, share links and the command line's links
 * all read and write it here.
 */
export interface ExplorerQuery {
  model: string | null;
  workload: string | null;
  /** `null` = the URL says nothing (the page offers its first targets); `[]` = asked without targets. */
  slos: Slo[] | null;
  question: Omit<Question, "slos">;
  /** `null` parts = follow the first target. */
  axes: { throughput: Axes["throughput"]; latency: { metric: Metric; statistic: Statistic } | null };
  /** Every configuration in the table, not just the best of each accelerator. */
  showAll: boolean;
  /** Ids of configurations drawn with emphasis, e.g. those just added. */
  highlight: string[];
  /** Dataset revision a link pins; `null` = the newest. */
  revision: number | null;
}

/** Raw parameters as Next hands them over, or as `URLSearchParams` turned into lists. */
export type RawParams = Record<string, string | string[] | undefined>;

/** A parameter that could not be read: it is left at its default and said on the page. */
export interface ParamProblem {
  parameter: string;
  value: string;
  expected: string;
}

/** A parameter that was left out, as a sentence. */
export function problemText({ parameter, value, expected }: ParamProblem): string {
  return `The link says ${parameter}=${value.slice(0, 80)}, expected ${expected}: left out.`;
}

/** The parameters a question is asked with. */
export const EXPLORER_PARAMS: readonly string[] = [
  "model",
  "workload",
  "slo",
  "qps",
  "headroom",
  "price",
  "provider",
  "region",
  "usd",
  "rank",
  "measured",
  "outliers",
  "knee",
  "x",
  "y",
  "all",
  "highlight",
  "rev",
];
/** Those of them that may be said several times. */
export const REPEATED_PARAMS: readonly string[] = ["slo", "highlight"];

const MAX_SLOS = 8;
/** More emphasised curves emphasise nothing. */
const MAX_HIGHLIGHTS = 8;

function list(raw: RawParams, name: string): string[] {
  const value = raw[name];
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return values.flatMap((item) => item.split(",")).filter((item) => item !== "");
}

function first(raw: RawParams, name: string): string | null {
  const value = raw[name];
  const single = Array.isArray(value) ? value[0] : value;
  return single === undefined || single === "" ? null : single;
}

/**
 * Reads a query. Never throws: a parameter that makes no sense is reported and its default kept.
 * @returns the query and the parameters that were not understood
 */
export function parseExplorerQuery(raw: RawParams): { query: ExplorerQuery; problems: ParamProblem[] } {
  const problems: ParamProblem[] = [];

  function oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = first(raw, name);
    if (value === null) return fallback;
    const known = allowed.find((item) => item === value);
    if (known === undefined) problems.push({ parameter: name, value, expected: `one of ${allowed.join(", ")}` });
    return known ?? fallback;
  }

  function number(name: string, min: number, max: number, minExclusive = false): number | null {
    const value = first(raw, name);
    if (value === null) return null;
    const parsed = Number(value);
    if (!Number.isFinite(parsed) || parsed < min || parsed > max || (minExclusive && parsed === min)) {
      const lower = minExclusive ? `above ${min}` : `from ${min}`;
      problems.push({ parameter: name, value, expected: `a number ${lower} to ${max}` });
      return null;
    }
    return parsed;
  }

  function switched(name: string): boolean {
    const value = first(raw, name);
    if (value !== null && value !== "0" && value !== "1") problems.push({ parameter: name, value, expected: "0 or 1" });
    return value === "1";
  }

  const sloTexts = list(raw, "slo");
  let slos: Slo[] | null = null;
  if (sloTexts.length > 0) {
    for (const value of sloTexts.slice(MAX_SLOS)) {
      problems.push({ parameter: "slo", value, expected: `at most ${MAX_SLOS} targets` });
    }
    slos = [];
    for (const text of sloTexts.slice(0, MAX_SLOS)) {
      if (text === "none") continue;
      const parsed = parseSlo(text);
      if (parsed.ok) slos.push(parsed.value);
      else problems.push({ parameter: "slo", value: text, expected: parsed.error });
    }
  }

  let latency: ExplorerQuery["axes"]["latency"] = null;
  const y = first(raw, "y");
  if (y !== null) {
    const [metricText, statisticText] = y.split(":");
    const metric = METRICS.find((item) => item === metricText);
    const statistic = STATISTICS.find((item) => item === statisticText);
    if (metric !== undefined && statistic !== undefined) latency = { metric, statistic };
    else problems.push({ parameter: "y", value: y, expected: "metric:statistic, e.g. tpot:p50" });
  }

  const headroomPercent = number("headroom", 0, 90);
  let revision = number("rev", 1, Number.MAX_SAFE_INTEGER);
  if (revision !== null && !Number.isInteger(revision)) {
    problems.push({ parameter: "rev", value: String(revision), expected: "a whole number from 1" });
    revision = null;
  }
  const query: ExplorerQuery = {
    model: first(raw, "model"),
    workload: first(raw, "workload"),
    slos,
    question: {
      demandRequestsPerSecond: number("qps", 0, 1_000_000, true),
      headroom: headroomPercent === null ? DEFAULT_QUESTION.headroom : headroomPercent / 100,
      price: {
        provider: first(raw, "provider"),
        region: first(raw, "region"),
        kind: oneOf<PriceKind>("price", PRICE_KINDS, DEFAULT_QUESTION.price.kind),
        ownUsdPerAcceleratorHour: number("usd", 0, 100_000, true),
      },
      rankBy: oneOf("rank", RANKINGS, DEFAULT_QUESTION.rankBy),
      measuredOnly: switched("measured"),
      includeOutliers: switched("outliers"),
      kneeShare: number("knee", 0.5, 1) ?? DEFAULT_QUESTION.kneeShare,
    },
    axes: { throughput: oneOf("x", THROUGHPUT_AXES, "accelerator"), latency },
    showAll: switched("all"),
    highlight: [...new Set(list(raw, "highlight"))].slice(0, MAX_HIGHLIGHTS),
    revision,
  };
  return { query, problems };
}

/**
 * Writes a query, canonical: fixed order, defaults left out, so that equal views have equal links.
 * @returns the search string without `?`
 */
export function serializeExplorerQuery(query: ExplorerQuery): string {
  const params: [string, string][] = [];
  const { question } = query;
  const add = (name: string, value: string | number | null) => {
    if (value !== null) params.push([name, String(value)]);
  };
  add("model", query.model);
  add("workload", query.workload);
  if (query.slos !== null && query.slos.length === 0) add("slo", "none");
  for (const slo of query.slos ?? []) add("slo", formatSlo(slo));
  add("qps", question.demandRequestsPerSecond);
  if (question.headroom !== DEFAULT_QUESTION.headroom) add("headroom", Math.round(question.headroom * 100));
  if (question.price.kind !== DEFAULT_QUESTION.price.kind) add("price", question.price.kind);
  add("provider", question.price.provider);
  add("region", question.price.region);
  add("usd", question.price.ownUsdPerAcceleratorHour);
  if (question.rankBy !== DEFAULT_QUESTION.rankBy) add("rank", question.rankBy);
  if (question.measuredOnly) add("measured", "1");
  if (question.includeOutliers) add("outliers", "1");
  if (question.kneeShare !== DEFAULT_QUESTION.kneeShare) add("knee", question.kneeShare);
  if (query.axes.throughput !== "accelerator") add("x", query.axes.throughput);
  if (query.axes.latency !== null) add("y", `${query.axes.latency.metric}:${query.axes.latency.statistic}`);
  if (query.showAll) add("all", "1");
  for (const id of query.highlight) add("highlight", id);
  add("rev", query.revision);
  // "/", ":" and "," are legal in a query and read better unescaped: links are read by people.
  return params
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%3A", ":")}`)
    .join("&");
}

/** The question a query asks, with the targets filled in. */
export function questionOf(query: ExplorerQuery, slos: Slo[]): Question {
  return { ...query.question, slos };
}

/** `URLSearchParams` as the raw form {@link parseExplorerQuery} takes. */
export function rawParams(params: URLSearchParams): RawParams {
  const raw: RawParams = {};
  for (const name of new Set(params.keys())) raw[name] = params.getAll(name);
  return raw;
}
