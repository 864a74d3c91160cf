import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { ChartParts } from "../helm/chart";
import { namespaces } from "../objects/network-policy";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { type Gateway, gatewayAddOn } from "./gateway";
import { GATEWAY_API, gatewayObject, httpRoute, partLabels } from "./objects";

const CLASS = "envoy-ai-gateway";

/** gateway.envoyproxy.io/v1alpha1, as far as it is written here. */
interface ClientTrafficPolicy {
  apiVersion: "gateway.envoyproxy.io/v1alpha1";
  kind: "ClientTrafficPolicy";
  metadata: V1ObjectMeta;
  spec: {
    targetRefs: { group: string; kind: "Gateway"; name: string }[];
    connection: { bufferLimit: string };
  };
}

interface GatewayClass {
  apiVersion: "gateway.networking.k8s.io/v1";
  kind: "GatewayClass";
  metadata: V1ObjectMeta;
  spec: { controllerName: string };
}

function gatewayClass(): GatewayClass {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "GatewayClass",
    metadata: { name: CLASS, labels: { "app.kubernetes.io/managed-by": "inference-quickstart" } },
    spec: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
  };
}

function clientTrafficPolicy(context: BundleContext): ClientTrafficPolicy {
  const { name } = context.identity;
  return {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "ClientTrafficPolicy",
    metadata: { name, labels: partLabels(context, "gateway") },
    spec: {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name }],
      connection: commented(
        { bufferLimit: "50Mi" },
        { bufferLimit: "the picker reads the whole prompt; Envoy Gateway's default of 32 KiB refuses long ones" },
      ),
    },
  };
}

const CHART: ChartParts = {
  provider: "none",
  route: true,
  policies: false,
  why: "what Envoy Gateway needs lies beside this file",
};

/** Envoy Gateway with Envoy AI Gateway, which adds the inference pool. */
export const envoyAiGateway: Gateway = {
  label: "Envoy AI Gateway",
  help: "Gateway API with the inference extension; Envoy AI Gateway in the cluster",
  elsewhere: null,
  chart: CHART,
  ingress: (ports) => [
    commented(
      { from: [namespaces("envoy-gateway-system")], ports },
      { from: "Envoy Gateway runs its proxies in its own namespace" },
    ),
  ],
  plan(context) {
    return gatewayAddOn(context, CHART, {
      entrance: [
        gatewayClass(),
        gatewayObject(context, CLASS, "the class above; change both where yours has another name"),
      ],
      route: httpRoute(context, "Envoy Gateway's default of 15 s cuts long answers off"),
      policies: [clientTrafficPolicy(context)],
      prerequisites: [
        GATEWAY_API,
        {
          what: "Envoy Gateway and Envoy AI Gateway, installed with the InferencePool add-on (https://aigateway.envoyproxy.io/docs/capabilities/inference/httproute-inferencepool):",
          check: "kubectl get crd clienttrafficpolicies.gateway.envoyproxy.io aigatewayroutes.aigateway.envoyproxy.io",
          install: [],
        },
      ],
      notes: [],
    });
  },
};
