import type { Slo } from "../../domain";
import {
  type LatencyStatistics,
  latencyField,
  METRIC_LABELS,
  METRICS,
  STATISTIC_LABELS,
  STATISTICS,
} from "../../measurement/latency";
import { gradeOf } from "../../selection/grade";
import type { Cost, OperatingPoint } from "../../selection/types";
import { PRICE_KIND_LABELS } from "../../words";
import type { Choice } from "../plan/choice";
import type { ReplicaLayout } from "../plan/replica-layout";
import { type SettingsStanding, standingText } from "../plan/settings-standing";
import { wellFormed } from "./yaml-serializer";

const PREFIX = "inference-quickstart.dev";
/** Enough for every unit here, without the noise of binary fractions. */
const EXPORT_DIGITS = 6;

function exact(value: number): string {
  return String(Number(value.toPrecision(EXPORT_DIGITS)));
}

function sloText(slo: Slo): string {
  return `${METRIC_LABELS[slo.metric]} ${STATISTIC_LABELS[slo.statistic]} <= ${exact(slo.limitMs)} ms`;
}

function statistics(values: LatencyStatistics | null): Record<string, number> | null {
  if (values === null) return null;
  const known: Record<string, number> = {};
  for (const statistic of STATISTICS) {
    const value = values[statistic];
    if (value !== null) known[statistic] = Number(exact(value));
  }
  return Object.keys(known).length === 0 ? null : known;
}

/** JSON of every latency statistic known at the point, milliseconds: `{"ttft":{"p50":120,"p95":410}}`. */
function latencies(point: OperatingPoint): string | null {
  const known: Record<string, Record<string, number>> = {};
  for (const metric of METRICS) {
    const values = statistics(point[latencyField(metric)]);
    if (values !== null) known[metric] = values;
  }
  return Object.keys(known).length === 0 ? null : JSON.stringify(known);
}

const KIND_WORDS = { measured: "measured", interpolated: "interpolated", atLeast: "at least" };

/** How the operating point is known: measured, interpolated with its error, or a lower bound. */
export function operatingPointText(point: OperatingPoint): string {
  const load =
    point.loadKind === null || point.loadKind === "max" || point.loadValue === null
      ? "all requests at once or load unknown"
      : point.loadKind === "concurrency"
        ? `${exact(point.loadValue)} requests in flight`
        : `${exact(point.loadValue)} requests/s offered`;
  if (point.kind === "interpolated") {
    const [low, high] = point.between;
    return `${gradeOf(point) === "estimated" ? "estimated, " : ""}interpolated at ${load}, between the measured loads ${low.loadValue ?? "?"} and ${high.loadValue ?? "?"}; expected error ${exact(point.expectedRelativeError * 100)}%`;
  }
  if (point.kind === "atLeast") return `at least: ${load} was the highest load measured and still met the targets`;
  return `measured at ${load}${point.rule === "knee" ? "; no targets given: the knee of its curve" : ""}`;
}

function costText(cost: Cost): string {
  if (cost.kind === "unknown") return `unknown: ${cost.reason}`;
  const { price } = cost;
  const basis =
    price === null
      ? "the user's own price"
      : [
          price.provider,
          price.instanceType,
          price.region,
          PRICE_KIND_LABELS[price.kind],
          cost.discountPercent > 0 && `${exact(cost.discountPercent)}% off`,
          price.asOf && `as of ${price.asOf}`,
        ]
          .filter(Boolean)
          .join(", ");
  return `USD ${exact(cost.usdPerMillionOutputTokens)} per million output tokens at USD ${exact(cost.usdPerAcceleratorHour)} per accelerator hour (${basis})`;
}

/**
 * Where the manifest comes from, as annotations of the Deployment: configuration, revision, targets, prediction with its
 * basis, cost and sources. Figures are of the deployment as measured; where several replicas were measured together the
 * annotation says so. A prediction stands there only where the servers are started as measured; else the same figures are called
 * the source's. Not on the pods: a new prediction must not restart servers.
 */
export function provenance(choice: Choice, layout: ReplicaLayout, standing: SettingsStanding): Record<string, string> {
  const figure = standing.kind === "measured" ? "predicted" : "source";
  const { configuration, workload, operatingPoint: point, capacity } = choice;
  const together = layout.measuredReplicas === 1 ? "" : `, ${layout.measuredReplicas} replicas together`;
  const all: Record<string, string | null> = {
    configuration: configuration.configurationId,
    "dataset-revision": String(choice.revision),
    model: configuration.model,
    checkpoint: configuration.checkpoint,
    "measured-deployment": `${configuration.acceleratorCount} x ${choice.accelerator.name}${together}`,
    "measured-server": `${configuration.server ?? "unknown"} ${configuration.serverVersion ?? "of unknown version"}`,
    precision: configuration.precision,
    layout: configuration.parallelism.label,
    workload: `${workload.workloadId}: ${workload.inputTokens ?? "unknown"} input, ${workload.outputTokens ?? "unknown"} output tokens`,
    slos: choice.slos.length === 0 ? "none" : choice.slos.map(sloText).join(", "),
    "operating-point": operatingPointText(point),
    settings: standingText(standing),
    [`${figure}-output-tokens-per-second`]: `${exact(point.outputTokensPerSecond)} (throughput ${point.throughputBasis}, operating point ${KIND_WORDS[point.kind]}${together})`,
    [`${figure}-requests-per-second`]:
      point.requestsPerSecond === null ? null : `${exact(point.requestsPerSecond)}${together}`,
    [`${figure}-latency-ms`]: latencies(point),
    "capacity-plan":
      capacity === null
        ? null
        : `${capacity.demandRequestsPerSecond === null ? "a demand of unknown requests/s" : `${exact(capacity.demandRequestsPerSecond)} requests/s`} with ${exact(capacity.headroom * 100)}% headroom: ${capacity.replicas} of this deployment, ${capacity.accelerators} accelerators`,
    cost: costText(choice.cost),
    "share-url": choice.shareUrl,
    sources: choice.sources
      .map((source) =>
        [source.name, source.url, source.licence && `licence: ${source.licence}`].filter(Boolean).join(" "),
      )
      .join("; "),
    runs: choice.runIds.join(","),
    "measured-on": choice.measuredOn,
    "quality-flags": point.qualityFlags.length === 0 ? null : point.qualityFlags.join(","),
  };
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(all)) {
    if (value !== null && value !== "") annotations[`${PREFIX}/${key}`] = wellFormed(value);
  }
  return annotations;
}
