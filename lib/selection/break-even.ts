import { usdPerHourAt } from "./cost";
import type { RankedConfiguration } from "./types";

function least(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (lowest, value) => (value === null ? lowest : lowest === null ? value : Math.min(lowest, value)),
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
    usdPerHour: least(rows.map(({ capacity }) => capacity?.usdPerHour ?? null)),
    usdPerMillionOutputTokens: least(
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
  const usdPerHour = usdPerHourAt(cheapest.usdPerMillionOutputTokens, operatingPoint.outputTokensPerSecond);
  return usdPerHour / curve.configuration.acceleratorCount;
}
