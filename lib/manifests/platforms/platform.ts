import type { V1Affinity, V1EnvVar, V1StorageClass, V1Toleration } from "@kubernetes/client-node";
import type { Accelerator } from "../../domain";
import type { Result } from "../../result";
import type { ManifestOptions } from "../options/manifest-options";
import type { AddOn, BundleContext, Prerequisite, ServerUser } from "../plan/bundle-context";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { PlatformId } from "./ids";

/** How pods reach nodes that have the accelerator. */
export interface NodePlacement {
  nodeSelector?: Record<string, string>;
  affinity?: V1Affinity;
  tolerations: V1Toleration[];
  /** Why these labels; stands beside the selector, or beside the tolerations where there is none. */
  comment: string;
  notes: string[];
}

/** What a bundle's own objects are known by. */
export interface Identity {
  name: string;
  /** `app.kubernetes.io/*` of every object. */
  labels: Record<string, string>;
  /** Name and instance: what selectors use, because selectors never change. */
  selector: Record<string, string>;
}

/** A storage class by name. */
export interface NamedStorageClass {
  name: string;
  /** `null` where the platform brings it. */
  object: V1StorageClass | null;
  /** Why this class. */
  comment: string;
}

/** What keeps the machines of one replica together. */
export interface GroupTopology {
  /** Node label. */
  label: string;
  /** Why this one. */
  comment: string;
  /** What there must be of it, as a sentence that ends before a command. */
  prerequisite(machines: number, replicas: number, autoscales: boolean): string;
}

/** One way of running Kubernetes. A new platform is one file that exports one of these, and its line in `all.ts`. */
export interface Platform {
  id: PlatformId;
  /** As the page names it. */
  label: string;
  /** Where the pods go, or why they cannot run here. @param name of the bundle, where nodes are brought by an object of its own */
  placement(accelerator: Accelerator, layout: ReplicaLayout, name: string): Result<NodePlacement>;
  podAnnotations: Record<string, string>;
  environment(accelerator: Accelerator, layout: ReplicaLayout): V1EnvVar[];
  /** Storage class of the cache volume; `null` = the cluster's default. */
  storageClass(accelerator: Accelerator): NamedStorageClass | null;
  /** What must be in the cluster before the manifest works. */
  prerequisites(options: ManifestOptions, accelerator: Accelerator): Prerequisite[];
  /** Objects that bring the nodes, and what depends on the machine; asked when everything else is decided. */
  addOn?(context: BundleContext): AddOn;
  /** Node label whose value the machines of one replica share, each value for one replica; left out where none is certain. */
  groupTopology?: GroupTopology;
  /** The server's user as the platform's admission lets it run; left out = as the image has it. */
  user?(user: ServerUser): ServerUser;
}
