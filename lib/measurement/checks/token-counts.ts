import { formatCount, formatNumber, formatPercent } from "../../format";
import type { Measurement } from "../measurement";
import type { NumberField } from "../quantities";
import type { Finding, PointCheck } from "./check";

/** Sums may differ by this share: rates over slightly different windows, rounding. */
const SUM_TOLERANCE = 0.1;

export const rolesAddUp: PointCheck = {
  flag: "token_rates_do_not_add_up",
  consequence: "doubt",
  asks: "Do input and output tokens/s make the total?",
  tolerance: "10%; in 3,813 of 3,813 shipped points with all three they do within 0.01%",
  source: "arithmetic; rates per accelerator of different roles multiplied by the wrong number of accelerators",
  find({ measurement }) {
    const { inputTokensPerSecond, outputTokensPerSecond, totalTokensPerSecond } = measurement;
    if (inputTokensPerSecond === null || outputTokensPerSecond === null || totalTokensPerSecond === null) return null;
    const sum = inputTokensPerSecond + outputTokensPerSecond;
    if (Math.abs(sum - totalTokensPerSecond) <= SUM_TOLERANCE * Math.max(sum, totalTokensPerSecond)) return null;
    return {
      reason: `${formatNumber(inputTokensPerSecond)} input + ${formatNumber(outputTokensPerSecond)} output tokens/s are not the ${formatNumber(totalTokensPerSecond)} of both together`,
    };
  },
};

/** Input tokens/s above this multiple of tokens ÷ duration are of an instant, not of the measurement. */
const INPUT_RATE_ABOVE = 2;

export const inputRateOfWholeRun: PointCheck = {
  flag: "input_rate_not_of_whole_run",
  consequence: "note",
  asks: "Are input tokens/s those of the whole measurement?",
  tolerance: "twice the mean input × completed requests ÷ duration; that then takes its place",
  source: "GuideLLM 0.5 divides the prompts by the instant in which all of them were sent",
  find({ measurement }) {
    const { inputTokensPerSecond, totalTokensPerSecond, inputTokensMean, requestsCompleted, durationS } = measurement;
    if (inputTokensPerSecond === null) return null;
    const whole =
      inputTokensMean === null || requestsCompleted === null || durationS === null || durationS === 0
        ? null
        : (inputTokensMean * requestsCompleted) / durationS;
    const aboveTotal = totalTokensPerSecond !== null && inputTokensPerSecond > totalTokensPerSecond * INPUT_RATE_ABOVE;
    const aboveWhole = whole !== null && whole > 0 && inputTokensPerSecond > whole * INPUT_RATE_ABOVE;
    // A total that is as large says that the lengths are the ones that are wrong.
    if (!aboveTotal && !(aboveWhole && totalTokensPerSecond === null)) return null;
    const reason = `${formatNumber(inputTokensPerSecond)} input tokens/s are more than all tokens of the measurement make`;
    return whole === null
      ? { reason, unknown: ["inputTokensPerSecond"] }
      : { reason, corrected: { inputTokensPerSecond: whole } };
  },
};

/** What cannot be 0 where a request was completed. */
const NEVER_ZERO = [
  "durationS",
  "requestRateAchieved",
  "outputTokensPerSecond",
  "inputTokensPerSecond",
  "totalTokensPerSecond",
  "inputTokensMean",
  "outputTokensMean",
] as const satisfies readonly NumberField[];

export const zeroIsCounted: PointCheck = {
  flag: "zero_means_unknown",
  consequence: "note",
  asks: "Are counts, lengths, rates and durations of completed requests above 0?",
  tolerance: "none; a 0 is then taken for not known, and the total of both roles with it",
  source: "a completed request took time, had a prompt and an answer: a tool that could not count them writes 0",
  find({ measurement }) {
    if (measurement.requestsCompleted === 0 || !NEVER_ZERO.some((field) => measurement[field] === 0)) return null;
    const zero: NumberField[] = NEVER_ZERO.filter((field) => measurement[field] === 0);
    const halfCounted =
      zero.includes("outputTokensPerSecond") ||
      zero.includes("inputTokensPerSecond") ||
      zero.includes("outputTokensMean") ||
      zero.includes("inputTokensMean");
    const unknown: NumberField[] =
      halfCounted && measurement.totalTokensPerSecond !== null ? [...zero, "totalTokensPerSecond"] : zero;
    return { reason: "the report says 0 where requests were completed", unknown: [...new Set(unknown)] };
  },
};

/** Measured answers this much shorter than asked for make the nominal length misleading. */
const SHORT_OUTPUT_SHARE = 0.9;

export const answersAsLongAsAsked: PointCheck = {
  flag: "output_shorter_than_nominal",
  consequence: "note",
  asks: "Were the answers as long as asked for?",
  tolerance: "10% shorter",
  source: "answers that end early are cheaper: another workload than the one its name says",
  find({ measurement, evidence, setup }) {
    const { outputTokensMean } = measurement;
    const asked = evidence.outputTokensAsked ?? setup?.workload.outputTokens ?? null;
    if (outputTokensMean === null || asked === null || outputTokensMean >= asked * SHORT_OUTPUT_SHARE) return null;
    return { reason: `${formatNumber(asked)} output tokens asked for, ${formatNumber(outputTokensMean)} came` };
  },
};

/** Two counts of the same answers may differ by this share: special tokens, another tokeniser. */
const COUNT_TOLERANCE = 0.05;

export const countsAgree: PointCheck = {
  flag: "output_token_counts_disagree",
  consequence: "note",
  asks: "Do two counts of the output tokens agree?",
  tolerance: "5%",
  source: "a count by the server beside one by the client’s tokeniser",
  find({ measurement, evidence }) {
    const { outputTokensMean } = measurement;
    const other = evidence.outputTokensMeanElsewhere;
    if (outputTokensMean === null || other === undefined) return null;
    if (Math.abs(outputTokensMean - other) <= COUNT_TOLERANCE * Math.max(outputTokensMean, other)) return null;
    return {
      reason: `${formatNumber(outputTokensMean)} output tokens an answer by one count, ${formatNumber(other)} by another`,
    };
  },
};

export const allAnswersCounted: PointCheck = {
  flag: "tokens_counted_for_a_part",
  consequence: "note",
  asks: "Were the tokens of all completed requests counted?",
  tolerance: "none; tokens/s and the mean length are then not known",
  source: "a count that some requests lack tells nothing of the whole",
  find({ measurement, evidence }) {
    const { requestsCompleted } = measurement;
    if (requestsCompleted === null) return null;
    const unknown: NumberField[] = [];
    const lacks = (counted: number | undefined) => counted !== undefined && counted < requestsCompleted;
    if (lacks(evidence.requestsWithInputCount)) unknown.push("inputTokensPerSecond", "inputTokensMean");
    if (lacks(evidence.requestsWithOutputCount)) unknown.push("outputTokensPerSecond", "outputTokensMean");
    if (unknown.length === 0) return null;
    const counted = Math.min(
      evidence.requestsWithInputCount ?? requestsCompleted,
      evidence.requestsWithOutputCount ?? requestsCompleted,
    );
    return {
      reason: `tokens were counted for ${formatCount(counted)} of ${formatCount(requestsCompleted)} requests`,
      unknown: [...unknown, "totalTokensPerSecond"],
    };
  },
};

/** Output tokens/s may differ this much from tokens ÷ duration before the two contradict each other. */
const DURATION_TOLERANCE = 0.1;

export const throughputIsTokensByTime: PointCheck = {
  flag: "throughput_contradicts_duration",
  consequence: "note",
  asks: "Is output tokens/s = completed requests × output tokens ÷ duration?",
  tolerance: "10%",
  source: "definition",
  find({ measurement }): Finding | null {
    const { outputTokensPerSecond, requestsCompleted, outputTokensMean, durationS } = measurement;
    if (outputTokensPerSecond === null || requestsCompleted === null || outputTokensMean === null) return null;
    if (durationS === null || durationS === 0) return null;
    const expected = (requestsCompleted * outputTokensMean) / durationS;
    const difference = Math.abs(outputTokensPerSecond - expected);
    const larger = Math.max(outputTokensPerSecond, expected);
    if (difference <= DURATION_TOLERANCE * larger) return null;
    return {
      reason: `${formatNumber(outputTokensPerSecond)} output tokens/s stated, tokens ÷ duration make ${formatNumber(expected)} (${formatPercent(difference / larger)} apart)`,
    };
  },
};

/** With fewer output tokens per answer, tokens/s and requests/s cannot be told apart. */
const FEWEST_TOKENS_TO_JUDGE = 4;

export const throughputCountsTokens: PointCheck = {
  flag: "suspicious_throughput_unit",
  consequence: "doubt",
  asks: "Are output tokens/s more than requests/s where answers have several tokens?",
  tolerance: "10%, answers of 4 tokens or more",
  source: "requests/s in the column of tokens/s",
  find({ measurement }) {
    const { outputTokensPerSecond, requestRateAchieved, outputTokensMean }: Measurement = measurement;
    if (outputTokensPerSecond === null || outputTokensPerSecond === 0 || requestRateAchieved === null) return null;
    if (outputTokensMean === null || outputTokensMean < FEWEST_TOKENS_TO_JUDGE) return null;
    if (outputTokensPerSecond > requestRateAchieved * (1 + DURATION_TOLERANCE)) return null;
    return {
      reason: `${formatNumber(outputTokensPerSecond)} output tokens/s, but ${formatNumber(requestRateAchieved)} requests/s of ${formatNumber(outputTokensMean)} output tokens each`,
    };
  },
};
