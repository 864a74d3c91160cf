import { formatLatency, formatNumber, formatUsd, plural } from "../format";
import type { ReplicaLayout } from "./layout";
import { requestLatencyMs } from "./timing";
import type { Choice } from "./types";

/** What the autoscaler watches and between which bounds, each with its reason. */
export interface Scaling {
  /** Prometheus name of the gauge the server exports. */
  metric: "vllm:num_requests_running" | "vllm:num_requests_waiting";
  /** Average per pod. */
  target: number;
  targetReason: string;
  minimum: number;
  minimumReason: string;
  maximum: number;
  maximumReason: string;
  /** Requests in flight a pod has at the operating point; `null` when it cannot be told. */
  inFlight: number | null;
}

/** Start value for queue length where nothing measured says more: 3 to 5 a replica. */
const QUEUE_LENGTH_TARGET = 5;
/** Room above the planned replicas before a person has to look. */
const GROWTH_FACTOR = 2;

/** Requests in flight in one pod at the operating point, with how it is known. */
function inFlightPerPod(choice: Choice, replicas: number): { value: number; reason: string } | null {
  const { loadKind, loadValue } = choice.operatingPoint;
  const share = replicas === 1 ? "" : ` ÷ ${replicas} replicas measured together`;
  if (loadValue === null || !(loadValue > 0)) return null;
  if (loadKind === "concurrency") {
    return { value: loadValue / replicas, reason: `${formatNumber(loadValue)} requests in flight${share}` };
  }
  if (loadKind !== "request_rate") return null;
  const latency = requestLatencyMs(choice);
  if (latency === null) return null;
  return {
    value: (loadValue * latency.value) / 1000 / replicas,
    reason: `Little's law: ${formatNumber(loadValue)} requests/s × ${formatLatency(latency.value)} (${latency.basis})${share}`,
  };
}

const KIND_WORDS = {
  measured: "measured operating point",
  interpolated: "interpolated operating point",
  atLeast: "highest load measured (the targets still held there: capacity may be higher)",
};

/** Scaling signal and bounds from the operating point and, where there is one, the capacity plan. */
export function scaling(choice: Choice, layout: ReplicaLayout): Scaling {
  const { capacity, cost, operatingPoint } = choice;
  const inFlight = inFlightPerPod(choice, layout.measuredReplicas);
  const minimum = Math.max(1, capacity?.replicas ?? 1) * layout.measuredReplicas;
  const maximum = minimum * GROWTH_FACTOR;
  const together = layout.measuredReplicas === 1 ? "" : ` × ${layout.measuredReplicas} pods measured together`;
  const minimumReason =
    capacity === null
      ? layout.measuredReplicas === 1
        ? "no demand was given: start with one"
        : `${layout.measuredReplicas} replicas of this shape were measured together, no demand was given`
      : `${formatNumber(capacity.demandRequestsPerSecond)} requests/s with ${formatNumber(capacity.headroom * 100)}% headroom need ${plural(capacity.replicas, "replica")}${together}`;
  const maximumUsdPerHour = cost.kind === "known" ? (cost.usdPerHour * maximum) / layout.measuredReplicas : null;
  const maximumReason = `a ceiling on spending, not a measured limit: twice the minimum${
    maximumUsdPerHour === null
      ? ""
      : ` (accelerators for ${formatUsd(maximumUsdPerHour)}/h at the price in the annotations)`
  }`;
  const bounds = { minimum, minimumReason, maximum, maximumReason };
  if (inFlight === null) {
    return {
      ...bounds,
      metric: "vllm:num_requests_waiting",
      target: QUEUE_LENGTH_TARGET,
      targetReason: `requests waiting in each pod's queue. How many requests were in flight at the operating point is not known, so this is a usual start value, not a measured one: watch latency and adjust`,
      inFlight: null,
    };
  }
  const target = Math.max(1, Math.floor(inFlight.value));
  return {
    ...bounds,
    metric: "vllm:num_requests_running",
    target,
    targetReason: `requests running in each pod, from the ${KIND_WORDS[operatingPoint.kind]}: ${inFlight.reason}. The autoscaler acts from 10% above; a lower number keeps more in reserve while new pods load the model`,
    inFlight: inFlight.value,
  };
}
