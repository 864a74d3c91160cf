import type { AskedOf } from "../../lib/api/rank-json";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { formatMoney } from "../../lib/currency";
import { burstText } from "../../lib/explorer/burst-words";
import { breakEvenText, costText, machinesText, splitText } from "../../lib/explorer/cost-words";
import { afterText, crossoverText } from "../../lib/explorer/crossover-words";
import { filterText } from "../../lib/explorer/filter-words";
import { hardwareLabel } from "../../lib/explorer/row-words";
import { answerText, gradedBasis, nearMissText } from "../../lib/explorer/sentence";
import { settingDistinctions } from "../../lib/explorer/setting-distinctions";
import { formatLatency, formatNumber, formatPercent, plural } from "../../lib/format";
import { availableAxes } from "../../lib/frontier/axes";
import { type AskedWorkload, askedWorkloadText } from "../../lib/selection/asked-workload";
import type { Crossover } from "../../lib/selection/crossovers";
import { sloLabel } from "../../lib/selection/slo";
import { USES } from "../../lib/selection/token-prices";
import type { Question, RankedConfiguration, Ranking } from "../../lib/selection/types";
import { configurationSubtitle } from "../../lib/words";

/** Rows printed for people; `--json` has them all. */
const MAX_ROWS = 20;

function rankedLine(
  entry: RankedConfiguration,
  position: number,
  accelerators: readonly Accelerator[],
  distinctions: Readonly<Record<string, string>>,
): string {
  const { curve, operatingPoint, capacity } = entry;
  const price = costText(entry);
  const { configuration } = curve;
  const parts = [
    price === null
      ? ["price unknown", breakEvenText(entry)].filter((part) => part !== null).join(": ")
      : `${price}/M output tokens`,
    ...(capacity?.usdPerMonth == null || capacity.usdPerMonth === 0
      ? []
      : [`${formatMoney(capacity.usdPerMonth, entry.currency)} a month`]),
    `${formatNumber(operatingPoint.outputTokensPerSecond)} tokens/s${operatingPoint.throughputBasis === "derived" ? " (derived)" : ""}`,
    gradedBasis(operatingPoint),
    ...(entry.atEqualSpeed === null ? [] : [equalSpeedText(entry)]),
    ...(capacity === null
      ? []
      : [[plural(capacity.replicas, "replica"), machinesText(entry)].filter(Boolean).join(" on ")]),
  ];
  const apart = distinctions[configuration.configurationId];
  const name = `${hardwareLabel(accelerators, configuration)}, ${configurationSubtitle(configuration)}`;
  return [
    `${String(position).padStart(3)}. ${name}`,
    `     ${parts.join("; ")}`,
    ...(apart === undefined ? [] : [`     ${apart}`]),
    `     ${configuration.configurationId}`,
  ].join("\n");
}

/** What a row costs at the speed all are held against. */
function equalSpeedText({ atEqualSpeed, currency }: RankedConfiguration): string {
  if (atEqualSpeed === null) return "";
  const { statistic, tpotMs, usdPerMillion } = atEqualSpeed;
  const cost = usdPerMillion === null ? "not measured so far" : `${formatMoney(usdPerMillion, currency)}/M`;
  return `at TPOT ${statistic} ${formatLatency(tpotMs)} ${cost}`;
}

/** What a million output tokens cost where the replicas are not in use all the time. */
function usesText({ split, currency, operatingPoint }: RankedConfiguration): string {
  if (split === null) return "";
  const bound = operatingPoint.kind === "atLeast" ? "at most " : "";
  const costs = USES.map(
    (use) => `${formatMoney(split.usdPerMillionOutputTokens / use, currency)} at ${formatPercent(use)}`,
  );
  return `Per million output tokens, by use: ${bound}${costs.join(", ")}.`;
}

/** How the measured workload stands to what is asked. */
function askedLine(asked: AskedWorkload, differences: readonly string[]): string {
  return differences.length === 0
    ? `Asked for ${askedWorkloadText(asked)}: measured so.`
    : `Asked for ${askedWorkloadText(asked)}. The nearest that was measured has ${differences.join("; ")}.`;
}

/** What would change the answer, as a person reads it; nothing where nobody asked. */
export function crossoverLines(changes: readonly Crossover[] | null, accelerators: readonly Accelerator[]): string[] {
  if (changes === null) return [];
  if (changes.length === 0)
    return ["", "Nothing between a tenth and ten times each target, the demand and the prices changes the answer."];
  return [
    "",
    "What would change the answer:",
    ...changes.map((change) => `  ${crossoverText(change, accelerators)} → ${afterText(change, accelerators)}`),
  ];
}

/** An answer as a person reads it in a terminal. */
export function rankLines(
  asked: AskedOf,
  ranking: Ranking,
  accelerators: readonly Accelerator[],
  question: Question,
): string[] {
  const { ranked, nearMisses, notComparable, filteredOut } = ranking;
  const targets = asked.slos.length === 0 ? "no targets" : asked.slos.map(sloLabel).join(", ");
  const lines = [`${asked.model}, ${asked.workload}, ${targets} (dataset revision ${asked.revision})`];
  if (asked.askedWorkload !== null) lines.push(askedLine(asked.askedWorkload, asked.differences));
  lines.push("");
  const best = ranked[0];
  const closest = nearMisses[0];
  if (best !== undefined) {
    const { headline, notes } = answerText(best, accelerators, question);
    lines.push(headline.map((phrase) => phrase.text).join(""), `(${notes.join("; ")})`);
    const split = splitText(best, question);
    if (split !== null) lines.push(`${split.slice(0, 1).toUpperCase()}${split.slice(1)}.`, usesText(best));
    const bursts = burstText(best);
    if (bursts !== null) lines.push(bursts);
    lines.push("");
    const apart = settingDistinctions(ranked.map(({ curve }) => curve.configuration));
    lines.push(...ranked.slice(0, MAX_ROWS).map((entry, index) => rankedLine(entry, index + 1, accelerators, apart)));
    if (ranked.length > MAX_ROWS) lines.push(`     … and ${ranked.length - MAX_ROWS} more (--json lists them all)`);
  } else if (closest !== undefined) {
    lines.push(`Nothing measured meets these targets. ${nearMissText(closest, accelerators)}`);
  } else if (notComparable.length === 0 && filteredOut.length > 0) {
    lines.push(`Nothing is left by the filter: ${filterText(question)}.`);
  } else {
    lines.push("Nothing measured can be compared on these targets.");
    const measured = availableAxes(notComparable.map((item) => item.curve)).map(
      ({ metric, statistic }) => `${metric}:${statistic}`,
    );
    if (measured.length > 0) lines.push(`Measured here: ${measured.join(", ")}.`);
  }
  if (nearMisses.length > 0)
    lines.push("", `${plural(nearMisses.length, "near miss", "near misses")} (--json lists them).`);
  if (notComparable.length > 0) {
    const reason = notComparable[0]?.reason ?? "";
    lines.push(`${plural(notComparable.length, "curve")} not comparable, e.g. ${reason}`);
  }
  if (filteredOut.length > 0) {
    lines.push(
      `${plural(filteredOut.length, "curve")} left out by the filter (${filterText(question)}), e.g. ${filteredOut[0]?.reason ?? ""}`,
    );
  }
  return lines;
}
