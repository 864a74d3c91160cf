import type { KubernetesObject } from "@kubernetes/client-node";
import { shellQuoted } from "../forms/shell-quoted";
import type { AddOn, Prerequisite } from "./add-on";

/** Kinds of objects that are one for the whole cluster, named by what they are for and used by every bundle. */
const SHARED_KINDS: ReadonlySet<string> = new Set(["StorageClass", "GatewayClass"]);

function isShared({ kind }: KubernetesObject): boolean {
  return kind !== undefined && SHARED_KINDS.has(kind);
}

function keyOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata?.name}`;
}

/**
 * As JSON on one line: the command stands in a comment, among others that are copied line by line, and must need no file beside
 * it.
 */
function prerequisite(object: KubernetesObject): Prerequisite {
  const { kind = "", metadata } = object;
  const name = metadata?.name ?? "";
  return {
    what: `The ${kind} ${name}, one for the whole cluster: made once, and left when this is deleted, because other deployments use it.`,
    check: `kubectl get ${kind.toLowerCase()} ${name}`,
    install: [`echo ${shellQuoted(JSON.stringify(object))} | kubectl apply -f -`],
  };
}

/**
 * Takes what a cluster shares out of add-ons, each object once: deleting one bundle would take it from all others
 * (`kubectl delete -f` of the file, or Argo CD's pruning). It becomes a prerequisite, with the command that makes it.
 */
export function takeShared(addOns: readonly AddOn[]): {
  addOns: AddOn[];
  shared: KubernetesObject[];
  prerequisites: Prerequisite[];
} {
  const all = addOns.flatMap(({ objects }) => objects).filter(isShared);
  const shared = [...new Map(all.map((object) => [keyOf(object), object])).values()];
  return {
    addOns: addOns.map((addOn) => ({ ...addOn, objects: addOn.objects.filter((object) => !isShared(object)) })),
    shared,
    prerequisites: shared.map(prerequisite),
  };
}
