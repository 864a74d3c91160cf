import { formatLatency, formatNumber } from "../../format";
import { ok, type Result, refused } from "../../result";
import type { MetricsSource, Signal } from "../options/manifest-options";
import type { BundleContext } from "../plan/bundle-context";

/** What an autoscaler watches, per pod, and from which value on it acts. */
export interface ScalingSignal {
  kind: Exclude<Signal, "auto">;
  /** Prometheus name of the gauge. */
  metric: string;
  /** Average per pod. */
  target: number;
  targetReason: string;
}

/** Start value for queue length where nothing measured says more: 3 to 5 a replica. */
const QUEUE_LENGTH_TARGET = 5;
const KV_CACHE_TARGET = 0.8;

/** Sources that add up all series of a pod, also where they are shares (k8s-stackdriver's adapter does). */
const ADDS_UP: ReadonlySet<MetricsSource> = new Set(["gmp"]);
/** Kept free where no plan says another share: as plans do. */
const DEFAULT_HEADROOM = 0.2;
/** An autoscaler leaves a difference of a tenth alone (Kubernetes' default). */
const TOLERANCE = 0.1;

const KIND_WORDS = {
  measured: "measured operating point",
  interpolated: "interpolated operating point",
  atLeast: "highest load measured (the targets still held there: capacity may be higher)",
};

function running({ scaling, server, choice, startup }: BundleContext): ScalingSignal | null {
  if (scaling.inFlight === null || scaling.inFlightReason === null) return null;
  const headroom = choice.capacity?.headroom ?? DEFAULT_HEADROOM;
  const target = Math.max(1, Math.floor((scaling.inFlight * (1 - headroom)) / (1 + TOLERANCE)));
  const reason = `requests running in each pod, from the ${KIND_WORDS[choice.operatingPoint.kind]}: ${scaling.inFlightReason}`;
  const grows = formatNumber((scaling.inFlight / (target * (1 + TOLERANCE)) - 1) * 100);
  return {
    kind: "running",
    metric: server.signals.running,
    target,
    targetReason: `${reason}. ${formatNumber(scaling.inFlight)} × (1 − ${formatNumber(headroom * 100)}% headroom) ÷ ${1 + TOLERANCE}, as the autoscaler acts from 10% above: load may grow by ${grows}% while a new pod starts, which takes up to ${formatNumber(startup.seconds / 60)} minutes; where it grows faster, lower it`,
  };
}

/** What a queue of the start value costs: its last request waits for the others to be taken in. */
function queueDelay({ choice, layout }: BundleContext): string {
  const rate = choice.operatingPoint.requestsPerSecond;
  if (rate === null || !(rate > 0)) return "";
  const perPod = rate / layout.measuredReplicas;
  const delay = formatLatency((QUEUE_LENGTH_TARGET / perPod) * 1000);
  return `; at the ${formatNumber(perPod)} requests/s a pod completes at the operating point, the last of ${QUEUE_LENGTH_TARGET} waits about ${delay}`;
}

function queue(context: BundleContext, because: string): ScalingSignal {
  return {
    kind: "queue",
    metric: context.server.signals.waiting,
    target: QUEUE_LENGTH_TARGET,
    targetReason: `requests waiting in each pod's queue. ${because}, so this is a usual start value, not a measured one${queueDelay(context)}: watch latency and adjust`,
  };
}

function kvCache({ server, layout, options }: BundleContext): Result<ScalingSignal> {
  const engines = ADDS_UP.has(options.metrics) ? layout.data : 1;
  const metric = server.signals.kvCache;
  if (metric === null) {
    return refused(
      `${server.label} ${server.image.tag} exports its KV-cache use under no name that is certain: choose the signal running or queue.`,
    );
  }
  return ok({
    kind: "kv-cache",
    metric,
    target: Number((KV_CACHE_TARGET * engines).toPrecision(6)),
    targetReason: `share of the KV cache in use in each pod; full, the server takes in no more requests or throws running ones out and computes them again. 0.8 (what llm-d scales at) leaves a fifth for what arrives while a new pod loads the model; the load curve does not record it${
      engines === 1
        ? ""
        : `. The adapter adds up what the ${engines} engines of a pod export: ${KV_CACHE_TARGET} × ${engines}`
    }`,
  });
}

/**
 * The signal asked for, or the best known: requests running, whose number at the operating point is measured, else the
 * queue. Refused where it would need a number nobody measured.
 */
export function scalingSignal(context: BundleContext): Result<ScalingSignal> {
  switch (context.options.signal) {
    case "auto":
      return ok(
        running(context) ?? queue(context, "How many requests were in flight at the operating point is not known"),
      );
    case "running": {
      const signal = running(context);
      return signal === null
        ? refused(
            "How many requests a replica had in flight at the operating point is not known, so there is no threshold for the signal running: choose queue, kv-cache or auto.",
          )
        : ok(signal);
    }
    case "queue":
      return ok(queue(context, "Reports do not record queue lengths"));
    case "kv-cache":
      return kvCache(context);
  }
}
