import type { Slo } from "../domain";
import type { RankedConfiguration } from "../selection/types";
import type { NamedAccelerator } from "./accelerator-name";

/** What the cells of the table say, and which of two values is better. */
export const HEAT_VALUES = ["cost", "throughput", "latency"] as const;
export type HeatValue = (typeof HEAT_VALUES)[number];

/** The best of one model on one accelerator under the question. */
export interface HeatCell {
  configurationId: string;
  /** USD per million output tokens, output tokens/s per accelerator, or ms of the first target; `null` = not known. */
  value: number | null;
  /** 0 = the best of the row, 1 = the worst; `null` where there is no value. */
  place: number | null;
  isBound: boolean;
}

/** What is known of a model on an accelerator: the best that meets the targets, measured but nothing does, or not measured. */
export type HeatState = { kind: "met"; cell: HeatCell } | { kind: "missed" } | { kind: "notMeasured" };

export interface HeatRow {
  modelId: string;
  modelName: string;
  workloadId: string;
  slos: readonly Slo[];
  /** By accelerator id; an accelerator that is not in there was not measured. */
  cells: ReadonlyMap<string, Exclude<HeatState, { kind: "notMeasured" }>>;
}

/** What `/table` shows. */
export interface HeatTable {
  accelerators: readonly NamedAccelerator[];
  rows: readonly HeatRow[];
  /** Models that are left out because there are too many. */
  modelsLeftOut: number;
}

/** The value of a row of a ranking. */
export function heatValueOf(row: RankedConfiguration, value: HeatValue, slos: readonly Slo[]): number | null {
  const { operatingPoint, cost, curve } = row;
  switch (value) {
    case "cost":
      return cost.kind === "known" ? cost.usdPerMillionOutputTokens : null;
    case "throughput":
      return operatingPoint.outputTokensPerSecond / curve.configuration.acceleratorCount;
    case "latency": {
      const [first] = slos;
      const standing = operatingPoint.standings.find(
        ({ slo }) => slo.metric === first?.metric && slo.statistic === first.statistic,
      );
      return standing?.valueMs ?? null;
    }
  }
}

/** True where `a` is better than `b`. */
function isBetterValue(a: number, b: number, value: HeatValue): boolean {
  return value === "throughput" ? a > b : a < b;
}

/** The best of each accelerator of one model, placed from best to worst. */
export function heatCells(
  ranked: readonly RankedConfiguration[],
  measured: Iterable<string>,
  value: HeatValue,
  slos: readonly Slo[],
): HeatRow["cells"] {
  const best = new Map<string, HeatCell>();
  for (const row of ranked) {
    const { configurationId, accelerator } = row.curve.configuration;
    const cell = {
      configurationId,
      value: heatValueOf(row, value, slos),
      place: null,
      isBound: row.operatingPoint.kind === "atLeast",
    };
    const known = best.get(accelerator);
    const isFirst = known === undefined || known.value === null;
    if (isFirst || (cell.value !== null && known.value !== null && isBetterValue(cell.value, known.value, value))) {
      best.set(accelerator, cell);
    }
  }
  const values = [...best.values()].flatMap((cell) => cell.value ?? []);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // By ratio: twice as much is as far from one as four times is from two.
  const span = Math.log(high / low);
  const placed = new Map<string, Exclude<HeatState, { kind: "notMeasured" }>>();
  for (const id of measured) placed.set(id, { kind: "missed" });
  for (const [id, cell] of best) {
    const share = cell.value === null || low <= 0 ? null : span === 0 ? 0 : Math.log(cell.value / low) / span;
    placed.set(id, {
      kind: "met",
      cell: { ...cell, place: share === null ? null : value === "throughput" ? 1 - share : share },
    });
  }
  return placed;
}
