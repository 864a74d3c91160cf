import type { Accelerator } from "../catalogue/catalogue";
import { formatMoney } from "../currency";
import { formatLatency, formatNumber, formatPercent, plural } from "../format";
import { METRIC_LABELS } from "../measurement/latency";
import { gradeOf } from "../selection/grade";
import { nearMissReason } from "../selection/near-miss-words";
import { sloLabel } from "../selection/slo";
import type { NearMiss, OperatingPoint, Question, RankedConfiguration } from "../selection/types";
import { precisionLabel, serverLabel, shortVersion } from "../words";
import { breakEvenText, costText, machinesText, priceText } from "./cost-words";
import { amountOfDemand, demandText, stockUseText } from "./demand-words";
import { GRADE_WORDS } from "./grade-words";
import { hardwareLabel, operatingPointBasis } from "./row-words";

/** A run of text, strong where the eye should land. */
export interface Phrase {
  text: string;
  strong?: boolean;
}

export interface AnswerText {
  headline: Phrase[];
  /** One line of small print: capacity, date and source, price. */
  notes: string[];
}

/** The same, after the word of its grade. */
export function gradedBasis(point: OperatingPoint): string {
  const basis = operatingPointBasis(point);
  const { word } = GRADE_WORDS[gradeOf(point)];
  return basis.startsWith(word) ? basis : `${word}: ${basis}`;
}

/** The answer for the best configuration, as the first page says it. */
export function answerText(
  best: RankedConfiguration,
  accelerators: readonly Accelerator[],
  question: Question,
): AnswerText {
  const { curve, operatingPoint, capacity } = best;
  const { configuration } = curve;
  const server = [
    hardwareLabel(accelerators, configuration),
    precisionLabel(configuration.precision),
    configuration.serverVersion === null
      ? serverLabel(configuration.server)
      : `${serverLabel(configuration.server)} ${shortVersion(configuration.serverVersion)}`,
  ].join(", ");
  const throughput = `${operatingPoint.kind === "atLeast" ? "at least " : ""}${formatNumber(
    operatingPoint.outputTokensPerSecond,
  )} output tokens/s a replica${operatingPoint.throughputBasis === "derived" ? " (derived)" : ""}`;
  const standings = operatingPoint.standings
    .filter((standing) => standing.valueMs !== null)
    .map(
      (standing) =>
        `${METRIC_LABELS[standing.slo.metric]} ${standing.statisticUsed ?? standing.slo.statistic} ${standing.basis === "estimated" ? "estimated at most " : ""}${formatLatency(standing.valueMs ?? 0)}`,
    );
  const price = costText(best);
  const headline: Phrase[] = [
    { text: server, strong: true },
    { text: question.slos.length === 0 ? " serves it best at the knee of its curve, " : " serves it " },
    ...(price === null
      ? [{ text: "at an unknown price", strong: true }]
      : [{ text: "for " }, { text: `${price} per million output tokens`, strong: true }]),
    { text: `: ${[throughput, ...standings].join(", ")}.` },
  ];
  const notes: string[] = [];
  if (capacity !== null) notes.push(planText(best));
  else if (question.demand !== null) {
    notes.push("replicas unknown: how much of that demand a replica carries is not known here");
  }
  notes.push(gradedBasis(operatingPoint));
  notes.push(
    curve.measuredOn === null
      ? `by ${curve.source.name}, date not stated`
      : `on ${curve.measuredOn.slice(0, 10)} by ${curve.source.name}`,
  );
  const priced = priceText(best) ?? breakEvenText(best);
  if (priced !== null) notes.push(priced);
  return { headline, notes };
}

/** `4 replicas carry 12 req/s with 20% headroom for $9,040 a month (1 × p5.48xlarge)`, and what it takes of the stock. */
export function planText(row: RankedConfiguration): string {
  const { capacity, operatingPoint, currency } = row;
  if (capacity === null) return "";
  const { demand, replicas, headroom, usdPerMonth, carriesUpTo, stock } = capacity;
  const isWhole = (stock?.replicasMissing ?? 0) === 0;
  const what = demand === null || !isWhole ? amountOfDemand(carriesUpTo) : demandText(demand);
  const machines = machinesText(row);
  const bill =
    usdPerMonth === null || usdPerMonth === 0
      ? ""
      : ` for ${operatingPoint.kind === "atLeast" ? "at most " : ""}${formatMoney(usdPerMonth, currency)} a month`;
  const carry = `${plural(replicas, "replica")} ${replicas === 1 ? "carries" : "carry"} ${what} with ${formatPercent(headroom)} headroom`;
  const use = stockUseText(capacity);
  return `${carry}${bill}${machines === "" ? "" : ` (${machines})`}${use === "" ? "" : `, ${use}`}`;
}

/** Nothing meets the targets: the closest configuration and what would admit it. */
export function nearMissText(nearMiss: NearMiss, accelerators: readonly Accelerator[]): string {
  const { configuration } = nearMiss.curve;
  const name = hardwareLabel(accelerators, configuration);
  const relaxed = nearMiss.smallestRelaxation;
  return relaxed === null
    ? `Closest: ${name}. ${nearMissReason(nearMiss)}`
    : `Closest: ${name} would serve it at ${sloLabel({ ...relaxed.slo, limitMs: relaxed.limitMs })}, ${formatPercent(
        relaxed.relativeIncrease,
      )} above the target.`;
}

/** `134 load points of 21 configurations on 6 accelerators`. */
export function amountText(loadPoints: number, configurations: number, accelerators: number): string {
  return `${plural(loadPoints, "load point")}, ${plural(configurations, "configuration")}, ${plural(accelerators, "accelerator")}`;
}
