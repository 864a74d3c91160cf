import { suffixed } from "../objects/kubernetes-names";
import type { BundleContext } from "../plan/bundle-context";

/** Name of the Job and of everything that belongs to it. */
export function jobName({ identity }: BundleContext): string {
  return suffixed(identity.name, "bench");
}

/** Labels of everything that belongs to the Job. */
export function labelsOf(context: BundleContext): Record<string, string> {
  return {
    "app.kubernetes.io/name": "inference-perf",
    "app.kubernetes.io/instance": context.identity.name,
    "app.kubernetes.io/component": "benchmark",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
}
