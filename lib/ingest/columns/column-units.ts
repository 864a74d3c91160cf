import { LATENCY_STATISTICS, METRIC_DIMENSIONS } from "../../measurement/latency";
import { type Dimension, QUANTITIES } from "../../measurement/quantities";
import { SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../units";
import { figuresCsvColumns } from "../figures/figures-columns";

/** The unit a column is in. */
export interface ColumnUnit {
  name: string;
  /** True where the column divides by the number of accelerators: the value is multiplied by it. */
  perAccelerator: boolean;
}

/** How a value in a unit becomes one in the field's own unit: × 10^`shift` × `times` ÷ `by`. */
interface UnitDefinition {
  name: string;
  shift?: number;
  times?: number;
  by?: number;
  /** Other ways people write it, lower case, without blanks. */
  aliases: readonly string[];
}

const TIMES: readonly UnitDefinition[] = [
  { name: "ms", aliases: ["msec", "msecs", "millis", "millisecond", "milliseconds"] },
  { name: "s", shift: 3, aliases: ["sec", "secs", "second", "seconds"] },
  { name: "us", shift: -3, aliases: ["µs", "μs", "usec", "usecs", "microsecond", "microseconds"] },
  { name: "ns", shift: -6, aliases: ["nsec", "nanos", "nanosecond", "nanoseconds"] },
];

const TOKEN_NAMES = ["tokens", "token", "tok", "toks", "t"];
const REQUEST_NAMES = ["requests", "request", "reqs", "req", "queries", "query", "r"];
const PER_SECOND = ["/s", "/sec", "/second", "persecond", "persec"];
const PER_MINUTE = ["/min", "/minute", "perminute", "permin"];
const PER_HOUR = ["/h", "/hr", "/hour", "perhour"];

function rate(names: readonly string[], ends: readonly string[], ...more: string[]): string[] {
  return [...names.flatMap((name) => ends.map((end) => `${name}${end}`)), ...more];
}

const TOKEN_RATES: readonly UnitDefinition[] = [
  { name: "tokens/s", aliases: rate(TOKEN_NAMES, PER_SECOND, "tps") },
  { name: "tokens/min", by: SECONDS_PER_MINUTE, aliases: rate(TOKEN_NAMES, PER_MINUTE, "tpm") },
  { name: "tokens/h", by: SECONDS_PER_HOUR, aliases: rate(TOKEN_NAMES, PER_HOUR) },
  {
    name: "ktokens/s",
    shift: 3,
    aliases: rate(
      TOKEN_NAMES.map((name) => `k${name}`),
      PER_SECOND,
    ),
  },
];

const REQUEST_RATES: readonly UnitDefinition[] = [
  { name: "requests/s", aliases: rate(REQUEST_NAMES, PER_SECOND, "rps", "qps") },
  { name: "requests/min", by: SECONDS_PER_MINUTE, aliases: rate(REQUEST_NAMES, PER_MINUTE, "rpm", "qpm") },
  { name: "requests/h", by: SECONDS_PER_HOUR, aliases: rate(REQUEST_NAMES, PER_HOUR) },
];

const REQUESTS: UnitDefinition = { name: "requests", aliases: [...REQUEST_NAMES, "users", "clients", "concurrency"] };

/** Units of each dimension, the field's own first. */
const UNITS: Record<Dimension, readonly UnitDefinition[]> = {
  latency: TIMES,
  latencyPerToken: TIMES.map((unit) => ({
    ...unit,
    aliases: [unit.name, ...unit.aliases].flatMap((name) => [
      name,
      ...rate([name], ["/token", "/tok", "pertoken", "/outputtoken"]),
    ]),
  })),
  tokenRate: TOKEN_RATES,
  requestRate: REQUEST_RATES,
  duration: [
    { name: "s", aliases: ["sec", "secs", "second", "seconds"] },
    { name: "ms", shift: -3, aliases: ["msec", "millisecond", "milliseconds"] },
    { name: "min", times: SECONDS_PER_MINUTE, aliases: ["mins", "minute", "minutes"] },
    { name: "h", times: SECONDS_PER_HOUR, aliases: ["hr", "hour", "hours"] },
  ],
  tokens: [{ name: "tokens", aliases: TOKEN_NAMES }],
  requests: [REQUESTS],
  load: [REQUESTS, ...REQUEST_RATES],
  share: [
    { name: "share", aliases: ["ratio", "fraction"] },
    { name: "%", shift: -2, aliases: ["percent", "percentage", "pct"] },
  ],
  power: [
    { name: "W", aliases: ["w", "watt", "watts"] },
    { name: "kW", shift: 3, aliases: ["kw", "kilowatt", "kilowatts"] },
  ],
  energyPerToken: [{ name: "J/token", aliases: ["j/token", "j/tok", "joule/token", "joules/token", "joulespertoken"] }],
  times: [{ name: "times", aliases: ["runs", "repeats"] }],
};

const RATES: readonly Dimension[] = ["tokenRate", "requestRate", "load"];
const DIMENSIONS: ReadonlyMap<string, Dimension> = new Map<string, Dimension>([
  ...QUANTITIES.map(({ column, dimension }): [string, Dimension] => [column, dimension]),
  ["input_tokens", "tokens"],
  ["output_tokens", "tokens"],
  ...LATENCY_STATISTICS.map(({ column, metric }): [string, Dimension] => [column, METRIC_DIMENSIONS[metric]]),
]);

const PER_ACCELERATOR_TEXT = " per accelerator";
/** `tok/s/GPU`, `tokens/s per chip`. */
const PER_ACCELERATOR = /(?:\/|per)(?:gpu|chip|accelerator|device|card|tpu|npu)s?$/;

/** A unit as it is written in a mapping: `tokens/s per accelerator`. */
export function unitText(unit: ColumnUnit): string {
  return unit.perAccelerator ? `${unit.name}${PER_ACCELERATOR_TEXT}` : unit.name;
}

/** Every unit a column of this field may be in, the field's own first; none where the field has no unit. */
export function unitsOf(field: string): ColumnUnit[] {
  const dimension = DIMENSIONS.get(field);
  if (dimension === undefined) return [];
  const whole = UNITS[dimension].map(({ name }) => ({ name, perAccelerator: false }));
  return RATES.includes(dimension) ? [...whole, ...whole.map((unit) => ({ ...unit, perAccelerator: true }))] : whole;
}

/** The field's own unit: the one a column is in where none is said; `null` where it has none. */
export function ownUnit(field: string): ColumnUnit | null {
  return unitsOf(field)[0] ?? null;
}

/** A unit as people write it (`sec`, `tok/s/GPU`, `tokens per second`) for a field; `null` where the field is not given in it. */
export function parseUnit(text: string, field: string): ColumnUnit | null {
  const dimension = DIMENSIONS.get(field);
  if (dimension === undefined) return null;
  const simple = text.toLowerCase().replaceAll(/[\s_]+/g, "");
  const base = RATES.includes(dimension) ? simple.replace(PER_ACCELERATOR, "") : simple;
  const definition = UNITS[dimension].find(({ name, aliases }) => name === base || aliases.includes(base));
  return definition === undefined ? null : { name: definition.name, perAccelerator: base !== simple };
}

/**
 * A number in a unit as a number in the field's own unit (ms, s, tokens/s, requests/s of the whole deployment). Powers of ten
 * shift the decimal point, so that 0.07 s are 70 ms and not 70.00000000000001.
 * @param digits a decimal number, e.g. `0.07` or `1e3`
 * @param acceleratorCount what values per accelerator are multiplied by
 */
export function convertedNumber(digits: string, field: string, unit: ColumnUnit, acceleratorCount: number): number {
  const dimension = DIMENSIONS.get(field);
  const definition = dimension === undefined ? undefined : UNITS[dimension].find(({ name }) => name === unit.name);
  const { shift = 0, times = 1, by = 1 } = definition ?? {};
  const [mantissa = "", exponent = "0"] = digits.toLowerCase().split("e");
  const value = (Number(`${mantissa}e${Number(exponent) + shift}`) * times) / by;
  return unit.perAccelerator ? value * acceleratorCount : value;
}

/** True for every field of a mapping: the columns of a figures CSV. */
export function isField(name: string): boolean {
  return figuresCsvColumns.includes(name);
}
