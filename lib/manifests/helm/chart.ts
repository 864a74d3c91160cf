import { shortened } from "../objects/kubernetes-names";
import type { GatewayKind, ManifestOptions } from "../options/manifest-options";
import type { Prerequisite } from "../plan/bundle-context";
import { inNamespace } from "../write/shell-commands";

/** llm-d's chart of pool and endpoint picker; its values are those of llm-d-router v0.10.0, config/charts. */
export const ROUTER_CHART = { address: "oci://ghcr.io/llm-d/charts/llm-d-router-gateway", version: "v0.10.0" };

/** What runs the chart. */
export const HELM: Prerequisite = {
  what: "Helm 3.8 or later (the chart lies in a container registry):",
  check: "helm version --short",
  install: [],
};

/** The chart cuts a release's name there before it makes the picker's of it, without regard to what it loses. */
const RELEASE_CHARACTERS = 40;

/** Release of a bundle's router: also the name of its pool. */
export function releaseName(bundle: string): string {
  return shortened(bundle, RELEASE_CHARACTERS);
}

/** File of the chart's values. */
export function valuesFile(bundle: string): string {
  return `${bundle}.values.yaml`;
}

/** File of the objects the chart does not bring. */
export function objectsFile(bundle: string): string {
  return `${bundle}.objects.yaml`;
}

/** `helm upgrade --install` of a bundle's router. @param values file or address of the chart's values */
export function installRouter(
  { identity, options }: { identity: { name: string }; options: Pick<ManifestOptions, "namespace"> },
  values: string,
): string {
  const { address, version } = ROUTER_CHART;
  return `helm upgrade --install ${releaseName(identity.name)} ${address} --version ${version}${inNamespace(options)} -f ${values}`;
}

/** What the chart brings for a gateway beside pool and picker. */
export interface ChartParts {
  /** `provider.name` of its values. */
  provider: "none" | "istio";
  route: boolean;
  policies: boolean;
  /** Why this provider. */
  why: string;
}

/** For each gateway what the chart brings as it is wanted here; the rest stays beside it. */
export const ROUTER_CHART_PARTS: Record<Exclude<GatewayKind, "none">, ChartParts> = {
  gke: {
    provider: "none",
    route: false,
    policies: false,
    why: "the chart's own GKE policies end every request after 300 s: those beside this file say how long one may take",
  },
  istio: { provider: "istio", route: true, policies: true, why: "brings the DestinationRule the picker needs" },
  agentgateway: { provider: "none", route: true, policies: false, why: "agentgateway needs nothing of its own" },
  "envoy-ai-gateway": {
    provider: "none",
    route: true,
    policies: false,
    why: "what Envoy Gateway needs lies beside this file",
  },
};
