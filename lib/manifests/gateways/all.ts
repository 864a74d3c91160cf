import type { GatewayKind } from "../options";
import { type Outcome, ok } from "../outcome";
import { type AddOn, type BundleContext, NOTHING } from "../parts";
import { agentgateway } from "./agentgateway";
import { envoyAiGateway } from "./envoy-ai-gateway";
import { gkeGateway } from "./gke";
import { istio } from "./istio";

/** Every gateway that is written; one line each. */
export const GATEWAY_PLANS: Partial<Record<GatewayKind, (context: BundleContext) => Outcome<AddOn>>> = {
  none: () => ok(NOTHING),
  gke: gkeGateway,
  istio,
  agentgateway,
  "envoy-ai-gateway": envoyAiGateway,
};
