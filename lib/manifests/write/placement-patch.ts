import type {
  KubernetesObject,
  V1Container,
  V1EnvVar,
  V1ObjectMeta,
  V1PodSpec,
  V1PodTemplateSpec,
} from "@kubernetes/client-node";
import type { ScaleTarget } from "../plan/bundle-context";
import { commented, commentOf } from "./commented";

/** Fields of a pod that say where it goes; each is replaced whole. */
const PLACE_FIELDS = ["schedulerName", "nodeSelector", "affinity", "tolerations"] as const;

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function addedAnnotations(anywhere: V1PodTemplateSpec, there: V1PodTemplateSpec): Record<string, string> {
  const before = anywhere.metadata?.annotations ?? {};
  return Object.fromEntries(
    Object.entries(there.metadata?.annotations ?? {}).filter(([key, value]) => before[key] !== value),
  );
}

function addedVariables(anywhere: V1Container | undefined, there: V1Container | undefined): V1EnvVar[] {
  const variables = there?.env ?? [];
  const added = variables.flatMap((variable, index) =>
    (anywhere?.env ?? []).some((other) => isSame(other, variable))
      ? []
      : [{ variable, comment: commentOf(variables, index) }],
  );
  return commented(
    added.map(({ variable }) => variable),
    added.map(({ comment }) => comment),
  );
}

/** A strategic-merge patch of a pod template. */
interface PlacementPatch extends KubernetesObject {
  spec: { template: { metadata?: V1ObjectMeta; spec?: Partial<V1PodSpec> } };
}

/**
 * What a platform's placement adds to a server's pods, as a strategic-merge patch: annotations, scheduler, selector, affinity, tolerations
 * and variables of the first container; `null` where it adds nothing. What else differs is not in it.
 */
export function placementPatch(
  target: ScaleTarget,
  anywhere: V1PodTemplateSpec,
  there: V1PodTemplateSpec,
): PlacementPatch | null {
  const annotations = addedAnnotations(anywhere, there);
  const spec: Partial<V1PodSpec> = {};
  const comments: { [K in keyof V1PodSpec]?: string | undefined } = {};
  for (const field of PLACE_FIELDS) {
    if (there.spec?.[field] === undefined || isSame(there.spec[field], anywhere.spec?.[field])) continue;
    Object.assign(spec, { [field]: there.spec[field] });
    comments[field] = commentOf(there.spec, field);
  }
  const [container] = there.spec?.containers ?? [];
  const env = addedVariables(anywhere.spec?.containers[0], container);
  if (container !== undefined && env.length > 0) spec.containers = [{ name: container.name, env }];
  const template = {
    ...(Object.keys(annotations).length === 0 ? {} : { metadata: { annotations } }),
    ...(Object.keys(spec).length === 0 ? {} : { spec: commented(spec, comments) }),
  };
  if (Object.keys(template).length === 0) return null;
  const { apiVersion, kind, name } = target;
  return { apiVersion, kind, metadata: { name }, spec: { template } };
}
