import { parseAllDocuments } from "yaml";
import type { AskedOptions } from "../manifests/options/manifest-options";
import { PLATFORM_IDS } from "../manifests/platforms/all";
import type { StockItem } from "../selection/stock";
import { stockOf } from "../selection/stock-from-nodes";
import { together } from "../selection/stock-text";
import { type BundleNeed, bundleNeeds } from "./bundle-needs";
import type { ClusterFacts } from "./cluster-facts";
import { fitPods, type PodFit, podGroupsOf } from "./fit-pods";
import { type ClusterObject, membersOf } from "./kubectl-text";
import { type ProposedOption, proposedOptions } from "./proposed-options";

/** A cluster looked at: what of it answers questions of the page, and what a manifest would meet there. */
export interface ClusterInspection {
  facts: ClusterFacts;
  /** Accelerators of the nodes that take pods, by machine. */
  stock: StockItem[];
  options: ProposedOption[];
}

/** What a manifest would meet in a cluster. */
export interface BundleCheck {
  needs: BundleNeed[];
  fits: PodFit[];
}

/** Looks at a cluster. */
export function inspectCluster(facts: ClusterFacts): ClusterInspection {
  const open = facts.nodes.filter(({ closed }) => closed === null);
  return {
    facts,
    stock: together(open.flatMap(({ accelerators }) => stockOf(accelerators))),
    options: proposedOptions(facts, PLATFORM_IDS),
  };
}

/** Options a cluster answers, as a person would have asked for them. */
export function askedFor(options: readonly ProposedOption[]): AskedOptions {
  return Object.fromEntries(options.map(({ option, value }) => [option, value]));
}

/** Holds the YAML of a manifest against a cluster: what it needs there, and whether its pods find nodes. */
export function checkBundle(yaml: string, facts: ClusterFacts): BundleCheck {
  const objects: ClusterObject[] = [...parseAllDocuments(yaml)]
    .map((document) => membersOf(document.toJS({ maxAliasCount: 0 })))
    .filter((object) => typeof object.kind === "string");
  const fits = facts.known.has("Node") ? fitPods(podGroupsOf(objects), facts.nodes) : [];
  return { needs: bundleNeeds(objects, facts), fits };
}
