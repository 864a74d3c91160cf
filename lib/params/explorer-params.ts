import { DEFAULT_QUESTION } from "../answer/answer";
import { PRICE_KINDS, type PriceKind } from "../catalogue/catalogue";
import type { Slo } from "../domain";
import { AXIS_SCALES, type Axes, type AxisScale, THROUGHPUT_AXES } from "../frontier/axes";
import { METRICS, type Metric, STATISTICS, type Statistic } from "../measurement/latency";
import type { AskedWorkload } from "../selection/asked-workload";
import type { Demand } from "../selection/demand";
import { formatSlo, parseSlo } from "../selection/slo";
import type { StockItem } from "../selection/stock";
import { type Question, RANKINGS, type RankBy } from "../selection/types";
import { demandParam, demandWords, stockParam } from "./demand-params";
import { FILTER_PARAMS, type FilterValues, filterOfValues, filterWords, valuesOfFilter } from "./filter-params";
import {
  choiceParam,
  numberParam,
  offSwitchParam,
  type Param,
  type ParamProblem,
  type ParamTable,
  paramNames,
  type RawParams,
  readParams,
  repeatedNames,
  splitLists,
  switchParam,
  textParam,
  type WordsTable,
  withDefault,
  writeParams,
  writeWholeParams,
} from "./param";
import { PRICE_PARAMS, type PriceValues, priceWords } from "./price-params";

import {
  askedWorkloadOf,
  valuesOfWorkload,
  WORKLOAD_PARAMS,
  type WorkloadValues,
  workloadWords,
} from "./workload-params";

/** What the explorer is asked: the page, the HTTP API, share links and the command line read and write it by one table. */
export interface ExplorerQuery {
  model: string | null;
  workload: string | null;
  /** The reader's own requests; `null` = those of the workload. */
  askedWorkload: AskedWorkload | null;
  /** `null` = the URL does not say (the page offers its first targets); `[]` = asked without targets. */
  slos: Slo[] | null;
  question: Omit<Question, "slos">;
  /** `null` parts = follow the first target. */
  axes: { throughput: Axes["throughput"]; latency: LatencyAxis | null; scale: AxisScale };
  /** Every configuration in the table, not just the best of each accelerator. */
  showAll: boolean;
  /** Ids of configurations drawn with emphasis, e.g. those just added. */
  highlight: string[];
  /** Ids of the configurations put side by side, of any model, in the reader's order. */
  compare: string[];
  /** Dataset revision a link pins; `null` = the newest. */
  revision: number | null;
}

interface LatencyAxis {
  metric: Metric;
  statistic: Statistic;
}

const MAX_SLOS = 8;
/** As many columns as can be read side by side. */
export const MAX_COMPARED = 8;
/** More emphasised curves emphasise nothing. */
const MAX_HIGHLIGHTS = 8;
const PERCENT = 100;

/** What a question is asked with, on every way in. */
interface QuestionValues extends FilterValues, PriceValues {
  slos: Slo[] | null;
  demandRequestsPerSecond: number | null;
  /** A demand in another measure than requests/s. */
  demand: Demand | null;
  stock: StockItem[];
  buyBeyondStock: boolean;
  headroom: number;
  priceKind: PriceKind;
  provider: string | null;
  region: string | null;
  ownUsdPerAcceleratorHour: number | null;
  rankBy: RankBy;
  measuredOnly: boolean;
  includeOutliers: boolean;
  estimates: boolean;
  kneeShare: number;
}

interface ExplorerValues extends QuestionValues, WorkloadValues {
  model: string | null;
  workload: string | null;
  throughputAxis: Axes["throughput"];
  latencyAxis: LatencyAxis | null;
  latencyScale: AxisScale;
  showAll: boolean;
  highlight: string[];
  compare: string[];
  revision: number | null;
}

const sloParam: Param<Slo[] | null> = {
  name: "slo",
  isRepeated: true,
  read: (texts, refuse) => {
    const targets = splitLists(texts);
    if (targets.length === 0) return null;
    for (const text of targets.slice(MAX_SLOS)) refuse(text, `at most ${MAX_SLOS} targets`);
    const slos: Slo[] = [];
    for (const text of targets.slice(0, MAX_SLOS)) {
      if (text === "none") continue;
      const parsed = parseSlo(text);
      if (parsed.ok) slos.push(parsed.value);
      else refuse(text, parsed.error);
    }
    return slos;
  },
  write: (slos) => (slos === null ? [] : slos.length === 0 ? ["none"] : slos.map(formatSlo)),
};

/** `0.2`, `20%` and `20` → `20`, as an address has it. */
function headroomPercent(text: string): string {
  const isPercent = text.endsWith("%");
  const digits = (isPercent ? text.slice(0, -1) : text).trim();
  const value = digits === "" ? Number.NaN : Number(digits);
  return String(isPercent || value >= 1 ? value : Math.round(value * PERCENT * PERCENT) / PERCENT);
}

const percentParam = numberParam("headroom", { min: 0, max: 90 });

function percentText(share: number): string {
  return String(Math.round(share * PERCENT));
}

/** A share from 0 to 1, in percent in the address. */
const headroomParam: Param<number> = {
  ...percentParam,
  read: (texts, refuse) => {
    const percent = percentParam.read(texts, refuse);
    return percent === null ? DEFAULT_QUESTION.headroom : percent / PERCENT;
  },
  write: (share) => (share === DEFAULT_QUESTION.headroom ? [] : [percentText(share)]),
  writeWhole: (share) => [percentText(share)],
};

const latencyAxisParam: Param<LatencyAxis | null> = {
  name: "y",
  isRepeated: false,
  read: ([text = ""], refuse) => {
    if (text === "") return null;
    const [metricText, statisticText] = text.split(":");
    const metric = METRICS.find((item) => item === metricText);
    const statistic = STATISTICS.find((item) => item === statisticText);
    if (metric !== undefined && statistic !== undefined) return { metric, statistic };
    refuse(text, "metric:statistic, e.g. tpot:p50");
    return null;
  },
  write: (axis) => (axis === null ? [] : [`${axis.metric}:${axis.statistic}`]),
};

const highlightParam: Param<string[]> = {
  name: "highlight",
  isRepeated: true,
  read: (texts) => [...new Set(splitLists(texts))].slice(0, MAX_HIGHLIGHTS),
  write: (ids) => ids,
};

const compareParam: Param<string[]> = {
  name: "compare",
  isRepeated: true,
  read: (texts, refuse) => {
    const ids = [...new Set(splitLists(texts))];
    for (const text of ids.slice(MAX_COMPARED)) refuse(text, `at most ${MAX_COMPARED} configurations`);
    return ids.slice(0, MAX_COMPARED);
  },
  write: (ids) => ids,
};

function inCode(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}

/** `throughput-per-accelerator` → `throughputPerAccelerator`. */
function camelCase(text: string): string {
  return text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** What a question may say, in the order links are written. */
export const QUESTION_PARAMS: ParamTable<QuestionValues> = {
  slos: sloParam,
  demandRequestsPerSecond: numberParam("qps", { min: 0, max: 1_000_000, above: true }),
  demand: demandParam,
  stock: stockParam,
  buyBeyondStock: switchParam("buy"),
  headroom: headroomParam,
  priceKind: choiceParam("price", PRICE_KINDS, DEFAULT_QUESTION.price.kind),
  provider: textParam("provider"),
  region: textParam("region"),
  ownUsdPerAcceleratorHour: numberParam("usd", { min: 0, max: 100_000, above: true }),
  ...PRICE_PARAMS,
  rankBy: choiceParam("rank", RANKINGS, DEFAULT_QUESTION.rankBy),
  ...FILTER_PARAMS,
  measuredOnly: switchParam("measured"),
  includeOutliers: switchParam("outliers"),
  estimates: offSwitchParam("estimates"),
  kneeShare: withDefault(numberParam("knee", { min: 0.5, max: 1 }), DEFAULT_QUESTION.kneeShare),
};

/** Everything an address of the explorer may say, in the order links are written. */
export const EXPLORER_PARAMS: ParamTable<ExplorerValues> = {
  model: textParam("model"),
  workload: textParam("workload"),
  ...WORKLOAD_PARAMS,
  ...QUESTION_PARAMS,
  throughputAxis: choiceParam("x", THROUGHPUT_AXES, "accelerator"),
  latencyAxis: latencyAxisParam,
  latencyScale: choiceParam("scale", AXIS_SCALES, "auto"),
  showAll: switchParam("all"),
  highlight: highlightParam,
  compare: compareParam,
  revision: numberParam("rev", { min: 1, max: Number.MAX_SAFE_INTEGER, whole: true }),
};

/** What there is to say of the parameters of a question. */
export function questionWords(): WordsTable<QuestionValues> {
  return {
    slos: {
      values: `\`metric:statistic:limit\`; repeated or separated by commas, at most ${MAX_SLOS}; \`none\` = no targets`,
      otherwise:
        "on `/`: TTFT ≤ 2 s and TPOT ≤ 50 ms, each on the statistic most load points have, on means where nothing meets those, none where nothing does; elsewhere no targets",
      commandLine: {
        flag: "--slo <target>",
        help: "metric:statistic:limit, in ms or with s, e.g. ttft:p95:500 or ttft:p95:2s; may be repeated",
      },
    },
    demandRequestsPerSecond: {
      values: "demand, requests/s, above 0 to 1,000,000",
      otherwise: "no demand",
      commandLine: { flag: "--qps <n>", help: "demand in requests per second" },
    },
    ...demandWords(),
    buyBeyondStock: {
      values: "`1` = with `have`: more may be bought where the stock does not hold all",
      otherwise: "the stock alone",
      commandLine: { flag: "--buy", help: "with --have: more may be bought where the stock does not hold all" },
    },
    headroom: {
      values: "percent of capacity kept free, 0 to 90",
      otherwise: String(DEFAULT_QUESTION.headroom * PERCENT),
      commandLine: {
        flag: "--headroom <share>",
        help: "share of capacity kept free, e.g. 0.2 or 20%",
        toAddress: headroomPercent,
      },
    },
    priceKind: {
      values: inCode(PRICE_KINDS),
      otherwise: `\`${DEFAULT_QUESTION.price.kind}\``,
      commandLine: { flag: "--price-kind <kind>", help: PRICE_KINDS.join(", ") },
    },
    provider: {
      values: "only this provider's prices",
      otherwise: "any",
      commandLine: { flag: "--provider <name>", help: "only this provider's prices" },
    },
    region: {
      values: "only this region's prices",
      otherwise: "any",
      commandLine: { flag: "--region <name>", help: "only this region's prices" },
    },
    ownUsdPerAcceleratorHour: {
      values: "own price, USD per accelerator and hour, above 0 to 100,000; takes the place of every offer",
      otherwise: "offers",
      commandLine: { flag: "--usd-per-accelerator-hour <usd>", help: "your own price, instead of every offer" },
    },
    ...priceWords(),
    rankBy: {
      values: inCode(RANKINGS),
      otherwise: `\`${DEFAULT_QUESTION.rankBy}\``,
      commandLine: {
        flag: "--rank-by <order>",
        help: "cost, throughput-per-accelerator, fewest-accelerators, latency or equal-tpot",
        toAddress: camelCase,
      },
    },
    ...filterWords(),
    measuredOnly: {
      values: "`1` = leave out derived throughput",
      otherwise: "derived throughput takes part",
      commandLine: { flag: "--measured-only", help: "leave out derived throughput" },
    },
    includeOutliers: {
      values: "`1` = let outliers and doubted points take part",
      otherwise: "they do not",
      commandLine: { flag: "--include-outliers", help: "let outliers and points whose figures are doubted take part" },
    },
    estimates: {
      values: "`0` = estimate no percentiles",
      otherwise: "a percentile nobody measured on a curve is estimated from its means or medians, and said so",
      commandLine: { flag: "--no-estimates", help: "estimate no percentiles from means or medians" },
    },
    kneeShare: {
      values: "without targets: share of a curve's best throughput that makes its knee, 0.5 to 1",
      otherwise: String(DEFAULT_QUESTION.kneeShare),
    },
  };
}

/** What there is to say of the parameters of an address. */
export function explorerWords(): WordsTable<ExplorerValues> {
  return {
    model: { values: "Hugging Face id", otherwise: "the explorer's first model" },
    workload: {
      values: "workload id, e.g. `random-1024-1024`",
      otherwise:
        "the nearest to `lengths`, else the served one with most load points for the model, else an offline one",
    },
    ...workloadWords(),
    ...questionWords(),
    throughputAxis: {
      values: `throughput axis: ${inCode(THROUGHPUT_AXES)}`,
      otherwise: "`accelerator`",
    },
    latencyAxis: {
      values: "latency axis, `metric:statistic`",
      otherwise: "the first target's",
    },
    latencyScale: {
      values: `scale of the latency axis: ${inCode(AXIS_SCALES)}`,
      otherwise: "`auto`: logarithmic where the range asks for it",
    },
    showAll: {
      values: "`1` = every configuration in the table",
      otherwise: "the best of each accelerator",
    },
    highlight: {
      values: "ids of configurations drawn with emphasis, repeated or in a list",
      otherwise: "none",
    },
    compare: {
      values: `ids of configurations put side by side on \`/compare\`, of any model, repeated or in a list, at most ${MAX_COMPARED}`,
      otherwise: "none",
    },
    revision: { values: "dataset revision to answer from, 1 or more", otherwise: "the newest" },
  };
}

/** Names of the parameters a question is asked with. */
export const EXPLORER_PARAM_NAMES: readonly string[] = paramNames(EXPLORER_PARAMS);
/** Those of them that may be given several times. */
export const REPEATED_PARAM_NAMES: readonly string[] = repeatedNames(EXPLORER_PARAMS);

/** The question that values ask, targets aside. */
export function questionOfValues(values: QuestionValues): Omit<Question, "slos"> {
  return {
    demand:
      values.demand ??
      (values.demandRequestsPerSecond === null
        ? null
        : { kind: "requests", requestsPerSecond: values.demandRequestsPerSecond }),
    stock: values.stock,
    buyBeyondStock: values.buyBeyondStock,
    headroom: values.headroom,
    price: {
      provider: values.provider,
      region: values.region,
      kind: values.priceKind,
      ownUsdPerAcceleratorHour: values.ownUsdPerAcceleratorHour,
      ownByAccelerator: values.ownByAccelerator,
      discounts: values.discounts,
    },
    tokenPrices: { outputPerInput: values.outputPerInput, cachedPerInput: values.cachedPerInput },
    currency: values.currency,
    ...filterOfValues(values),
    rankBy: values.rankBy,
    measuredOnly: values.measuredOnly,
    includeOutliers: values.includeOutliers,
    estimates: values.estimates,
    kneeShare: values.kneeShare,
  };
}

/**
 * Reads a query. Never throws: a parameter that makes no sense is reported and its default kept.
 * @returns the query and the parameters that were not understood
 */
export function parseExplorerQuery(raw: RawParams): { query: ExplorerQuery; problems: ParamProblem[] } {
  const { values, problems } = readParams(EXPLORER_PARAMS, raw);
  const { model, workload, slos, showAll, highlight, compare, revision } = values;
  const axes = { throughput: values.throughputAxis, latency: values.latencyAxis, scale: values.latencyScale };
  const question = questionOfValues(values);
  const askedWorkload = askedWorkloadOf(values);
  return {
    query: { model, workload, askedWorkload, slos, question, axes, showAll, highlight, compare, revision },
    problems,
  };
}

/**
 * Writes a query, canonical: fixed order, defaults left out, so that equal views have equal links.
 * @returns the search string without `?`
 */
export function serializeExplorerQuery(query: ExplorerQuery): string {
  return writeParams(EXPLORER_PARAMS, valuesOfQuery(query));
}

/** Writes a query with every default spelled out, for links that must ask the same of a later release. */
export function serializeWholeQuery(query: ExplorerQuery): string {
  return writeWholeParams(EXPLORER_PARAMS, valuesOfQuery(query));
}

function valuesOfQuery(query: ExplorerQuery): ExplorerValues {
  const { model, workload, askedWorkload, slos, question, axes, showAll, highlight, compare, revision } = query;
  const { price, demand, stock, requests, only, tokenPrices, ...rest } = question;
  return {
    model,
    workload,
    ...valuesOfWorkload(askedWorkload),
    slos,
    ...rest,
    demandRequestsPerSecond: demand?.kind === "requests" ? demand.requestsPerSecond : null,
    demand: demand?.kind === "requests" ? null : demand,
    stock: [...stock],
    ...valuesOfFilter({ requests, only }),
    priceKind: price.kind,
    provider: price.provider,
    region: price.region,
    ownUsdPerAcceleratorHour: price.ownUsdPerAcceleratorHour,
    ownByAccelerator: [...price.ownByAccelerator],
    discounts: [...price.discounts],
    ...tokenPrices,
    throughputAxis: axes.throughput,
    latencyAxis: axes.latency,
    latencyScale: axes.scale,
    showAll,
    highlight,
    compare,
    revision,
  };
}

/** The question a query asks, with the targets filled in. */
export function questionOf(query: ExplorerQuery, slos: Slo[]): Question {
  return { ...query.question, slos };
}
