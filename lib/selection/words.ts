import { formatExactLatency, formatLatency, formatPercent } from "../format";
import { SOME_FAILED } from "../measurement/checks/failures";
import { loadLabel } from "../words";
import { ESTIMATE_SHARE } from "./percentile-ratios";
import { requestTargetText } from "./request-targets";
import { latencyName, sloLabel } from "./slo";
import type { OperatingPoint, Question, SloStanding } from "./types";

const LOAD_DIGITS = 3;
const PERCENT = 100;

/** Three significant digits, without an exponent: `0.123`, `37.2`, `1024`. */
export function short(value: number): string {
  return value >= 10 ** (LOAD_DIGITS - 1) ? String(Math.round(value)) : String(Number(value.toPrecision(LOAD_DIGITS)));
}

/** What was assumed for a number (a percentile standing in, a derived one), and how many requests failed. Empty where nothing was. */
function assumptions(operatingPoint: OperatingPoint): string {
  const sentences: string[] = [];
  for (const standing of operatingPoint.standings) sentences.push(...standInSentence(standing));
  if (operatingPoint.failedShare !== null && operatingPoint.failedShare >= SOME_FAILED)
    sentences.push(`${formatPercent(operatingPoint.failedShare)} of its requests failed.`);
  return sentences.length === 0 ? "" : ` ${sentences.join(" ")}`;
}

function standInSentence({ basis, slo, statisticUsed, estimate }: SloStanding): string[] {
  if (basis === "estimated" && estimate !== undefined) {
    return [
      `${latencyName(slo)} was not measured: estimated from the ${estimate.from === "mean" ? "mean" : "median"}, ${ESTIMATE_SHARE * PERCENT}% of such cases lie within ${rangeText(estimate)}, judged at the upper end.`,
    ];
  }
  if (basis === "derived") return [`${latencyName(slo)} is derived as end-to-end latency ÷ output tokens.`];
  if (basis !== "bound") return [];
  return [`${statisticUsed} stands in for ${latencyName(slo)} as a conservative bound.`];
}

/**
 * Why an operating point carries no more, in a sentence: the binding SLO, saturation, the knee rule, or that the true
 * capacity is not known.
 */
export function whyNotMore(
  operatingPoint: OperatingPoint,
  { kneeShare, requests }: Pick<Question, "kneeShare" | "requests">,
): string {
  const { bindingSlo, bindingRequests } = operatingPoint;
  const load = loadLabel(operatingPoint.loadKind, operatingPoint.loadValue);
  const reason = ((): string => {
    switch (operatingPoint.kind) {
      case "interpolated":
        return bindingSlo === null
          ? `Interpolated at ${load}.`
          : `${latencyName(bindingSlo)} reaches its limit of ${formatExactLatency(bindingSlo.limitMs)} at ${load}.`;
      case "atLeast":
        return `The highest load measured (${load}) still met every target: capacity not known.`;
      case "measured":
        if (operatingPoint.rule === "knee") {
          const share = short(kneeShare * PERCENT);
          return `No target given: the knee, the first frontier point with at least ${share}% of the curve's best throughput, is at ${load}.`;
        }
        if (bindingRequests !== null) {
          return `Where more throughput than at ${load} was measured, the target of ${requestTargetText(bindingRequests, requests)} no longer holds.`;
        }
        return bindingSlo === null
          ? `More load than ${load} brings no more throughput.`
          : `Where more throughput than at ${load} was measured, ${sloLabel(bindingSlo)} no longer holds.`;
    }
  })();
  return reason + assumptions(operatingPoint);
}

/** `210 to 890 ms` with limits to three digits. */
function rangeText({ lowMs, highMs }: { lowMs: number; highMs: number }): string {
  return `${formatLatency(lowMs)} to ${formatLatency(highMs)}`;
}
