import type { Accelerator, Model } from "../catalogue/catalogue";
import type { ConfigurationFacts } from "../domain";
import { catalogueLookup } from "../ingest/facts/catalogue";
import type { DraftRun } from "../ingest/facts/draft-run";
import { joinedFacts } from "../ingest/facts/join-facts";
import { startedInDocuments } from "../ingest/started-with/started-with";
import { ok, type Result, refused } from "../result";
import type { ClusterFacts } from "./cluster-facts";
import { podGroupsOf } from "./fit-pods";
import { type ClusterObject, membersOf, nameOf, namespaceOf } from "./kubectl-text";

/** A model server that runs in the cluster. */
export interface RunningServer {
  /** `Deployment llm/llama`. */
  name: string;
  replicas: number;
  /** What one replica is, or why it cannot be held against what was measured, as a sentence. */
  configuration: Result<ConfigurationFacts>;
}

/** Kinds that run model servers. */
const WORKLOAD_KINDS: ReadonlySet<unknown> = new Set(["Deployment", "StatefulSet", "LeaderWorkerSet"]);

/** Extended resources of accelerators are asked for by names like `nvidia.com/gpu`. */
const DEVICE_RESOURCE = /^[a-z0-9.-]+\.[a-z]+\/[a-z0-9.-]+$/;

/** The model servers among the objects of a cluster, each with what one of its replicas is. Others are passed over. */
export function runningServers(
  objects: readonly ClusterObject[],
  facts: ClusterFacts,
  catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] },
): RunningServer[] {
  const lookup = catalogueLookup(catalogue);
  return objects.flatMap((object): RunningServer[] => {
    if (!WORKLOAD_KINDS.has(object.kind)) return [];
    const spec = membersOf(object.spec);
    const replicas = typeof spec.replicas === "number" ? spec.replicas : 1;
    // One replica: what was measured is one, and so is what is compared.
    const started = startedInDocuments([{ kind: object.kind, spec: { ...spec, replicas: 1 } }]);
    if (started === null) return [];
    const namespace = namespaceOf(object);
    const name = `${String(object.kind)} ${namespace === null ? "" : `${namespace}/`}${nameOf(object)}`;
    const accelerator = acceleratorOf(object, facts);
    if (!started.ok) return [{ name, replicas, configuration: refused(`${name}: ${started.error}`) }];
    if (!accelerator.ok) return [{ name, replicas, configuration: refused(`${name}: ${accelerator.error}`) }];
    const draft: DraftRun = {
      ...{ format: "cluster", tool: null, measuredOn: null, hints: {}, seriesKey: null },
      ...{ qualityFlags: [], points: [], files: [name] },
      stated: { ...started.value.facts, accelerator: accelerator.value },
    };
    const joined = joinedFacts(draft, { flags: {}, side: {}, flagsWin: true, notes: new Set() }, lookup);
    const configuration: Result<ConfigurationFacts> = joined.ok
      ? ok(joined.value.configuration)
      : refused(joined.error.problems.map(({ message }) => message).join(" "));
    return [{ name, replicas, configuration }];
  });
}

/** The accelerator of the pods: of the nodes they may run on, where these have one kind alone. */
function acceleratorOf(object: ClusterObject, facts: ClusterFacts): Result<string> {
  const [group] = podGroupsOf([object]);
  const selector = Object.entries(membersOf(group?.spec.nodeSelector));
  const fitting = facts.nodes.filter(({ labels }) => selector.every(([label, value]) => labels[label] === value));
  const kinds = new Set(fitting.flatMap(({ accelerators }) => accelerators.flatMap((item) => item.accelerator ?? [])));
  const [only, ...others] = kinds;
  if (only !== undefined && others.length === 0) return ok(only);
  if (only !== undefined) {
    return refused(
      `its pods may run on ${[...kinds].join(" and ")}: name one with a node selector, so that it is known.`,
    );
  }
  const asked = deviceResources(group?.spec ?? {});
  return refused(
    facts.known.has("Node")
      ? `no node its pods may run on has an accelerator of the catalogue${asked === "" ? "" : ` (they ask for ${asked})`}.`
      : "on which accelerators it runs is not known without the nodes: add kubectl get nodes -o json.",
  );
}

function deviceResources(pod: ClusterObject): string {
  const containers = Array.isArray(pod.containers) ? pod.containers.map(membersOf) : [];
  const names = containers.flatMap(({ resources }) => Object.keys(membersOf(membersOf(resources).limits)));
  return [...new Set(names.filter((name) => DEVICE_RESOURCE.test(name)))].join(", ");
}
