import type { KubernetesObject } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import { benchmarkJob } from "../benchmark/benchmark-job";
import { GATEWAY_KINDS } from "../gateways/all";
import { MONITORING_KINDS } from "../monitoring/all";
import { type AddOn, NOTHING, type Prerequisite } from "./add-on";
import type { BundleContext, Planner } from "./bundle-context";
import { disaggregatedNotes } from "./disaggregated-layout";
import { dynamoAddOn } from "./dynamo-needs";
import { lockedMemory } from "./locked-memory";
import { groupAddOn } from "./multi-machine-needs";
import { networkPolicy } from "./network-policy";
import { takeShared } from "./shared-objects";

/** A bundle with everything its options add decided; nothing is written yet. */
export interface DecidedBundle {
  context: BundleContext;
  /** What brings the nodes. */
  nodes: AddOn;
  added: AddOn[];
  /** What every bundle of a cluster shares: made once, and not with one of them. */
  shared: KubernetesObject[];
  labels: Record<string, string>;
  notes: string[];
  /** Of the options, after the platform's own. */
  prerequisites: Prerequisite[];
}

/** What the options of a bundle add, in the order they stand in it. */
function addOnsOf(context: BundleContext): Result<AddOn[]> {
  const { options } = context;
  const planners: Planner[] = [
    MONITORING_KINDS[options.monitoring].plan,
    AUTOSCALER_KINDS[options.autoscaler].plan,
    GATEWAY_KINDS[options.gateway].plan,
    ...(options.benchmarkJob ? [benchmarkJob] : []),
    ...(options.networkPolicy ? [networkPolicy] : []),
  ];
  const addOns: AddOn[] = [];
  for (const planner of planners) {
    const addOn = planner(context);
    if (!addOn.ok) return addOn;
    addOns.push(addOn.value);
  }
  return ok(addOns);
}

function layoutNotes({ layout, prefill }: BundleContext): string[] {
  const notes: string[] = [];
  if (prefill !== null) return disaggregatedNotes(prefill.layout, layout);
  if (layout.measuredReplicas > 1) {
    notes.push(
      `${layout.measuredReplicas} replicas of this shape were measured together behind a router; figures are of all of them. The Service here balances connections only, a router may do better or worse.`,
    );
  }
  return notes;
}

/** What the options make of a decided bundle, or why they cannot. */
export function decideAddOns(decided: BundleContext): Result<DecidedBundle> {
  const made = addOnsOf(decided);
  if (!made.ok) return made;
  const {
    addOns,
    shared,
    prerequisites: once,
  } = takeShared([
    decided.platform.addOn?.(decided) ?? NOTHING,
    decided.storage.addOn,
    decided.devices.addOn,
    groupAddOn(decided),
    lockedMemory(decided),
    dynamoAddOn(decided),
    ...made.value,
  ]);
  const [nodes = NOTHING, stored = NOTHING, devices = NOTHING] = addOns;
  const context = {
    ...decided,
    storage: { ...decided.storage, addOn: stored },
    devices: { ...decided.devices, addOn: devices },
  };
  const labels = Object.assign({ ...context.identity.labels }, ...addOns.map((addOn) => addOn.podLabels ?? {}));
  const notes = [
    ...layoutNotes(context),
    ...context.server.notes,
    ...context.weights.notes,
    ...context.placement.notes,
    ...addOns.flatMap((addOn) => addOn.notes),
  ];
  const prerequisites = [...once, ...addOns.flatMap((addOn) => addOn.prerequisites)];
  return ok({
    context,
    nodes,
    added: addOns.slice(addOns.length - made.value.length),
    shared,
    labels,
    notes,
    prerequisites,
  });
}
