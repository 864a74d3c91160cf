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
  | "load";

/**
 * Part in the identity of a load point. `always`: also when it is missing; the quantities of the first release. `whenMeasured`:
 * only where there is a value, so that points stored before it existed keep their ids. `never`: derived from others.
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
  /** `load`: above 0; `count`: whole, 0 or more; `amount`: any number, 0 or more. */
  kind: "load" | "count" | "amount";
  dimension: Dimension;
  /** Group it is offered in where a column is given a field. */
  group: "Load" | "Throughput" | "Counts" | "Lengths";
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
] as const satisfies readonly Quantity[];

/** Name of a quantity on a measurement. */
export type NumberField = (typeof QUANTITIES)[number]["field"];

/** Name of a quantity as a database or figures column. */
export type NumberColumn = (typeof QUANTITIES)[number]["column"];

/** The quantities of one measurement; `null` = not measured, never 0. */
export type Numbers = Record<NumberField, number | null>;

/** Every quantity by name, in the order of the table. */
export const NUMBER_FIELDS: readonly NumberField[] = QUANTITIES.map(({ field }) => field);
