import type { LoadPoint, Run } from "../domain";
import { throughputOf } from "../frontier/derive";
import { beyondPair, interpolateBetween } from "../frontier/interpolate";
import type { LoadCurve } from "../frontier/load-curve";
import { IN_CLUSTER_SOURCE_NAME } from "../ingest/facts/facts";
import { latencyField, METRIC_LABELS, METRICS, STATISTIC_LABELS, STATISTICS } from "../measurement/latency";
import { loadLabel } from "../words";

/** One figure of one load: what was predicted, what the cluster measured. */
export interface ComparedFigure {
  label: string;
  unit: "tokens/s" | "ms";
  predicted: number;
  measured: number;
  /** Measured ÷ predicted. */
  ratio: number;
}

/** One load of a benchmark in the cluster beside the prediction for it. */
export interface ComparedLoad {
  label: string;
  runId: string;
  measuredOn: string | null;
  /** As deployed; may be another version than the one predicted from. */
  serverVersion: string | null;
  /** How the prediction is known at this load. */
  basis: "measured" | "interpolated";
  figures: ComparedFigure[];
}

export function isInCluster(run: Pick<Run, "source">): boolean {
  return run.source.name === IN_CLUSTER_SOURCE_NAME;
}

type Predicted = Pick<
  LoadPoint,
  "outputTokensPerSecond" | "outputTokensPerSecondDerived" | "ttftMs" | "tpotMs" | "itlMs" | "ntpotMs" | "e2eMs"
>;

/** What the curve says at a load: measured there, or between two neighbours; `null` beyond what was measured. */
function predictionAt(curve: LoadCurve, point: LoadPoint): { basis: ComparedLoad["basis"]; values: Predicted } | null {
  const { loadKind, loadValue } = point;
  if (loadKind === null || loadValue === null) return null;
  const same = curve.points.filter((other) => other.loadKind === loadKind && other.loadValue !== null);
  const exact = same.find((other) => other.loadValue === loadValue);
  if (exact !== undefined) return { basis: "measured", values: exact };
  const above = same.findIndex((other) => (other.loadValue ?? 0) > loadValue);
  const low = same[above - 1];
  const high = same[above];
  if (low === undefined || high === undefined) return null;
  const between = interpolateBetween(low, high, loadValue, beyondPair(same, above - 1));
  return between === null
    ? null
    : { basis: "interpolated", values: { ...between, outputTokensPerSecondDerived: null } };
}

function figure(
  label: string,
  unit: ComparedFigure["unit"],
  predicted: number | null | undefined,
  measured: number | null | undefined,
): ComparedFigure[] {
  if (predicted === null || predicted === undefined || measured === null || measured === undefined) return [];
  return predicted > 0 ? [{ label, unit, predicted, measured, ratio: measured / predicted }] : [];
}

function figuresOf(predicted: Predicted, measured: LoadPoint): ComparedFigure[] {
  return [
    ...figure(
      "Output tokens/s",
      "tokens/s",
      throughputOf(predicted).outputTokensPerSecond,
      throughputOf(measured).outputTokensPerSecond,
    ),
    ...METRICS.flatMap((metric) =>
      STATISTICS.flatMap((statistic) =>
        figure(
          `${METRIC_LABELS[metric]} ${STATISTIC_LABELS[statistic]}`,
          "ms",
          predicted[latencyField(metric)]?.[statistic],
          measured[latencyField(metric)]?.[statistic],
        ),
      ),
    ),
  ];
}

/**
 * Every load of the newest benchmark in the cluster beside what the curve predicts for it, figure by figure; only what both
 * have, nothing beyond the curve's own loads. Empty where there is no such run or nothing to compare.
 * @param curve predicted from, without in-cluster runs
 * @param runs of the same deployment and workload, newest first
 */
export function predictedMeasured(curve: LoadCurve, runs: readonly Run[]): ComparedLoad[] {
  for (const run of runs) {
    if (!isInCluster(run)) continue;
    const loads = run.points.flatMap((point): ComparedLoad[] => {
      const prediction = predictionAt(curve, point);
      const figures = prediction === null ? [] : figuresOf(prediction.values, point);
      if (prediction === null || figures.length === 0) return [];
      return [
        {
          label: loadLabel(point.loadKind, point.loadValue),
          runId: run.runId,
          measuredOn: run.measuredOn,
          serverVersion: run.configuration.serverVersion,
          basis: prediction.basis,
          figures,
        },
      ];
    });
    if (loads.length > 0) return loads;
  }
  return [];
}

/**
 * True where two configurations differ in nothing but the server's version and settings: what a manifest deploys may be a newer
 * one, started with arguments of the manifest's own.
 */
export function sameButVersion(a: Run["configuration"], b: Run["configuration"]): boolean {
  const facts = ({
    configurationId: _id,
    serverVersion: _version,
    settings: _settings,
    ...rest
  }: Run["configuration"]) => JSON.stringify(Object.entries(rest).sort(([x], [y]) => (x < y ? -1 : 1)));
  return facts(a) === facts(b);
}
