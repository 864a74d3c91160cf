import { formatLatency, formatNumber } from "../../format";
import { STATISTICS } from "../latency";
import type { Measurement } from "../measurement";
import { outputTokensOf } from "../output-tokens";
import type { PointCheck } from "./check";

/** TTFT and E2E of answers in one piece differ by rounding and by what the end of the stream takes. */
const SAME_TIME = 0.001;
/** … and all of the time after the first token is no more than this share of E2E. */
const NO_TIME_LEFT = 0.02;

export const answersStreamed: PointCheck = {
  flag: "answers_in_one_piece",
  consequence: "note",
  asks: "Did the answers come token by token?",
  tolerance:
    "no gap between tokens seen, or TTFT within 0.1% of E2E in every statistic both have and TPOT and ITL missing or next to 0; not asked of answers of one token",
  source: "without streaming the first token comes with the last: there is no TTFT, TPOT or ITL then",
  find({ measurement, evidence }) {
    const { ttftMs, tpotMs, itlMs, outputTokensMean } = measurement;
    if (outputTokensMean !== null && outputTokensMean <= 1) return null;
    if (ttftMs === null && tpotMs === null && itlMs === null) return null;
    const sawNoGap = evidence.sawGaps === false && outputTokensMean !== null;
    if (!(sawNoGap || isSameTime(measurement)) || !leavesNoTime(measurement)) return null;
    const first = ttftMs?.mean ?? ttftMs?.p50 ?? null;
    return {
      reason: `the first token comes with the last${first === null ? "" : ` (TTFT ${formatLatency(first)})`}, so TTFT, TPOT and ITL are not known`,
      unknown: ["ttftMs", "tpotMs", "itlMs"],
    };
  },
};

function isSameTime({ ttftMs, e2eMs }: Measurement): boolean {
  if (ttftMs === null || e2eMs === null) return false;
  let compared = 0;
  for (const statistic of STATISTICS) {
    const first = ttftMs[statistic];
    const whole = e2eMs[statistic];
    if (first === null || whole === null) continue;
    if (Math.abs(first - whole) > SAME_TIME * whole) return false;
    compared++;
  }
  return compared > 0;
}

/** True where TPOT and ITL take next to no time; figures that say otherwise contradict TTFT, and which is wrong is not known. */
function leavesNoTime({ tpotMs, itlMs, e2eMs, outputTokensMean }: Measurement): boolean {
  const whole = e2eMs?.mean ?? e2eMs?.p50 ?? null;
  const tokensAfterFirst = Math.max(1, (outputTokensMean ?? 1) - 1);
  return [tpotMs, itlMs].every((gaps) => {
    const gap = gaps?.mean ?? gaps?.p50 ?? null;
    return gap === null || (whole !== null && gap * tokensAfterFirst <= NO_TIME_LEFT * whole);
  });
}

/** TTFT may pass E2E by this share: the two may be rounded, or taken by different clocks. */
const TTFT_ABOVE_E2E = 1.02;

export const firstTokenBeforeLast: PointCheck = {
  flag: "ttft_above_e2e",
  consequence: "doubt",
  asks: "Is TTFT at most E2E in every statistic?",
  tolerance: "2%",
  source: "no answer ends before it begins, so no statistic of the one can pass that of the other",
  find({ measurement }) {
    const { ttftMs, e2eMs } = measurement;
    if (ttftMs === null || e2eMs === null || isSingleBatch(measurement)) return null;
    for (const statistic of STATISTICS) {
      const first = ttftMs[statistic];
      const whole = e2eMs[statistic];
      if (first === null || whole === null || first <= whole * TTFT_ABOVE_E2E) continue;
      return {
        reason: `TTFT ${statistic} ${formatLatency(first)} is above E2E ${statistic} ${formatLatency(whole)}`,
      };
    }
    return null;
  },
};

/** E2E ÷ (TTFT + TPOT × (n − 1)): means of varying lengths do not multiply exactly. */
const SUM_NOTED = 1.25;
const SUM_DOUBTED = 2;

/** E2E ÷ (TTFT + TPOT × (output tokens − 1)) over means; `null` where one of them is not known. */
function sumRatioOf(measurement: Measurement): number | null {
  const { ttftMs, tpotMs, e2eMs } = measurement;
  const outputTokens = outputTokensOf(measurement);
  const ttft = ttftMs?.mean ?? null;
  const tpot = tpotMs?.mean ?? null;
  const e2e = e2eMs?.mean ?? null;
  if (ttft === null || tpot === null || e2e === null || outputTokens === null || outputTokens <= 1) return null;
  if (isSingleBatch(measurement)) return null;
  const sum = ttft + tpot * (outputTokens - 1);
  return sum > 0 ? e2e / sum : null;
}

/** TTFT and E2E of a batch are those of different requests. */
function isSingleBatch({ qualityFlags }: Measurement): boolean {
  return qualityFlags.includes("single_batch") || qualityFlags.includes("ttft_of_last_request");
}

function sumReason(measurement: Measurement, ratio: number): string {
  const e2e = measurement.e2eMs?.mean ?? 0;
  return `E2E is ${formatLatency(e2e)}, but TTFT + TPOT × (output tokens − 1) makes ${formatLatency(e2e / ratio)}`;
}

export const timesAddUp: PointCheck = {
  flag: "latencies_do_not_add_up",
  consequence: "note",
  asks: "Is mean E2E = TTFT + TPOT × (output tokens − 1)?",
  tolerance: "a factor of 1.25 either way; of shipped points that measured all four 98% are within 1.1",
  source: "definition of TPOT; means of answers of different lengths do not multiply exactly",
  find({ measurement }) {
    const ratio = sumRatioOf(measurement);
    if (ratio === null || isBetween(ratio, SUM_NOTED) || !isBetween(ratio, SUM_DOUBTED)) return null;
    return { reason: sumReason(measurement, ratio) };
  },
};

export const timesAgree: PointCheck = {
  flag: "latencies_contradict_each_other",
  consequence: "doubt",
  asks: "Do TTFT, TPOT and E2E describe the same answers?",
  tolerance: "a factor of 2 either way",
  source: "as above; past this a unit, a column or a count is wrong",
  find({ measurement }) {
    const ratio = sumRatioOf(measurement);
    if (ratio === null || isBetween(ratio, SUM_DOUBTED)) return null;
    return { reason: sumReason(measurement, ratio) };
  },
};

function isBetween(ratio: number, factor: number): boolean {
  return ratio >= 1 / factor && ratio <= factor;
}

/** Mean ITL ÷ mean TPOT. */
const ITL_BELOW_TPOT = 0.75;
const ITL_ABOVE_TPOT = 1.5;

function itlShareOf({ itlMs, tpotMs }: Measurement): number | null {
  const itl = itlMs?.mean ?? itlMs?.p50 ?? null;
  const tpot = itlMs?.mean == null ? (tpotMs?.p50 ?? null) : (tpotMs?.mean ?? null);
  return itl === null || tpot === null || tpot === 0 ? null : itl / tpot;
}

function itlReason({ itlMs, tpotMs }: Measurement): string {
  const statistic = itlMs?.mean == null ? "p50" : "mean";
  return `ITL ${statistic} is ${formatLatency(itlMs?.[statistic] ?? 0)}, TPOT ${formatLatency(tpotMs?.[statistic] ?? 0)}`;
}

export const gapsReachTpot: PointCheck = {
  flag: "itl_below_tpot",
  consequence: "note",
  asks: "Is ITL at least TPOT?",
  tolerance: "25% below: long fast answers have more gaps than short slow ones",
  source: "inference-perf before 0.6.0 counted the end of each chunk as a token, which halves its ITL",
  find({ measurement }) {
    const share = itlShareOf(measurement);
    return share === null || share >= ITL_BELOW_TPOT ? null : { reason: itlReason(measurement) };
  },
};

export const tokensComeSingly: PointCheck = {
  flag: "tokens_arrive_in_chunks",
  consequence: "note",
  asks: "Is ITL the gap between single tokens?",
  tolerance: "1.5 × TPOT",
  source:
    "tokens that arrive together (speculative decoding, a server that sends in chunks) make fewer and longer gaps",
  find({ measurement }) {
    const share = itlShareOf(measurement);
    if (share === null || share <= ITL_ABOVE_TPOT) return null;
    return { reason: `${itlReason(measurement)}: about ${formatNumber(share)} tokens arrive together` };
  },
};
