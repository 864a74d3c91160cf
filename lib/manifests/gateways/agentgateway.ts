import type { ChartParts } from "../helm/chart";
import { type Gateway, gatewayAddOn } from "./gateway";
import { GATEWAY_API, gatewayObject, httpRoute } from "./objects";

const CHARTS = "oci://cr.agentgateway.dev/charts";

const CHART: ChartParts = {
  provider: "none",
  route: true,
  policies: false,
  why: "agentgateway needs nothing of its own",
};

/** agentgateway, the successor of kgateway for inference. */
export const agentgateway: Gateway = {
  label: "agentgateway",
  help: "Gateway API with the inference extension; agentgateway in the cluster",
  elsewhere: null,
  chart: CHART,
  ingress: () => [],
  plan(context) {
    return gatewayAddOn(context, CHART, {
      entrance: [gatewayObject(context, "agentgateway")],
      route: httpRoute(context, "a hung request must not hold a connection for ever"),
      policies: [],
      prerequisites: [
        GATEWAY_API,
        {
          what: "agentgateway with the inference extension turned on:",
          check: "kubectl get gatewayclass agentgateway",
          install: [
            `helm upgrade --install agentgateway-crds ${CHARTS}/agentgateway-crds -n agentgateway-system --create-namespace`,
            `helm upgrade --install agentgateway ${CHARTS}/agentgateway -n agentgateway-system --set inferenceExtension.enabled=true`,
          ],
        },
      ],
      notes: [],
    });
  },
};
