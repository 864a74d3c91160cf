import type { Result } from "../../result";
import type { AddOn, BundleContext } from "../plan/bundle-context";
import { gatewayAddOn } from "./gateway";
import { GATEWAY_API, gatewayObject, httpRoute } from "./objects";

const CHARTS = "oci://cr.agentgateway.dev/charts";

/** agentgateway, which took the place of kgateway for inference. */
export function agentgateway(context: BundleContext): Result<AddOn> {
  return gatewayAddOn(context, {
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
}
