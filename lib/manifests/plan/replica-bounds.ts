import { formatLatency, formatNumber, formatUsd, plural } from "../../format";
import type { CapacityPlan } from "../../selection/types";
import type { Choice } from "./choice";
import type { ReplicaLayout } from "./replica-layout";
import { requestLatencyMs } from "./start-and-stop-times";

/** Between which bounds replicas are scaled, and the load of one at the operating point, each with its reason. */
export interface Scaling {
  minimum: number;
  minimumReason: string;
  maximum: number;
  maximumReason: string;
  /** Requests in flight a pod has at the operating point; `null` when it cannot be told. */
  inFlight: number | null;
  /** How that is known; `null` with it. */
  inFlightReason: string | null;
}

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

/** The demand of a plan in words: requests/s where they are known. */
export function demandOf({ demandRequestsPerSecond, carriesUpTo }: CapacityPlan): string {
  if (demandRequestsPerSecond !== null) return `${formatNumber(demandRequestsPerSecond)} requests/s`;
  return `${formatNumber(carriesUpTo.amount)} ${carriesUpTo.unit === "people" ? "people at once" : "output tokens/s"}`;
}

/** Bounds from the capacity plan, where there is one, and the load of a pod from the operating point. */
export function scaling(choice: Choice, layout: ReplicaLayout): Scaling {
  const { capacity, cost } = choice;
  const inFlight = inFlightPerPod(choice, layout.measuredReplicas);
  const minimum = Math.max(1, capacity?.replicas ?? 1) * layout.measuredReplicas;
  const maximum = minimum * GROWTH_FACTOR;
  const together = layout.measuredReplicas === 1 ? "" : ` × ${layout.measuredReplicas} pods measured together`;
  const minimumReason =
    capacity === null
      ? layout.measuredReplicas === 1
        ? "no demand was given: start with one"
        : `${layout.measuredReplicas} replicas of this shape were measured together, no demand was given`
      : `${demandOf(capacity)} with ${formatNumber(capacity.headroom * 100)}% headroom need ${plural(capacity.replicas, "replica")}${together}`;
  const maximumUsdPerHour = cost.kind === "known" ? (cost.usdPerHour * maximum) / layout.measuredReplicas : null;
  const maximumReason = `a ceiling on spending, not a measured limit: twice the minimum${
    maximumUsdPerHour === null
      ? ""
      : ` (accelerators for ${formatUsd(maximumUsdPerHour)}/h at the price in the annotations)`
  }`;
  return {
    minimum,
    minimumReason,
    maximum,
    maximumReason,
    inFlight: inFlight?.value ?? null,
    inFlightReason: inFlight?.reason ?? null,
  };
}
