import { compareText } from "../compare-text";
import { groupBy } from "../group-by";
import { billOf, usdPerMonth } from "./capacity";
import { usdPerMillionTokens } from "./cost";
import { cheapestOffer, type Offer, type Offers } from "./offers";
import type { ProviderOffer } from "./types";

/** What one row costs, given an offer. */
export interface Priced {
  acceleratorCount: number;
  outputTokensPerSecond: number;
  /** `null` without a demand. */
  replicas: number | null;
}

/** What is paid by an offer: the bill of the demand where there is one, else an hour of one replica. USD/h. */
export function paidBy({ replicas, acceleratorCount }: Pick<Priced, "replicas" | "acceleratorCount">) {
  return (offer: Offer): number =>
    replicas === null ? offer.usdPerReplicaHour : billOf(replicas, acceleratorCount, offer).usdPerHour;
}

/** The cheapest offer of each provider, cheapest first, then by name; empty where the price is the reader's own or unknown. */
export function providerOffers(offers: Offers, priced: Priced): ProviderOffer[] {
  if (offers.kind !== "known") return [];
  const paid = paidBy(priced);
  const best = [...groupBy(offers.offers, ({ price }) => price.provider).values()].flatMap(
    (ofProvider) => cheapestOffer(ofProvider, paid) ?? [],
  );
  return best
    .sort((a, b) => paid(a) - paid(b) || compareText(a.price.provider, b.price.provider))
    .map((offer) => ({
      provider: offer.price.provider,
      offer,
      usdPerMillionOutputTokens: usdPerMillionTokens(offer.usdPerReplicaHour, priced.outputTokensPerSecond),
      usdPerMonth:
        priced.replicas === null
          ? null
          : usdPerMonth(billOf(priced.replicas, priced.acceleratorCount, offer).usdPerHour),
    }));
}
