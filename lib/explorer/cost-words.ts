import { formatUsd, plural } from "../format";
import type { RankedConfiguration } from "../selection/types";
import { PRICE_KIND_LABELS } from "../words";

/** `$0.61`; where the throughput is a lower bound the cost is an upper one: `at most $0.61`. `null` where it is unknown. */
export function costText({
  cost,
  operatingPoint,
}: Pick<RankedConfiguration, "cost" | "operatingPoint">): string | null {
  if (cost.kind === "unknown") return null;
  return `${operatingPoint.kind === "atLeast" ? "at most " : ""}${formatUsd(cost.usdPerMillionOutputTokens)}`;
}

/** `cheapest below $6.22 an accelerator-hour`; `null` where it has a price, or nothing else has one. */
export function breakEvenText({ breakEvenUsdPerAcceleratorHour: usd }: RankedConfiguration): string | null {
  return usd === null ? null : `cheapest below ${formatUsd(usd)} an accelerator-hour`;
}

/** `price verda, on demand, $2.95 an hour each in 8H100.80S (8 accelerators), 2026-06-15`; `null` where it is unknown. */
export function priceText({ cost }: Pick<RankedConfiguration, "cost">): string | null {
  if (cost.kind === "unknown") return null;
  const each = `${formatUsd(cost.usdPerAcceleratorHour)} an hour each`;
  const { price } = cost;
  if (price === null) return `your own price, ${each}`;
  const machine = cost.packing === null ? "" : ` in ${machineText(price)}`;
  const alone = price.acceleratorOnly ? ", accelerators alone: CPU and memory are billed on top" : "";
  return `price ${price.provider}, ${PRICE_KIND_LABELS[price.kind]}, ${each}${machine}${alone}, ${price.asOf ?? "date not stated"}`;
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
