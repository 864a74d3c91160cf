import { ok } from "../../result";
import type { GatewayKind } from "../options/manifest-options";
import { NOTHING } from "../plan/add-on";
import type { Platform } from "../platforms/platform";
import { agentgateway } from "./agentgateway";
import { envoyAiGateway } from "./envoy-ai-gateway";
import type { Gateway } from "./gateway";
import { gkeGateway } from "./gke";
import { istio } from "./istio";

const none: Gateway = {
  label: "none",
  help: "A Service inside the cluster; connections are spread, not requests",
  elsewhere: null,
  chart: null,
  ingress: () => [],
  plan: () => ok(NOTHING),
};

/** Every gateway: one line each. */
export const GATEWAY_KINDS: Record<GatewayKind, Gateway> = {
  none,
  gke: gkeGateway,
  istio,
  agentgateway,
  "envoy-ai-gateway": envoyAiGateway,
};

/** Why a platform cannot have a gateway, as a sentence; `null` where it can. */
export function gatewayProblemOn(gateway: GatewayKind, { gateways }: Pick<Platform, "gateways">): string | null {
  const { elsewhere, chart } = GATEWAY_KINDS[gateway];
  if (chart === null || gateways?.own === gateway) return null;
  return elsewhere ?? gateways?.others ?? null;
}
