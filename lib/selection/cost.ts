import { SECONDS_PER_HOUR } from "../units";
import type { Offer, Offers } from "./offers";
import type { Cost } from "./types";

const TOKENS_PER_MILLION = 1e6;

/** USD per million tokens = USD/h ÷ (tokens/s × 3600) × 10⁶. */
export function usdPerMillionTokens(usdPerHour: number, tokensPerSecond: number): number {
  return (usdPerHour / (tokensPerSecond * SECONDS_PER_HOUR)) * TOKENS_PER_MILLION;
}

/** The inverse: USD/h at which so many tokens/s cost so much a million. */
export function usdPerHourAt(usdPerMillion: number, tokensPerSecond: number): number {
  return (usdPerMillion * tokensPerSecond * SECONDS_PER_HOUR) / TOKENS_PER_MILLION;
}

/** USD per hour of one replica by an offer, or at the reader's own price of an accelerator; `null` = unknown. */
export function usdPerReplicaHour(acceleratorCount: number, offers: Offers, offer: Offer | null): number | null {
  if (offers.kind === "own") return acceleratorCount * offers.usdPerAcceleratorHour;
  return offer?.usdPerReplicaHour ?? null;
}

/**
 * Cost of one replica by the offer chosen for it: USD per million output tokens = USD/h ÷ (output tokens/s × 3600) × 10⁶.
 * Without a price the cost is unknown, never zero.
 */
export function costOf(
  acceleratorCount: number,
  outputTokensPerSecond: number,
  offers: Offers,
  offer: Offer | null,
): Cost {
  if (offers.kind === "unknown") return offers;
  const usdPerHour = usdPerReplicaHour(acceleratorCount, offers, offer);
  if (usdPerHour === null) return { kind: "unknown", reason: "No offer was chosen." };
  if (!(outputTokensPerSecond > 0)) return { kind: "unknown", reason: "The throughput is not known." };
  return {
    kind: "known",
    usdPerAcceleratorHour:
      offers.kind === "own" || offer === null
        ? usdPerHour / acceleratorCount
        : offer.price.usdPerHour / offer.price.acceleratorCount,
    usdPerHour,
    usdPerMillionOutputTokens: usdPerMillionTokens(usdPerHour, outputTokensPerSecond),
    price: offer?.price ?? null,
    packing: offer?.packing ?? null,
    discountPercent: offer?.discountPercent ?? 0,
  };
}
