import { formatNumber, plural } from "../format";
import type { Demand, DemandMeasure } from "../selection/demand";
import type { StockItem } from "../selection/stock";
import type { CapacityPlan } from "../selection/types";
import { acceleratorName, type NamedAccelerator } from "./accelerator-name";

function peakText(peakFactor: number): string {
  return peakFactor === 1 ? "" : `, ${formatNumber(peakFactor)} × at the peak`;
}

/** `12 req/s`, `300 people at once, 30 s to think`, `1,000,000 requests a day, 3 × at the peak`. */
export function demandText(demand: Demand): string {
  switch (demand.kind) {
    case "requests":
      return `${formatNumber(demand.requestsPerSecond)} req/s`;
    case "people": {
      const think = demand.thinkSeconds === 0 ? "" : `, ${formatNumber(demand.thinkSeconds)} s to think`;
      return `${formatNumber(demand.people)} people at once${think}`;
    }
    case "requestsPerDay":
      return `${formatNumber(demand.requestsPerDay)} requests a day${peakText(demand.peakFactor)}`;
    case "tokensPerDay":
      return `${formatNumber(demand.tokensPerDay)} output tokens a day${peakText(demand.peakFactor)}`;
    case "day":
      return `a day's curve with up to ${formatNumber(Math.max(...demand.requestsPerSecondByHour))} req/s`;
  }
}

const AMOUNTS: Record<DemandMeasure["unit"], string> = {
  requestsPerSecond: "req/s",
  people: "people at once",
  outputTokensPerSecond: "output tokens/s",
};

/** `14.2 req/s`: an amount of what a demand is measured by. */
export function amountOfDemand({ amount, unit }: CapacityPlan["carriesUpTo"]): string {
  return `${formatNumber(amount)} ${AMOUNTS[unit]}`;
}

/** `16 H100 SXM, 8 L40S`. */
export function stockText(stock: readonly StockItem[], accelerators: readonly NamedAccelerator[]): string {
  return stock.map((item) => `${item.count} ${acceleratorName(accelerators, item.accelerator)}`).join(", ");
}

/** What a plan takes of the stock: `taking 10 of your 16, 6 left; 2 replicas more are bought`; empty without a stock. */
export function stockUseText({ stock, demand, carriesUpTo }: CapacityPlan): string {
  if (stock === null) return "";
  const parts =
    stock.accelerators === 0 ? [] : [`taking ${stock.taken} of your ${stock.accelerators}, ${stock.left} left`];
  if (stock.replicasBought > 0) {
    parts.push(`${plural(stock.replicasBought, "replica")}${stock.taken > 0 ? " more" : ""} bought`);
  }
  if (stock.replicasMissing > 0 && demand !== null) {
    parts.push(`carries ${amountOfDemand(carriesUpTo)} of it: ${plural(stock.replicasMissing, "replica")} too few`);
  }
  return parts.join("; ");
}
