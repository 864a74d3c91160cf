import { formatMoney } from "../currency";
import { formatNumber } from "../format";
import type { Crossover } from "../selection/crossovers";
import { sloLabel } from "../selection/slo";
import { acceleratorName, type NamedAccelerator } from "./accelerator-name";
import { demandText } from "./demand-words";
import { hardwareLabel } from "./row-words";

/** The change that makes another configuration first: `TTFT p95 ≤ 310 ms`, `above 42 req/s`, `B200 above $6.22 an hour`. */
export function crossoverText(
  { lever, direction, at, question }: Crossover,
  accelerators: readonly NamedAccelerator[],
): string {
  const beyond = direction === "up" ? "above" : "below";
  switch (lever.kind) {
    case "slo":
      return sloLabel({ ...lever.slo, limitMs: at });
    case "demand":
      return `${beyond} ${question.demand === null ? formatNumber(at) : demandText(question.demand)}`;
    case "price":
      return `${acceleratorName(accelerators, lever.accelerator)} ${beyond} ${formatMoney(at, question.currency)} an hour`;
  }
}

/** What is first after the change: `2× H200 SXM, FP8, $0.71 per million`; what is different from now where it is the same hardware. */
export function afterText({ first }: Crossover, accelerators: readonly NamedAccelerator[]): string {
  if (first === null) return "nothing measured meets it";
  const { configuration } = first.curve;
  return [
    hardwareLabel(accelerators, configuration),
    configuration.precision?.toUpperCase(),
    first.capacity?.usdPerMonth != null
      ? `${formatMoney(first.capacity.usdPerMonth, first.currency)} a month`
      : first.cost.kind === "known"
        ? `${formatMoney(first.cost.usdPerMillionOutputTokens, first.currency)} per million`
        : "price unknown",
  ]
    .filter(Boolean)
    .join(", ");
}
