import { formatNumber } from "../../format";
import type { Choice } from "./choice";
import type { Weights } from "./served-weights";

/** How long a server may take to start and to stop, seconds, with the arithmetic in words. */
export interface StartupBudget {
  /** From the container's start until it serves: what the startup probe allows. */
  seconds: number;
  derivation: string;
  /** Until a rollout is given up: a new node and the images come before the container starts. */
  rolloutSeconds: number;
  rolloutDerivation: string;
}

/** One step weights take on their way to the server, at the slow side of what it gives. */
export interface DeliveryStep {
  /** As part of a sentence: `downloaded`, `read from the bucket`. */
  what: string;
  bytesPerSecond: number;
}

/** How weights get to the server. */
export interface Delivery {
  /** Before the container starts (an image that is pulled); `null` = nothing. */
  beforeStart: DeliveryStep | null;
  whileStarting: readonly DeliveryStep[];
}

/** Slow side of what the Hugging Face hub, a registry and a default network disk (125 to 150 MB/s) give. */
export const HUB_BYTES_PER_SECOND = 100e6;
/** Reading back from the node's own or the same disk, part of it still in the page cache. */
export const NODE_DISK_BYTES_PER_SECOND = 200e6;

/** Decides how long a first start compiles. */
export type Hardware = "gpu" | "tpu" | "hpu" | "neuron";

/**
 * torch.compile and graph capture; XLA compiles one program per shape, Gaudi warms up one graph per bucket of shapes. On
 * Neuron all is compiled ahead: AWS's own Deployment of vLLM waits 170 × 30 s.
 */
const COMPILE_SECONDS: Record<Hardware, number> = { gpu: 600, tpu: 1800, hpu: 1800, neuron: 5100 };
const MINIMUM_STARTUP_SECONDS = 1800;
const STARTUP_STEP_SECONDS = 60;
/** A new node and pulling an image of about 10 GB come before the container starts; in a group, before the last one's. */
export const NODE_AND_IMAGE_SECONDS = 1200;

/** Time for endpoints and load balancers to stop sending to a pod that is going away (the llm-d reference). */
const DEREGISTER_SECONDS = 30;
const DEFAULT_DRAIN_SECONDS = 120;
const MINIMUM_DRAIN_SECONDS = 60;
const MAXIMUM_DRAIN_SECONDS = 600;
/** A request in flight is given twice the latency of a request at the operating point, more where some were measured to take longer. */
const DRAIN_LATENCIES = 2;
/** Statistics that say how long the longest requests took, the most telling first. */
const LONGEST_STATISTICS = ["p99", "p95", "p90"] as const;
/** Between the server's own deadline and the kubelet's SIGKILL. */
const KILL_SLACK_SECONDS = 30;

function stepText(step: DeliveryStep, bytes: number): string {
  return `${step.what} at ${formatNumber(step.bytesPerSecond / 1e6)} MB/s (${formatNumber(bytes / step.bytesPerSecond)} s)`;
}

function stepSeconds(steps: readonly DeliveryStep[], bytes: number): number {
  return steps.reduce((sum, step) => sum + bytes / step.bytesPerSecond, 0);
}

/**
 * Start-up budget = weight bytes ÷ the rate of each step on their way (`delivery`, as the storage has it) + compile margin
 * (600 s on GPU, 1,800 s on TPU and Gaudi, 5,100 s on Neuron), at least 30 minutes, rounded up to minutes. Rates are deliberately slow: too short
 * a budget restarts a healthy server for ever, too long a one only reports a hung start later (a crash restarts at once anyway).
 * @param machines of one replica: where there are several, the first waits for the nodes and images of the others
 */
export function startupBudget(
  weights: Weights,
  hardware: Hardware,
  delivery: Delivery,
  machines: number,
): StartupBudget {
  const compile = COMPILE_SECONDS[hardware];
  const alone = Math.max(MINIMUM_STARTUP_SECONDS, stepSeconds(delivery.whileStarting, weights.bytes) + compile);
  const waiting = machines > 1 ? NODE_AND_IMAGE_SECONDS : 0;
  const seconds = roundUpToStep(alone + waiting);
  const steps = delivery.whileStarting.map((step) => stepText(step, weights.bytes)).join(" and ");
  const { beforeStart } = delivery;
  const before = beforeStart === null ? 0 : roundUpToStep(weights.bytes / beforeStart.bytesPerSecond);
  return {
    seconds,
    derivation: `${formatNumber(seconds / 60)} minutes: ${weights.bytesBasis} ${steps}, ${formatNumber(compile)} s to compile, at least ${MINIMUM_STARTUP_SECONDS / 60} minutes${
      waiting === 0 ? "" : `; and ${waiting / 60} minutes for the nodes and images of the other machines`
    }`,
    rolloutSeconds: seconds + NODE_AND_IMAGE_SECONDS + before,
    rolloutDerivation: `startup budget + ${NODE_AND_IMAGE_SECONDS / 60} minutes for a new node and the image${
      beforeStart === null ? "" : ` + the weights ${stepText(beforeStart, weights.bytes)}`
    }; by default a rollout fails after 600 s`,
  };
}

function roundUpToStep(seconds: number): number {
  return Math.ceil(seconds / STARTUP_STEP_SECONDS) * STARTUP_STEP_SECONDS;
}

/** End-to-end latency of one request at the operating point, milliseconds; `null` when it cannot be told. */
export function requestLatencyMs(choice: Choice): { value: number; basis: string } | null {
  const { operatingPoint, workload } = choice;
  const e2e = operatingPoint.e2eMs?.mean ?? operatingPoint.e2eMs?.p50;
  if (e2e !== null && e2e !== undefined) return { value: e2e, basis: "measured end-to-end latency" };
  const typical = (statistics: { mean: number | null; p50: number | null } | null) =>
    statistics?.mean ?? statistics?.p50 ?? null;
  const ttft = typical(operatingPoint.ttftMs);
  const tpot = typical(operatingPoint.tpotMs) ?? typical(operatingPoint.itlMs);
  if (ttft === null || tpot === null || workload.outputTokens === null) return null;
  return {
    value: ttft + tpot * Math.max(0, workload.outputTokens - 1),
    basis: `TTFT + TPOT × (${formatNumber(workload.outputTokens)} output tokens − 1)`,
  };
}

export interface Shutdown {
  preStopSeconds: number;
  /** Time the server itself takes to finish requests after SIGTERM; `null` where it aborts them. */
  drainSeconds: number | null;
  graceSeconds: number;
  derivation: string;
}

/** How long requests in flight may take to finish, milliseconds, and what says so; `null` where no latency is known. */
function drainMs(choice: Choice): { value: number; basis: string } | null {
  const latency = requestLatencyMs(choice);
  const { e2eMs } = choice.operatingPoint;
  const statistic = LONGEST_STATISTICS.find((name) => typeof e2eMs?.[name] === "number");
  const longest = statistic === undefined ? null : (e2eMs?.[statistic] ?? null);
  if (longest !== null && longest > DRAIN_LATENCIES * (latency?.value ?? 0)) {
    return { value: longest, basis: `${statistic} of their latency as measured` };
  }
  return latency === null ? null : { value: DRAIN_LATENCIES * latency.value, basis: "twice their latency here" };
}

/**
 * preStop sleep + drain + slack; the drain by the longest requests that were measured (p99 of their latency, else p95 or p90), at
 * least twice the usual one. Servers that abort requests on SIGTERM (vLLM before `--shutdown-timeout`) get the drain time inside
 * the preStop sleep instead: the pod has left the endpoints by then and finishes what it has.
 * @param drains whether the server finishes requests after SIGTERM
 */
export function shutdown(choice: Choice, drains: boolean): Shutdown {
  const longest = drainMs(choice);
  const wanted = longest === null ? DEFAULT_DRAIN_SECONDS : longest.value / 1000;
  const drain = Math.ceil(Math.min(MAXIMUM_DRAIN_SECONDS, Math.max(MINIMUM_DRAIN_SECONDS, wanted)));
  const preStopSeconds = drains ? DEREGISTER_SECONDS : DEREGISTER_SECONDS + drain;
  const graceSeconds = DEREGISTER_SECONDS + drain + KILL_SLACK_SECONDS;
  const why =
    longest === null
      ? `${drain} s to finish requests (their latency is not known)`
      : `${drain} s to finish requests (${longest.basis}, ${MINIMUM_DRAIN_SECONDS} to ${MAXIMUM_DRAIN_SECONDS} s)`;
  return {
    preStopSeconds,
    drainSeconds: drains ? drain : null,
    graceSeconds,
    derivation: `${DEREGISTER_SECONDS} s to leave the load balancers + ${why} + ${KILL_SLACK_SECONDS} s slack`,
  };
}
