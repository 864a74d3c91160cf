import { formatMoney } from "../currency";
import { plural } from "../format";
import type { Question, RankedConfiguration } from "../selection/types";
import { PRICE_KIND_LABELS } from "../words";

/** `$0.61`; where the throughput is a lower bound the cost is an upper one: `at most $0.61`. `null` where it is unknown. */
export function costText({
  cost,
  operatingPoint,
  currency,
}: Pick<RankedConfiguration, "cost" | "operatingPoint" | "currency">): string | null {
  if (cost.kind === "unknown") return null;
  return `${operatingPoint.kind === "atLeast" ? "at most " : ""}${formatMoney(cost.usdPerMillionOutputTokens, currency)}`;
}

/** `cheapest below $6.22 an accelerator-hour`; `null` where it has a price, or nothing else has one. */
export function breakEvenText({ breakEvenUsdPerAcceleratorHour: usd, currency }: RankedConfiguration): string | null {
  return usd === null ? null : `cheapest below ${formatMoney(usd, currency)} an accelerator-hour`;
}

/** `price verda, on demand, $2.95 an hour each in 8H100.80S (8 accelerators), 2026-06-15`; `null` where it is unknown. */
export function priceText({ cost, currency }: Pick<RankedConfiguration, "cost" | "currency">): string | null {
  if (cost.kind === "unknown") return null;
  const each = `${formatMoney(cost.usdPerAcceleratorHour, currency)} an hour each`;
  const { price } = cost;
  if (price === null) return `your own price, ${each}`;
  const off = cost.discountPercent === 0 ? "" : ` after ${cost.discountPercent}% off`;
  const machine = cost.packing === null ? "" : ` in ${machineText(price)}`;
  const alone = price.acceleratorOnly ? ", accelerators alone: CPU and memory are billed on top" : "";
  return `price ${price.provider}, ${PRICE_KIND_LABELS[price.kind]}, ${each}${off}${machine}${alone}, ${price.asOf ?? "date not stated"}`;
}

function machineText({ instanceType, acceleratorCount }: { instanceType: string | null; acceleratorCount: number }) {
  return instanceType === null
    ? `machines of ${acceleratorCount}`
    : `${instanceType} (${plural(acceleratorCount, "accelerator")})`;
}

/** `7 × p5.48xlarge`, the machines a demand takes; empty where none are bought. */
export function machinesText({ cost, capacity }: Pick<RankedConfiguration, "cost" | "capacity">): string {
  if (capacity?.instances == null || cost.kind === "unknown" || cost.price === null) return "";
  return `${capacity.instances} × ${cost.price.instanceType ?? `machine of ${cost.price.acceleratorCount}`}`;
}

/**
 * `split over the input, $0.222 per million output and $0.0555 per million input tokens`; `null` where it cannot be split.
 */
export function splitText(
  { split, currency, operatingPoint }: Pick<RankedConfiguration, "split" | "currency" | "operatingPoint">,
  { tokenPrices }: Pick<Question, "tokenPrices">,
): string | null {
  if (split === null) return null;
  const bound = operatingPoint.kind === "atLeast" ? "at most " : "";
  const cached =
    split.usdPerMillionCachedInputTokens === null
      ? ""
      : `, ${formatMoney(split.usdPerMillionCachedInputTokens, currency)} per million from cache`;
  return `with the input paid at 1 ÷ ${tokenPrices.outputPerInput} of the output: ${bound}${formatMoney(split.usdPerMillionOutputTokens, currency)} per million output and ${formatMoney(split.usdPerMillionInputTokens, currency)} per million input tokens${cached}`;
}
