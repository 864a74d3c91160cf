import { formatMoney } from "@/lib/currency";
import { hardwareLabel } from "@/lib/explorer/row-words";
import { formatPercent } from "@/lib/format";
import { USES } from "@/lib/selection/token-prices";
import type { ExplorerProps } from "./explorer-props";

/** What the first row costs by what is paid for (input, input from cache, output), at shares of its throughput it may really be used at. */
export function TokenCost({ data, view }: ExplorerProps) {
  const [best] = view.ranking.ranked;
  if (best === undefined || best.cost.kind === "unknown") return null;
  const { split, currency, operatingPoint, cost } = best;
  const { outputPerInput, cachedPerInput } = view.question.tokenPrices;
  const bound = operatingPoint.kind === "atLeast" ? "≤ " : "";
  const rows: [string, number | null][] = [
    ["output, all cost on it", cost.usdPerMillionOutputTokens],
    ["output", split?.usdPerMillionOutputTokens ?? null],
    ["input", split?.usdPerMillionInputTokens ?? null],
    ["input from cache", split?.usdPerMillionCachedInputTokens ?? null],
  ];
  return (
    <details className="border-line border-t pt-2" data-token-cost="">
      <summary className="font-semibold">
        What a million tokens cost
        <span className="font-normal text-muted">
          {" "}
          · {hardwareLabel(data.accelerators, best.curve.configuration)}, by what is paid for
        </span>
      </summary>
      <table className="data-table mt-1 text-[13px]">
        <thead>
          <tr>
            <th scope="col" className="text">
              A million tokens of
            </th>
            {USES.map((use) => (
              <th key={use} scope="col">
                {formatPercent(use)} in use
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(([, usd]) => usd !== null)
            .map(([name, usd]) => (
              <tr key={name}>
                <th scope="row" className="text font-normal">
                  {name}
                </th>
                {USES.map((use) => (
                  <td key={use} className="whitespace-nowrap">
                    {bound}
                    {formatMoney((usd ?? 0) / use, currency)}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
      <p className="mt-1 text-[12.5px] text-muted">
        {split === null
          ? "How much input it reads is not known here: cost cannot be split."
          : `Split as sellers of tokens do: an output token costs ${outputPerInput} × an input token${
              split.usdPerMillionCachedInputTokens === null
                ? "; how much of the input came from cache was not measured, all of it counts as read anew"
                : `, one from cache ${formatPercent(cachedPerInput)} of it`
            }. The ratios are part of the price.`}
      </p>
    </details>
  );
}
