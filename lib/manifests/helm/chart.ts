import { shortened } from "../objects/kubernetes-names";
import type { ManifestOptions } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import { namespaceFlag } from "../write/shell-commands";

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
  return `helm upgrade --install ${releaseName(identity.name)} ${address} --version ${version}${namespaceFlag(options)} -f ${values}`;
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
