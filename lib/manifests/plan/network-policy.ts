import type { V1NetworkPolicyPeer, V1NetworkPolicyPort, V1ObjectMeta } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import { commented } from "../write/commented";
import { clusterWord, kubectlFor } from "../write/shell-commands";
import type { AddOn, BundleContext } from "./bundle-context";

/** The client library calls the field `_from`, the cluster `from`. */
interface IngressRule {
  from: V1NetworkPolicyPeer[];
  /** Left out = all. */
  ports?: V1NetworkPolicyPort[];
}

interface NetworkPolicy {
  apiVersion: "networking.k8s.io/v1";
  kind: "NetworkPolicy";
  metadata: V1ObjectMeta;
  spec: {
    podSelector: { matchLabels: Record<string, string> };
    policyTypes: "Ingress"[];
    ingress: IngressRule[];
  };
}

const NAMESPACE_NAME = "kubernetes.io/metadata.name";
/** From where Google Cloud's load balancers check health. */
const GOOGLE_HEALTH_CHECKS = ["130.211.0.0/22", "35.191.0.0/16"];

function namespaces(...names: string[]): V1NetworkPolicyPeer {
  return { namespaceSelector: { matchExpressions: [{ key: NAMESPACE_NAME, operator: "In", values: names }] } };
}

/** Who collects the server's metrics. */
function monitoringRules({ options }: BundleContext, ports: V1NetworkPolicyPort[]): IngressRule[] {
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
      options.platform === "openshift"
        ? commented(
            { from: [namespaces("openshift-user-workload-monitoring")], ports },
            { from: "OpenShift's Prometheus for user workloads" },
          )
        : commented(
            { from: [namespaces("monitoring")], ports },
            { from: "Prometheus: set the namespace yours runs in" },
          ),
    );
  }
  return rules;
}

/** Through what requests come beside the namespace itself. */
function gatewayRules({ options }: BundleContext, ports: V1NetworkPolicyPort[]): IngressRule[] {
  switch (options.gateway) {
    case "gke":
      return [
        commented(
          { from: GOOGLE_HEALTH_CHECKS.map((cidr) => ({ ipBlock: { cidr } })), ports },
          { from: "health checks of Google Cloud's load balancers" },
        ),
      ];
    case "envoy-ai-gateway":
      return [
        commented(
          { from: [namespaces("envoy-gateway-system")], ports },
          { from: "Envoy Gateway runs its proxies in its own namespace" },
        ),
      ];
    case "none":
    case "istio":
    case "agentgateway":
      return [];
  }
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
  const { identity, server } = context;
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
          ...gatewayRules(context, ports),
          ...monitoringRules(context, ports),
          ...groupRules(context),
        ],
      },
      { policyTypes: "what goes out is not limited: models come from outside. Probes of the kubelet always pass" },
    ),
  };
}

/** What shows whether a cluster enforces NetworkPolicy, which the API server does not say. */
function enforcement(options: ManifestOptions): { what: string; check: string } {
  switch (options.platform) {
    case "gke":
    case "gke-autopilot":
      return {
        what: "A cluster that enforces NetworkPolicy (GKE Dataplane V2, ADVANCED_DATAPATH, or network policy enforcement turned on, True); others ignore it:",
        check: `gcloud container clusters describe ${clusterWord(options)} --location LOCATION --format="value(networkConfig.datapathProvider,networkPolicy.enabled)"`,
      };
    case "eks":
    case "eks-karpenter":
      return {
        what: "A cluster that enforces NetworkPolicy (the VPC CNI's node agent with --enable-network-policy=true, or a plugin such as Calico or Cilium); others ignore it:",
        check: "kubectl -n kube-system get daemonset aws-node -o jsonpath='{.spec.template.spec.containers[*].args}'",
      };
    case "aks":
      return {
        what: "A cluster that enforces NetworkPolicy (created with --network-policy); others ignore it:",
        check: `az aks show --name ${clusterWord(options)} --resource-group GROUP --query networkProfile.networkPolicy`,
      };
    case "openshift":
      return {
        what: "A cluster whose network plugin enforces NetworkPolicy (OVNKubernetes does); others ignore it:",
        check: "kubectl get networks.config.openshift.io cluster -o jsonpath='{.status.networkType}'",
      };
    case "generic":
      return {
        what: "A cluster whose network plugin enforces NetworkPolicy (Calico, Cilium or Antrea among its DaemonSets, say; Flannel alone does not); others ignore it:",
        check: "kubectl get daemonsets -A",
      };
  }
}

/** Lets in what must come in and nothing else: the namespace, the gateway, what collects metrics. */
export function networkPolicy(context: BundleContext): Result<AddOn> {
  const { options, identity } = context;
  const patch = `[{"op":"add","path":"/spec/ingress/-","value":{"from":[{"ipBlock":{"cidr":"RANGE"}}],"ports":[{"port":"http"}]}}]`;
  return ok({
    objects: [policy(context)],
    prerequisites: [{ ...enforcement(options), install: [] }],
    notes:
      options.gateway === "gke"
        ? [
            `The gateway's proxies call from your proxy-only subnet, whose range is yours alone: until the NetworkPolicy knows it, requests through the gateway time out. ${kubectlFor(options)} patch networkpolicy ${identity.name} --type=json -p '${patch}'`,
          ]
        : [],
  });
}
