import type { Price, PriceKind } from "../catalogue/catalogue";
import { compareText } from "../compare-text";
import type { Configuration } from "../domain";
import { type Packing, packingOf, type ReplicaShape, replicaShape } from "./replica-shape";
import { tieRounded } from "./tie";

/** Whose prices count. */
export interface PriceBasis {
  /** `null` = any offer of the kind, the cheapest wins. */
  provider: string | null;
  region: string | null;
  kind: PriceKind;
  /** The user's own price of one accelerator for one hour; takes the place of every offer. */
  ownUsdPerAcceleratorHour: number | null;
  /** Own prices of single kinds of accelerator; they go before that one. */
  ownByAccelerator: readonly OwnPrice[];
  /** Off list prices. */
  discounts: readonly Discount[];
}

/** The user's own price of a kind of accelerator, one for one hour. */
export interface OwnPrice {
  /** Catalogue id. */
  accelerator: string;
  usdPerHour: number;
}

/** What a provider takes off its list prices. */
export interface Discount {
  /** `null` = every provider that has none of its own. */
  provider: string | null;
  /** 0 to below 100. */
  percent: number;
}

const PERCENT = 100;

/** Percent off the list prices of a provider. */
export function discountOf(discounts: readonly Discount[], provider: string): number {
  const own = discounts.find((discount) => discount.provider === provider);
  return (own ?? discounts.find((discount) => discount.provider === null))?.percent ?? 0;
}

/** A price that holds a replica, and how. */
export interface Offer {
  /** With the discount taken off. */
  price: Price;
  /** Percent taken off the list price; 0 = none. */
  discountPercent: number;
  /** `null`: an estimate of what owning costs, by the accelerator: no machine is bought. */
  packing: Packing | null;
  /** USD per hour of one replica, its machine full of others where it holds several. */
  usdPerReplicaHour: number;
}

/** What a replica can be bought as on a price basis, or why not. */
export type Offers =
  | { kind: "known"; offers: readonly Offer[] }
  /** The reader's own price of one accelerator for one hour. */
  | { kind: "own"; usdPerAcceleratorHour: number }
  | { kind: "unknown"; reason: string };

function offerOf(listed: Price, shape: ReplicaShape, discountPercent: number): Offer | null {
  const price =
    discountPercent === 0 ? listed : { ...listed, usdPerHour: listed.usdPerHour * (1 - discountPercent / PERCENT) };
  const perAccelerator = price.usdPerHour / price.acceleratorCount;
  if (price.kind === "tco")
    return { price, discountPercent, packing: null, usdPerReplicaHour: perAccelerator * shape.accelerators };
  const packing = packingOf(shape, price.acceleratorCount);
  if (packing === null) return null;
  const { replicasPerMachine, machinesPerReplica } = packing;
  return {
    price,
    discountPercent,
    packing,
    usdPerReplicaHour: (price.usdPerHour * machinesPerReplica) / replicasPerMachine,
  };
}

/** Estimates of several kinds of owner are never mixed: where none is chosen, the first by name counts for all. */
function ownerOf(prices: readonly Price[], basis: PriceBasis): string | null {
  if (basis.kind !== "tco" || basis.provider !== null) return basis.provider;
  let first: string | null = null;
  for (const { kind, provider } of prices) {
    if (kind === "tco" && (first === null || compareText(provider, first) < 0)) first = provider;
  }
  return first;
}

/**
 * Offers of an accelerator that hold a replica of a shape, on a price basis: of the kind and, where asked, the provider and
 * region. Offers of the accelerator without its machine count only where no offer of a whole machine holds it. Estimates of
 * what owning costs are a kind of their own: they match only when asked for, of one kind of owner.
 */
export function offersFor(
  prices: readonly Price[],
  acceleratorId: string,
  basis: PriceBasis,
  shape: ReplicaShape,
): Offers {
  const own =
    basis.ownByAccelerator.find((item) => item.accelerator === acceleratorId)?.usdPerHour ??
    basis.ownUsdPerAcceleratorHour;
  if (own !== null) {
    return Number.isFinite(own) && own > 0
      ? { kind: "own", usdPerAcceleratorHour: own }
      : { kind: "unknown", reason: "The price given is not above zero." };
  }
  const provider = ownerOf(prices, basis);
  const matching = prices.filter(
    (price) =>
      price.acceleratorId === acceleratorId &&
      price.kind === basis.kind &&
      (provider === null || price.provider === provider) &&
      (basis.region === null || price.region === basis.region) &&
      // A row of zero would make its accelerator free.
      price.usdPerHour > 0 &&
      price.acceleratorCount > 0,
  );
  const holding = matching.flatMap((price) => offerOf(price, shape, discountOf(basis.discounts, price.provider)) ?? []);
  const whole = holding.filter(({ price }) => !price.acceleratorOnly);
  const offers = whole.length > 0 ? whole : holding;
  if (offers.length > 0) return { kind: "known", offers };
  const what = `${basis.kind.replaceAll("_", " ")} price`;
  const from = `${provider === null ? "" : ` from ${provider}`}${basis.region === null ? "" : ` in ${basis.region}`}`;
  const largest = matching.reduce((most, { acceleratorCount }) => Math.max(most, acceleratorCount), 0);
  return {
    kind: "unknown",
    reason:
      largest === 0
        ? `No ${what}${from} is known for ${acceleratorId}.`
        : `No ${what}${from} is known for a machine with ${shape.perMachine} ${acceleratorId}: the largest with a price has ${largest}, and a replica takes ${shape.perMachine} in one machine.`,
  };
}

/** Offers of configurations on one price basis, each kind of replica looked up once. */
export function offersByConfiguration(
  prices: readonly Price[],
  basis: PriceBasis,
): (configuration: Configuration) => Offers {
  const kept = new Map<string, Offers>();
  return (configuration) => {
    const shape = replicaShape(configuration);
    const key = `${shape.accelerators} ${shape.perMachine} ${configuration.accelerator}`;
    const offers = kept.get(key) ?? offersFor(prices, configuration.accelerator, basis, shape);
    kept.set(key, offers);
    return offers;
  };
}

/**
 * The cheapest of offers by what is `paid` for each; of equals the one that costs a single replica least, then the smallest
 * machine, then by id. `null` of none.
 */
export function cheapestOffer(offers: readonly Offer[], paid: (offer: Offer) => number): Offer | null {
  let best: Offer | null = null;
  for (const offer of offers) {
    if (best === null || compareOffers(offer, best, paid) < 0) best = offer;
  }
  return best;
}

function compareOffers(a: Offer, b: Offer, paid: (offer: Offer) => number): number {
  return (
    tieRounded(paid(a)) - tieRounded(paid(b)) ||
    tieRounded(a.usdPerReplicaHour) - tieRounded(b.usdPerReplicaHour) ||
    a.price.acceleratorCount - b.price.acceleratorCount ||
    compareText(a.price.priceId, b.price.priceId)
  );
}
