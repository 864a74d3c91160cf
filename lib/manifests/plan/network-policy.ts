import type { V1NetworkPolicyPort } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { METRICS_SOURCE_KINDS } from "../autoscalers/metrics-sources";
import { GATEWAY_KINDS } from "../gateways/all";
import { COLLECTORS, collectorOf } from "../monitoring/collectors";
import type { IngressRule, NetworkPolicy } from "../objects/network-policy";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import type { AddOn } from "./add-on";
import type { BundleContext } from "./bundle-context";

/** Who collects the server's metrics: for the monitoring, and for the autoscaler where there is one. */
function monitoringRules({ options, platform }: BundleContext, ports: V1NetworkPolicyPort[]): IngressRule[] {
  const asked = options.autoscaler === "none" ? null : METRICS_SOURCE_KINDS[options.metrics].asks(options);
  return Object.values(COLLECTORS)
    .filter((collector) => collector === collectorOf(options) || collector === asked)
    .map((collector) => collector.ingress(ports, platform.ownPrometheus));
}

/** Servers of several machines talk on ports they choose themselves (NCCL, Ray). */
function groupRules({ identity, target, prefill }: BundleContext): IngressRule[] {
  if (target.kind !== "LeaderWorkerSet" && prefill === null) return [];
  return [
    commented(
      { from: [{ podSelector: { matchLabels: identity.selector } }] },
      {
        from:
          prefill === null
            ? "the machines of one replica, on all ports: they choose them themselves"
            : "prefill and decode servers, on all ports: the KV cache goes over ports they choose themselves",
      },
    ),
  ];
}

function policy(context: BundleContext): NetworkPolicy {
  const { identity, options, server } = context;
  const ports = [{ port: server.proxy === undefined ? "http" : server.port, protocol: "TCP" }];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: identity.name, labels: identity.labels },
    spec: commented(
      {
        podSelector: { matchLabels: identity.selector },
        policyTypes: ["Ingress"],
        ingress: [
          commented(
            { from: [{ podSelector: {} }], ports },
            { from: "this namespace: clients, the endpoint picker, gateways whose proxies run beside their Gateway" },
          ),
          ...GATEWAY_KINDS[options.gateway].ingress(ports),
          ...monitoringRules(context, ports),
          ...groupRules(context),
        ],
      },
      { policyTypes: "what goes out is not limited: models come from outside. Probes of the kubelet always pass" },
    ),
  };
}

/** Lets in what must come in and nothing else: the namespace, the gateway, what collects metrics. */
export function networkPolicy(context: BundleContext): Result<AddOn> {
  const { options, platform } = context;
  return ok({
    objects: [policy(context)],
    prerequisites: [{ ...platform.networkPolicyCheck(clusterWord(options)), install: [] }],
    notes: GATEWAY_KINDS[options.gateway].policyNotes?.(context) ?? [],
  });
}
