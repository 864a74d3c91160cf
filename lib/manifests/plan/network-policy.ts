import type { V1NetworkPolicyPort } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { GATEWAY_KINDS } from "../gateways/all";
import { type IngressRule, type NetworkPolicy, namespaces } from "../objects/network-policy";
import { commented } from "../write/commented";
import { clusterWord } from "../write/shell-commands";
import type { AddOn } from "./add-on";
import type { BundleContext } from "./bundle-context";

/** Who collects the server's metrics. */
function monitoringRules({ options, platform }: BundleContext, ports: V1NetworkPolicyPort[]): IngressRule[] {
  const scaled = options.autoscaler !== "none";
  const google = options.monitoring === "gmp" || (scaled && options.metrics === "gmp");
  // KEDA asks Google's Prometheus where that collects; prometheus-adapter always asks one of the reader's own.
  const asksOwn =
    options.metrics === "prometheus-adapter" || (options.metrics === "keda-prometheus" && options.monitoring !== "gmp");
  const own = options.monitoring === "prometheus-operator" || (scaled && asksOwn);
  const rules: IngressRule[] = [];
  if (google) {
    rules.push(
      commented(
        { from: [namespaces("gmp-system", "gke-gmp-system")], ports },
        { from: "the collectors of Google Managed Prometheus (Standard, Autopilot)" },
      ),
    );
  }
  if (own) {
    rules.push(
      platform.ownPrometheus === undefined
        ? commented(
            { from: [namespaces("monitoring")], ports },
            { from: "Prometheus: set the namespace yours runs in" },
          )
        : commented(
            { from: [namespaces(platform.ownPrometheus.namespace)], ports },
            { from: platform.ownPrometheus.comment },
          ),
    );
  }
  return rules;
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
