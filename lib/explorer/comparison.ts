import type { Accelerator } from "../catalogue/catalogue";
import { formatMoney } from "../currency";
import type { Configuration, Workload } from "../domain";
import { formatCount, formatMs, formatNumber } from "../format";
import type { Axes } from "../frontier/axes";
import type { ChartPoint } from "../frontier/frontiers";
import type { LineDiff } from "../manifests/view/line-diff";
import { type ComparedFact, comparedFacts } from "../measurement/differences";
import { latencyField, METRIC_LABELS, METRICS, STATISTIC_LABELS } from "../measurement/latency";
import type { CompareQuery } from "../params/compare-params";
import type { Result } from "../result";
import type { Question, RankedConfiguration, SloStanding } from "../selection/types";
import { operatingPointBasis } from "./row-words";

/** One configuration of a comparison, answered by itself under the question of all. */
export interface ComparedChoice {
  /** `A`, `B` … in the order of the columns. */
  letter: string;
  configuration: Configuration;
  modelName: string;
  accelerator: Accelerator | null;
  /** The workload its figures are of, and whether it is not that of the others. */
  workload: Workload;
  isOtherWorkload: boolean;
  /** The answer, or why there is none as a whole sentence. */
  outcome: Result<RankedConfiguration>;
  /** Output tokens/s per accelerator and the like, on the axes of the comparison; the whole curve. */
  points: ChartPoint[];
  usdPerHour: number | null;
  /** The manifest held against the baseline's; `null` for the baseline. */
  manifest: Result<LineDiff | null>;
}

/** What `/compare` shows, as read at one revision. */
export interface Comparison {
  revision: { id: number; createdAt: string };
  newestRevision: number;
  asked: CompareQuery;
  question: Question;
  axes: Axes;
  choices: ComparedChoice[];
  /** Index of the choice the others are held against. */
  baseline: number;
  facts: ComparedFact[];
  /** Ids that are no configuration at this revision, and the like, as sentences. */
  problems: string[];
}

/** One figure of one choice. */
export interface FigureCell {
  text: string;
  note: string | null;
  /** Against the baseline: 0.12 = 12% more. `null` for the baseline and where one of the two is not known. */
  change: number | null;
}

/** One figure of all choices. */
export interface FigureRow {
  name: string;
  better: "less" | "more" | null;
  cells: FigureCell[];
}

/** A figure as read off an answer; `null` = not known. */
interface Figure {
  name: string;
  better: FigureRow["better"];
  amountOf: (row: RankedConfiguration) => number | null;
  textOf: (value: number, row: RankedConfiguration) => string;
  noteOf?: (row: RankedConfiguration) => string | null;
}

const UNKNOWN = "not known";

function plannedFigures(question: Question): Figure[] {
  if (question.demand === null && question.stock.length === 0) return [];
  return [
    {
      name: "USD a month",
      better: "less",
      amountOf: ({ capacity }) => capacity?.usdPerMonth ?? null,
      textOf: (usd, row) => `${atMost(row)}${formatMoney(usd, row.currency)}`,
    },
    {
      name: "Accelerators",
      better: "less",
      amountOf: ({ capacity }) => capacity?.accelerators ?? null,
      textOf: formatCount,
      noteOf: ({ capacity, curve }) =>
        capacity === null ? null : `${formatCount(capacity.replicas)} × ${curve.configuration.acceleratorCount}`,
    },
  ];
}

/** A load that ended before the target bounds the throughput from below, so the cost from above. */
function atMost({ operatingPoint }: RankedConfiguration): string {
  return operatingPoint.kind === "atLeast" ? "≤ " : "";
}

function atLeast({ operatingPoint }: RankedConfiguration): string {
  return operatingPoint.kind === "atLeast" ? "≥ " : "";
}

const THROUGHPUT_AND_COST: readonly Figure[] = [
  {
    name: "USD / M output tokens",
    better: "less",
    amountOf: ({ cost }) => (cost.kind === "known" ? cost.usdPerMillionOutputTokens : null),
    textOf: (usd, row) => `${atMost(row)}${formatMoney(usd, row.currency)}`,
  },
  {
    name: "Output tokens/s a replica",
    better: "more",
    amountOf: ({ operatingPoint }) => operatingPoint.outputTokensPerSecond,
    textOf: (value, row) => `${atLeast(row)}${formatNumber(value)}`,
    noteOf: ({ operatingPoint }) => (operatingPoint.throughputBasis === "derived" ? "derived" : null),
  },
  {
    name: "Output tokens/s per accelerator",
    better: "more",
    amountOf: ({ operatingPoint, curve }) =>
      operatingPoint.outputTokensPerSecond / curve.configuration.acceleratorCount,
    textOf: (value, row) => `${atLeast(row)}${formatNumber(value)}`,
  },
];

const STANDING_NOTES: Partial<Record<SloStanding["basis"], string>> = {
  bound: "a bound",
  estimated: "estimated",
  derived: "derived",
};

/** The targets, then every other latency that at least two of the choices measured at their operating points. */
function latencyFigures(question: Question, rows: readonly (RankedConfiguration | null)[]): Figure[] {
  const asked = question.slos.map(({ metric, statistic }): Figure => {
    const standingOf = ({ operatingPoint }: RankedConfiguration) =>
      operatingPoint.standings.find(({ slo }) => slo.metric === metric && slo.statistic === statistic);
    return {
      name: `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}, ms`,
      better: "less",
      amountOf: (row) => standingOf(row)?.valueMs ?? null,
      textOf: (value, row) => `${standingOf(row)?.basis === "estimated" ? "≤ " : ""}${formatMs(value)}`,
      noteOf: (row) => STANDING_NOTES[standingOf(row)?.basis ?? "missing"] ?? null,
    };
  });
  const means = METRICS.flatMap((metric): Figure[] => {
    if (question.slos.some((slo) => slo.metric === metric && slo.statistic === "mean")) return [];
    const amountOf = ({ operatingPoint }: RankedConfiguration) => operatingPoint[latencyField(metric)]?.mean ?? null;
    const known = rows.filter((row) => row !== null && amountOf(row) !== null);
    if (known.length < 2) return [];
    return [{ name: `${METRIC_LABELS[metric]} mean, ms`, better: "less", amountOf, textOf: formatMs }];
  });
  return [...asked, ...means];
}

/** Plan, bill, throughput and latencies of all choices, each held against the baseline. */
export function figureRows({
  choices,
  baseline,
  question,
}: Pick<Comparison, "choices" | "baseline" | "question">): FigureRow[] {
  const rows = choices.map(({ outcome }) => (outcome.ok ? outcome.value : null));
  const figures = [...plannedFigures(question), ...THROUGHPUT_AND_COST, ...latencyFigures(question, rows)];
  const told = figures.map(({ name, better, amountOf, textOf, noteOf }): FigureRow => {
    const values = rows.map((row) => (row === null ? null : amountOf(row)));
    const base = values[baseline] ?? null;
    const cells = rows.map((row, index): FigureCell => {
      const value = values[index] ?? null;
      return {
        text: row === null || value === null ? UNKNOWN : textOf(value, row),
        note: row === null || value === null ? null : (noteOf?.(row) ?? null),
        change: index === baseline || value === null || base === null || base === 0 ? null : value / base - 1,
      };
    });
    return { name, better, cells };
  });
  const basis = rows.map((row) => ({
    text: row === null ? UNKNOWN : operatingPointBasis(row.operatingPoint),
    note: null,
    change: null,
  }));
  return [...told, { name: "How known", better: null, cells: basis }];
}

/** `+12%`, `−8%`, `same`: how much more or less than the baseline. */
export function changeText(change: number): string {
  const percent = Math.abs(change) * 100;
  const digits = percent >= 100 ? 0 : 1;
  const rounded = Number(percent.toFixed(digits));
  if (rounded === 0) return "same";
  return `${change > 0 ? "+" : "−"}${formatNumber(rounded)}%`;
}

/** Whether a change is for the better; `null` where it is none, or neither. */
export function isBetter(change: number, better: FigureRow["better"]): boolean | null {
  if (better === null || changeText(change) === "same") return null;
  return better === "less" ? change < 0 : change > 0;
}

/** Facts of the choices' configurations. */
export function factsOf(choices: readonly Pick<ComparedChoice, "configuration">[]): ComparedFact[] {
  return comparedFacts(choices.map(({ configuration }) => configuration));
}
