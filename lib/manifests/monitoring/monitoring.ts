import type { KubernetesObject } from "@kubernetes/client-node";
import type { OptionLabel } from "../options/option-label";
import type { BundleContext, Planner } from "../plan/bundle-context";
import type { Platform } from "../platforms/platform";

/** Pods whose metrics are to be collected, and where they answer. */
export interface CollectedPods {
  name: string;
  labels: Record<string, string>;
  selector: Record<string, string>;
  /** Name of the container's port. */
  port: string;
  path: string;
}

/** One way metrics are collected, watched and drawn. */
export interface MonitoringKind extends OptionLabel {
  /** Why a platform cannot have it, as a sentence; `null` where it can. */
  problem(platform: Platform): string | null;
  /** What makes it collect from pods beside the server's. */
  collection(context: BundleContext, pods: CollectedPods): KubernetesObject[];
  plan: Planner;
}
