import type { V1Affinity, V1EnvVar, V1StorageClass, V1Toleration } from "@kubernetes/client-node";
import type { Accelerator } from "../../domain";
import type { ReplicaLayout } from "../layout";
import type { PodMonitoring } from "../objects/pod-monitoring";
import type { Outcome } from "../outcome";

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

/** One way of running Kubernetes. A new platform is one file that exports one of these, and its line in `all.ts`. */
export interface Platform {
  id: string;
  /** As the page names it. */
  label: string;
  /** Where the pods go, or why they cannot run here. */
  placement(accelerator: Accelerator, layout: ReplicaLayout): Outcome<NodePlacement>;
  /** Name under which the Pods metric API knows a server's gauge. */
  podsMetricName(prometheusName: string): string;
  podAnnotations: Record<string, string>;
  environment(accelerator: Accelerator, layout: ReplicaLayout): V1EnvVar[];
  /** Storage class of the cache volume; `null` = the cluster's default. */
  storageClass(accelerator: Accelerator): { object: V1StorageClass; comment: string } | null;
  podMonitoring(identity: Identity): PodMonitoring | null;
  /** Header lines: what must be there before the manifest works. */
  prerequisites(metric: string): string[];
}
