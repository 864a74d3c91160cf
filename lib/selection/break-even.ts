import { SECONDS_PER_HOUR } from "../units";
import type { RankedConfiguration } from "./types";

const TOKENS_PER_MILLION = 1e6;

function known(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (least, value) => (value === null ? least : least === null ? value : Math.min(least, value)),
    null,
  );
}

/** The lowest bill, USD/h, or cost, USD per million output tokens, of the rows that have a price. */
export interface Cheapest {
  usdPerHour: number | null;
  usdPerMillionOutputTokens: number | null;
}

/** What a row without a price would have to beat. */
export function cheapestOf(rows: readonly RankedConfiguration[]): Cheapest {
  return {
    usdPerHour: known(rows.map(({ capacity }) => capacity?.usdPerHour ?? null)),
    usdPerMillionOutputTokens: known(
      rows.map(({ cost }) => (cost.kind === "known" ? cost.usdPerMillionOutputTokens : null)),
    ),
  };
}

/**
 * The price of one accelerator for one hour at which a row without a price costs as much as the cheapest that has one: by the
 * bill of the demand where there is one, else by USD per million output tokens. `null` where it has a price, or nothing else
 * has one.
 */
export function breakEven({ curve, operatingPoint, cost, capacity }: RankedConfiguration, cheapest: Cheapest) {
  if (cost.kind === "known") return null;
  if (capacity !== null && capacity.demand !== null) {
    const bought = capacity.accelerators - (capacity.stock?.taken ?? 0);
    return cheapest.usdPerHour === null || bought === 0 ? null : cheapest.usdPerHour / bought;
  }
  if (cheapest.usdPerMillionOutputTokens === null) return null;
  const usdPerHour =
    (cheapest.usdPerMillionOutputTokens * operatingPoint.outputTokensPerSecond * SECONDS_PER_HOUR) / TOKENS_PER_MILLION;
  return usdPerHour / curve.configuration.acceleratorCount;
}
