import { ok } from "../../result";
import type { GatewayKind } from "../options/manifest-options";
import { NOTHING, type Planner } from "../plan/bundle-context";
import { agentgateway } from "./agentgateway";
import { envoyAiGateway } from "./envoy-ai-gateway";
import { gkeGateway } from "./gke";
import { istio } from "./istio";

/** Every gateway: one line each. */
export const GATEWAY_PLANS: Record<GatewayKind, Planner> = {
  none: () => ok(NOTHING),
  gke: gkeGateway,
  istio,
  agentgateway,
  "envoy-ai-gateway": envoyAiGateway,
};
