/**
 * The measured quantities of a load point that are one number, each described once: rows of the database, packing for the
 * browser, JSON, exports, figures columns, units, labels and their documentation are made from this table.
 * A new quantity is one row here, a migration that adds its column, and the adapters that read it.
 */

/** What a quantity counts or measures: which units it may be given in follows from it. */
export type Dimension =
  | "latency"
  | "latencyPerToken"
  | "tokenRate"
  | "requestRate"
  | "duration"
  | "tokens"
  | "requests"
  | "load"
  | "share"
  | "power"
  | "energyPerToken"
  | "times";

/**
 * Part in the identity of a load point. `always`: also when it is missing; the quantities of the first release. `whenMeasured`:
 * only where there is a value, so that points stored before it existed keep their ids. `never`: derived from others, or told by
 * reports that were read before the quantity was: the same report still gives points of the same ids.
 */
type PartInIdentity = "always" | "whenMeasured" | "never";

/** How the requests of one load become its one figure, in words. */
export const AGGREGATIONS = {
  none: "as it was set",
  total: "total of all requests",
  window: "of the load as a whole",
  rate: "total of all requests ÷ duration",
  mean: "mean over requests",
  derived: "worked out from other figures",
} as const;
type Aggregation = keyof typeof AGGREGATIONS;

export interface Quantity {
  /** Name on a measurement, in JSON and in exports. */
  field: string;
  /** Name of the database column and of the figures column. */
  column: string;
  /** `load`: above 0; `count`: whole, 0 or more; `amount`: any number, 0 or more; `share`: 0 to 1. */
  kind: "load" | "count" | "amount" | "share";
  dimension: Dimension;
  /** Group it is offered in where a column is given a field. */
  group: "Load" | "Throughput" | "Counts" | "Lengths" | "Server" | "Energy";
  /** Name in a form. */
  label: string;
  /** Name above a table's column, with its unit where the name does not say it. */
  heading: string;
  /** What it is, as the documentation of the figures format says it. */
  meaning: string;
  aggregation: Aggregation;
  identity: PartInIdentity;
  /** True where it alone makes a row a measurement: a load or a duration does not. */
  isResult: boolean;
}

export const QUANTITIES = [
  {
    field: "loadValue",
    column: "load_value",
    kind: "load",
    dimension: "load",
    group: "Load",
    label: "Load",
    heading: "Load",
    meaning: "the offered load; empty for `max`",
    aggregation: "none",
    identity: "always",
    isResult: false,
  },
  {
    field: "requestsCompleted",
    column: "requests_completed",
    kind: "count",
    dimension: "requests",
    group: "Counts",
    label: "Requests completed",
    heading: "Completed",
    meaning: "requests answered",
    aggregation: "total",
    identity: "always",
    isResult: false,
  },
  {
    field: "requestsFailed",
    column: "requests_failed",
    kind: "count",
    dimension: "requests",
    group: "Counts",
    label: "Requests failed",
    heading: "Failed",
    meaning: "requests not answered",
    aggregation: "total",
    identity: "always",
    isResult: false,
  },
  {
    field: "durationS",
    column: "duration_s",
    kind: "amount",
    dimension: "duration",
    group: "Counts",
    label: "Duration",
    heading: "Duration, s",
    meaning: "length of the measured window",
    aggregation: "window",
    identity: "always",
    isResult: false,
  },
  {
    field: "requestRateAchieved",
    column: "request_rate_achieved",
    kind: "amount",
    dimension: "requestRate",
    group: "Throughput",
    label: "Requests/s achieved",
    heading: "Achieved req/s",
    meaning: "completed requests ÷ duration",
    aggregation: "rate",
    identity: "always",
    isResult: true,
  },
  {
    field: "outputTokensPerSecond",
    column: "output_tokens_per_second",
    kind: "amount",
    dimension: "tokenRate",
    group: "Throughput",
    label: "Output tokens/s",
    heading: "Output tok/s",
    meaning: "measured, of the whole deployment, not of one accelerator",
    aggregation: "rate",
    identity: "always",
    isResult: true,
  },
  {
    field: "inputTokensPerSecond",
    column: "input_tokens_per_second",
    kind: "amount",
    dimension: "tokenRate",
    group: "Throughput",
    label: "Input tokens/s",
    heading: "Input tok/s",
    meaning: "input alone, measured, of the whole deployment",
    aggregation: "rate",
    identity: "always",
    isResult: true,
  },
  {
    field: "totalTokensPerSecond",
    column: "total_tokens_per_second",
    kind: "amount",
    dimension: "tokenRate",
    group: "Throughput",
    label: "Input and output tokens/s",
    heading: "Total tok/s",
    meaning: "input and output together, measured, of the whole deployment",
    aggregation: "rate",
    identity: "always",
    isResult: true,
  },
  {
    field: "outputTokensPerSecondDerived",
    column: "output_tokens_per_second_derived",
    kind: "amount",
    dimension: "tokenRate",
    group: "Throughput",
    label: "Output tokens/s, derived",
    heading: "Output tok/s, derived",
    meaning:
      "derived, not measured; where empty it is derived from concurrency, TTFT and TPOT, and flagged `est_throughput`",
    aggregation: "derived",
    identity: "never",
    isResult: false,
  },
  {
    field: "inputTokensMean",
    column: "input_tokens_mean",
    kind: "amount",
    dimension: "tokens",
    group: "Lengths",
    label: "Input tokens, measured mean",
    heading: "Input tokens",
    meaning:
      "measured mean of a request; where empty, the nominal length stands in and the row is flagged `nominal_token_lengths`",
    aggregation: "mean",
    identity: "always",
    isResult: false,
  },
  {
    field: "outputTokensMean",
    column: "output_tokens_mean",
    kind: "amount",
    dimension: "tokens",
    group: "Lengths",
    label: "Output tokens, measured mean",
    heading: "Output tokens",
    meaning: "measured mean of an answer; where empty, likewise",
    aggregation: "mean",
    identity: "always",
    isResult: false,
  },
  {
    field: "requestsCancelled",
    column: "requests_cancelled",
    kind: "count",
    dimension: "requests",
    group: "Counts",
    label: "Requests cancelled",
    heading: "Cancelled",
    meaning: "requests cut off, neither answered nor failed",
    aggregation: "total",
    identity: "never",
    isResult: false,
  },
  {
    field: "goodputRequestsPerSecond",
    column: "goodput_requests_per_second",
    kind: "amount",
    dimension: "requestRate",
    group: "Throughput",
    label: "Goodput, requests/s",
    heading: "Goodput req/s",
    meaning: "completed requests that met the targets the tool was given, ÷ duration",
    aggregation: "rate",
    identity: "never",
    isResult: false,
  },
  {
    field: "cachedInputShare",
    column: "cached_input_share",
    kind: "share",
    dimension: "share",
    group: "Server",
    label: "Share of input served from cache",
    heading: "Input from cache",
    meaning: "input tokens read from the prefix cache ÷ all input tokens, 0 to 1",
    aggregation: "window",
    identity: "never",
    isResult: false,
  },
  {
    field: "kvCacheShare",
    column: "kv_cache_share",
    kind: "share",
    dimension: "share",
    group: "Server",
    label: "Share of KV cache in use",
    heading: "KV cache in use",
    meaning: "KV cache in use ÷ KV cache there is, 0 to 1, mean over the measurement",
    aggregation: "window",
    identity: "never",
    isResult: false,
  },
  {
    field: "acceptanceLength",
    column: "acceptance_length",
    kind: "amount",
    dimension: "tokens",
    group: "Server",
    label: "Acceptance length of speculative decoding",
    heading: "Acceptance length",
    meaning: "output tokens of each step of speculative decoding, the model’s own one included, mean over steps",
    aggregation: "window",
    identity: "never",
    isResult: false,
  },
  {
    field: "powerWattsMean",
    column: "power_watts_mean",
    kind: "amount",
    dimension: "power",
    group: "Energy",
    label: "Power, watts",
    heading: "Power, W",
    meaning: "measured draw of all accelerators of the deployment, mean over the measurement",
    aggregation: "window",
    identity: "never",
    isResult: false,
  },
  {
    field: "joulesPerOutputToken",
    column: "joules_per_output_token",
    kind: "amount",
    dimension: "energyPerToken",
    group: "Energy",
    label: "Energy per output token, joules",
    heading: "J per output token",
    meaning: "measured energy of all accelerators of the deployment ÷ output tokens",
    aggregation: "rate",
    identity: "never",
    isResult: false,
  },
  {
    field: "repeats",
    column: "repeats",
    kind: "count",
    dimension: "times",
    group: "Counts",
    label: "Repeats",
    heading: "Repeats",
    meaning: "times the tool measured this load; the figures are means over them",
    aggregation: "none",
    identity: "never",
    isResult: false,
  },
  {
    field: "repeatsRelativeSpread",
    column: "repeats_relative_spread",
    kind: "amount",
    dimension: "share",
    group: "Throughput",
    label: "Spread over repeats",
    heading: "Spread over repeats",
    meaning: "standard deviation of output tokens/s over the repeats ÷ their mean",
    aggregation: "derived",
    identity: "never",
    isResult: false,
  },
  {
    field: "outputTokensMeanDerived",
    column: "output_tokens_mean_derived",
    kind: "amount",
    dimension: "tokens",
    group: "Lengths",
    label: "Output tokens, derived mean",
    heading: "Output tokens, derived",
    meaning: "derived from E2E, TTFT and TPOT where only the nominal length is stated and they contradict it",
    aggregation: "derived",
    identity: "never",
    isResult: false,
  },
] as const satisfies readonly Quantity[];

/** Name of a quantity on a measurement. */
export type NumberField = (typeof QUANTITIES)[number]["field"];

/** Name of a quantity as a database or figures column. */
export type NumberColumn = (typeof QUANTITIES)[number]["column"];

/** The quantities of one measurement; `null` = not measured, never 0. */
export type Numbers = Record<NumberField, number | null>;

/** Every quantity by name, in the order of the table. */
export const NUMBER_FIELDS: readonly NumberField[] = QUANTITIES.map(({ field }) => field);
