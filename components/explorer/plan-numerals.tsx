import { formatMoney } from "@/lib/currency";
import { formatCount, plural } from "@/lib/format";
import type { RankedConfiguration } from "@/lib/selection/types";

/** What a buyer needs of a plan, at a glance: accelerators, the bill of a month, the cost of a million tokens. */
export function PlanNumerals({ row }: { row: RankedConfiguration }) {
  const { capacity, cost, operatingPoint, curve, currency } = row;
  const bound = operatingPoint.kind === "atLeast" ? "≤ " : "";
  const each = curve.configuration.acceleratorCount;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-1" data-numerals="">
      {capacity !== null && (
        <Numeral
          value={formatCount(capacity.accelerators)}
          label={`${capacity.accelerators === 1 ? "accelerator" : "accelerators"}: ${plural(capacity.replicas, "replica")} × ${each}`}
        />
      )}
      {capacity !== null && (
        <Numeral
          value={
            capacity.usdPerMonth === null
              ? "unknown"
              : capacity.usdPerMonth === 0
                ? formatMoney(0, currency)
                : `${bound}${formatMoney(capacity.usdPerMonth, currency)}`
          }
          label={capacity.usdPerMonth === 0 ? "a month: nothing to buy" : "a month"}
        />
      )}
      <Numeral
        // The headline says it, too.
        isSpare={capacity !== null}
        value={cost.kind === "known" ? `${bound}${formatMoney(cost.usdPerMillionOutputTokens, currency)}` : "unknown"}
        label={cost.kind === "known" ? "per million output tokens" : "per million output tokens: no price known"}
      />
    </dl>
  );
}

function Numeral({ value, label, isSpare = false }: { value: string; label: string; isSpare?: boolean }) {
  return (
    <div className={`flex flex-col-reverse ${isSpare ? "max-sm:hidden" : ""}`}>
      <dt className="text-[12px] text-muted">{label}</dt>
      <dd className="text-[20px] font-[650] tracking-[-0.01em]">{value}</dd>
    </div>
  );
}
