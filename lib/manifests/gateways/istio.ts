import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { ChartParts } from "../helm/chart";
import type { Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { type Gateway, gatewayAddOn } from "./gateway";
import { GATEWAY_API, gatewayObject, httpRoute, partLabels, pickerName } from "./objects";

/** networking.istio.io/v1, as far as it is written here. */
interface DestinationRule {
  apiVersion: "networking.istio.io/v1";
  kind: "DestinationRule";
  metadata: V1ObjectMeta;
  spec: { host: string; trafficPolicy: { tls: { mode: "SIMPLE"; insecureSkipVerify: boolean } } };
}

function destinationRule(context: BundleContext): DestinationRule {
  const name = pickerName(context);
  const { namespace } = context.options;
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name, labels: partLabels(context, "endpoint-picker") },
    spec: {
      // A short name is looked for in the rule's own namespace.
      host: namespace === null ? name : `${name}.${namespace}.svc.cluster.local`,
      trafficPolicy: {
        tls: commented(
          { mode: "SIMPLE", insecureSkipVerify: true },
          {
            insecureSkipVerify:
              "the picker makes its certificate itself at every start: there is none to check against",
          },
        ),
      },
    },
  };
}

const INSTALLED: Prerequisite = {
  what: "Istio 1.28 or later with the inference extension turned on:",
  check: "kubectl get gatewayclass istio",
  install: [
    "istioctl install --set values.pilot.env.SUPPORT_GATEWAY_API_INFERENCE_EXTENSION=true --set values.pilot.env.ENABLE_GATEWAY_API_INFERENCE_EXTENSION=true",
  ],
};

const CHART: ChartParts = {
  provider: "istio",
  route: true,
  policies: true,
  why: "brings the DestinationRule the picker needs",
};

/** Istio with its support for the inference extension. */
export const istio: Gateway = {
  label: "Istio",
  help: "Gateway API with the inference extension; Istio with its inference support on",
  elsewhere: null,
  chart: CHART,
  ingress: () => [],
  plan(context) {
    const { istio: own } = context.platform;
    const className = own?.gatewayClass.metadata.name ?? "istio";
    const gateway = gatewayObject(context, className, undefined, { "istio.io/enable-inference-extproc": "true" });
    return gatewayAddOn(context, CHART, {
      entrance: own === undefined ? [gateway] : [own.gatewayClass, gateway],
      route: httpRoute(context, "a hung request must not hold a connection for ever"),
      policies: [destinationRule(context)],
      prerequisites: [...(own?.prerequisites ?? [GATEWAY_API, INSTALLED])],
      notes: [],
    });
  },
};
