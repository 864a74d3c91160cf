import type { AskedOptions } from "../manifests/options/manifest-options";
import type { StockItem } from "../selection/stock";
import { stockOf } from "../selection/stock-from-nodes";
import { together } from "../selection/stock-text";
import { type BundleNeed, bundleNeeds } from "./bundle-needs";
import type { ClusterFacts } from "./cluster-facts";
import { fitPods, type PodFit, podGroupsOf } from "./fit-pods";
import type { ClusterObject } from "./kubectl-text";
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

/** Looks at a cluster. @param platforms ids of the platforms there are */
export function inspectCluster(facts: ClusterFacts, platforms: readonly string[]): ClusterInspection {
  const open = facts.nodes.filter(({ closed }) => closed === null);
  return {
    facts,
    stock: together(open.flatMap(({ accelerators }) => stockOf(accelerators))),
    options: proposedOptions(facts, platforms),
  };
}

/** Options a cluster answers, as a person would have asked for them. */
export function askedFor(options: readonly ProposedOption[]): AskedOptions {
  return Object.fromEntries(options.map(({ option, value }) => [option, value]));
}

/** Holds the objects of a manifest against a cluster: what they need there, and whether their pods find nodes. */
export function checkBundle(objects: readonly ClusterObject[], facts: ClusterFacts): BundleCheck {
  const fits = facts.known.has("Node") ? fitPods(podGroupsOf(objects), facts.nodes) : [];
  return { needs: bundleNeeds(objects, facts), fits };
}
