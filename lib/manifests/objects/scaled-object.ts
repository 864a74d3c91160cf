import type { V1ObjectMeta, V2HorizontalPodAutoscalerBehavior } from "@kubernetes/client-node";
import type { ScalingSignal } from "../autoscalers/signal";
import type { BundleContext, ScaleTarget } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { scalingBehavior } from "./scaling-behavior";

/** KEDA's prometheus scaler; every value is a string. */
export interface PrometheusTrigger {
  type: "prometheus";
  metricType: "AverageValue";
  metadata: {
    serverAddress: string;
    query: string;
    threshold: string;
    ignoreNullValues: "false";
    authModes?: "bearer";
    namespace?: string;
  };
  authenticationRef?: { name: string };
}

/** keda.sh/v1alpha1; no published TypeScript types follow the current one. */
export interface ScaledObject {
  apiVersion: "keda.sh/v1alpha1";
  kind: "ScaledObject";
  metadata: V1ObjectMeta;
  spec: {
    scaleTargetRef: ScaleTarget;
    pollingInterval: number;
    minReplicaCount: number;
    maxReplicaCount: number;
    fallback: { failureThreshold: number; replicas: number; behavior: "currentReplicasIfHigher" };
    advanced: { horizontalPodAutoscalerConfig: { behavior: V2HorizontalPodAutoscalerBehavior } };
    triggers: PrometheusTrigger[];
  };
}

/** As often as the metric is collected. */
const POLLING_SECONDS = 15;
/** Readings that fail one after the other before the fallback holds: a minute. */
const FAILURES_BEFORE_FALLBACK = 4;

export interface PrometheusQuestion {
  serverAddress: string;
  addressComment: string;
  /** Sum over all pods: KEDA divides by their number. */
  query: string;
  queryComment: string;
  /** The TriggerAuthentication that holds a token, and the namespace it may ask about; left out where nobody asks for one. */
  access?: { authentication: string; namespace: string };
}

/** KEDA scales on a query of Prometheus; the HorizontalPodAutoscaler behind it is KEDA's own. */
export function scaledObject(context: BundleContext, signal: ScalingSignal, ask: PrometheusQuestion): ScaledObject {
  const { identity, scaling, startup, target } = context;
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: identity.name, labels: identity.labels },
    spec: commented(
      {
        scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: target.name },
        pollingInterval: POLLING_SECONDS,
        minReplicaCount: scaling.minimum,
        maxReplicaCount: scaling.maximum,
        fallback: {
          failureThreshold: FAILURES_BEFORE_FALLBACK,
          replicas: scaling.minimum,
          behavior: "currentReplicasIfHigher",
        },
        advanced: { horizontalPodAutoscalerConfig: { behavior: scalingBehavior(startup.seconds) } },
        triggers: [
          {
            type: "prometheus",
            metricType: "AverageValue",
            metadata: commented(
              {
                serverAddress: ask.serverAddress,
                query: ask.query,
                threshold: String(signal.target),
                ignoreNullValues: "false",
                ...(ask.access === undefined ? {} : { authModes: "bearer", namespace: ask.access.namespace }),
              },
              {
                serverAddress: ask.addressComment,
                query: ask.queryComment,
                threshold: signal.targetReason,
                ignoreNullValues: "no data is an error, not 0: 0 would take pods away while metrics are broken",
              },
            ),
            ...(ask.access === undefined ? {} : { authenticationRef: { name: ask.access.authentication } }),
          },
        ],
      },
      {
        pollingInterval: "as often as the metric is collected",
        minReplicaCount: scaling.minimumReason,
        maxReplicaCount: scaling.maximumReason,
        fallback: "Prometheus cannot be read for a minute: keep what runs, and no less than the plan",
      },
    ),
  };
}
