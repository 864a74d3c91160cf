import type { Accelerator } from "../catalogue/catalogue";
import { formatMoney } from "../currency";
import { formatNumber } from "../format";
import type { RankedConfiguration, Ranking } from "../selection/types";
import { configurationSubtitle } from "../words";
import { costText } from "./cost-words";
import { hardwareLabel } from "./row-words";

/** What a question pinned to an earlier revision is answered there, and with the newest data. */
export interface NewerAnswer {
  isChanged: boolean;
  /** The first row in words; `null` where nothing meets the targets. */
  pinned: string | null;
  newest: string | null;
}

/** The first row of a ranking in words: `2× H100 SXM, vLLM 0.22 · FP8, $0.61 per million output tokens, 2,950 tokens/s a replica`. */
function firstRowText(row: RankedConfiguration | undefined, accelerators: readonly Accelerator[]): string | null {
  if (row === undefined) return null;
  const { configuration } = row.curve;
  const price = costText(row);
  const bill = row.capacity?.usdPerMonth ?? null;
  return [
    hardwareLabel(accelerators, configuration),
    configurationSubtitle(configuration),
    bill === null || bill === 0 ? "" : `${formatMoney(bill, row.currency)} a month`,
    price === null ? "price unknown" : `${price} per million output tokens`,
    `${row.operatingPoint.kind === "atLeast" ? "at least " : ""}${formatNumber(row.operatingPoint.outputTokensPerSecond)} tokens/s a replica`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/** Two answers to one question, as far as a reader would tell them apart. */
export function newerAnswer(
  pinned: { ranking: Ranking; accelerators: readonly Accelerator[] },
  newest: { ranking: Ranking; accelerators: readonly Accelerator[] },
): NewerAnswer {
  const [before] = pinned.ranking.ranked;
  const [after] = newest.ranking.ranked;
  const texts = {
    pinned: firstRowText(before, pinned.accelerators),
    newest: firstRowText(after, newest.accelerators),
  };
  const isSameRow = before?.curve.configuration.configurationId === after?.curve.configuration.configurationId;
  return { ...texts, isChanged: !isSameRow || texts.pinned !== texts.newest };
}
