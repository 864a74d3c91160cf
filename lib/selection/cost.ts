import type { Price } from "../catalogue/catalogue";
import { compareText } from "../compare-text";
import { SECONDS_PER_HOUR } from "../units";
import type { Cost, PriceBasis } from "./types";

const TOKENS_PER_MILLION = 1e6;
/** Values that agree to this many significant digits tie: floats are never compared for equality. */
export const TIE_SIGNIFICANT_DIGITS = 9;

/** The price of one accelerator for one hour, or why there is none. */
export type UnitPrice =
  | {
      kind: "known";
      usdPerAcceleratorHour: number;
      /** `null` = the user's own price. */
      price: Price | null;
    }
  | { kind: "unknown"; reason: string };

function perAcceleratorHour(price: Price): number {
  return price.usdPerHour / price.acceleratorCount;
}

/**
 * Order of offers: cheapest accelerator-hour first. Many providers price their instance sizes in proportion: of equal
 * offers the smallest that holds a whole replica comes first (tensor parallelism does not span instances), then the id.
 */
function compareOffers(a: Price, b: Price, replicaAccelerators: number | null): number {
  const perHour = (price: Price): number => Number(perAcceleratorHour(price).toPrecision(TIE_SIGNIFICANT_DIGITS));
  const size = ({ acceleratorCount }: Price): number =>
    replicaAccelerators === null || acceleratorCount < replicaAccelerators
      ? Number.MAX_SAFE_INTEGER - acceleratorCount
      : acceleratorCount;
  const bySize = replicaAccelerators === null ? 0 : size(a) - size(b);
  return perHour(a) - perHour(b) || bySize || compareText(a.priceId, b.priceId);
}

function cheapest(prices: readonly Price[], replicaAccelerators: number | null): Price | null {
  let best: Price | null = null;
  for (const price of prices) {
    if (best === null || compareOffers(price, best, replicaAccelerators) < 0) best = price;
  }
  return best;
}

/**
 * The offer a price basis stands for: of the rows for this accelerator, kind and (where asked) provider and region, the
 * cheapest per accelerator-hour; of equal ones that which best fits a replica of `replicaAccelerators` (`null` = not
 * asked), then by id. Rows that price the accelerator without its machine count only where no row prices the whole
 * instance. Total-cost-of-ownership estimates are a kind of their own: they match only when asked for.
 */
export function matchingPrice(
  prices: readonly Price[],
  acceleratorId: string,
  basis: PriceBasis,
  replicaAccelerators: number | null = null,
): Price | null {
  const matching = prices.filter(
    (price) =>
      price.acceleratorId === acceleratorId &&
      price.kind === basis.kind &&
      (basis.provider === null || price.provider === basis.provider) &&
      (basis.region === null || price.region === basis.region) &&
      // A row of zero would make its accelerator free.
      price.usdPerHour > 0 &&
      price.acceleratorCount > 0,
  );
  const whole = matching.filter((price) => !price.acceleratorOnly);
  return cheapest(whole, replicaAccelerators) ?? cheapest(matching, replicaAccelerators);
}

/** The price of one accelerator-hour under a basis: the user's own if given, else of the matching offer, else unknown. */
export function unitPriceOf(
  prices: readonly Price[],
  acceleratorId: string,
  basis: PriceBasis,
  replicaAccelerators: number | null = null,
): UnitPrice {
  const own = basis.ownUsdPerAcceleratorHour;
  if (own !== null) {
    if (Number.isFinite(own) && own > 0) return { kind: "known", usdPerAcceleratorHour: own, price: null };
    return { kind: "unknown", reason: "The price given is not above zero." };
  }
  const price = matchingPrice(prices, acceleratorId, basis, replicaAccelerators);
  if (price) return { kind: "known", usdPerAcceleratorHour: perAcceleratorHour(price), price };
  const kind = basis.kind.replaceAll("_", " ");
  const from = basis.provider === null ? "" : ` from ${basis.provider}`;
  const region = basis.region === null ? "" : ` in ${basis.region}`;
  return { kind: "unknown", reason: `No ${kind} price${from}${region} is known for ${acceleratorId}.` };
}

/**
 * Cost of one replica: USD/h = accelerators × USD per accelerator-hour; USD per million output tokens =
 * USD/h ÷ (output tokens/s × 3600) × 10⁶. Without a price the cost is unknown, never zero.
 */
export function costOf(acceleratorCount: number, outputTokensPerSecond: number, unitPrice: UnitPrice): Cost {
  if (unitPrice.kind === "unknown") return unitPrice;
  if (!(outputTokensPerSecond > 0)) return { kind: "unknown", reason: "The throughput is not known." };
  const usdPerHour = acceleratorCount * unitPrice.usdPerAcceleratorHour;
  return {
    kind: "known",
    usdPerAcceleratorHour: unitPrice.usdPerAcceleratorHour,
    usdPerHour,
    usdPerMillionOutputTokens: (usdPerHour / (outputTokensPerSecond * SECONDS_PER_HOUR)) * TOKENS_PER_MILLION,
    price: unitPrice.price,
  };
}
