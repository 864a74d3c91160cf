import { provenance } from "./annotations";
import { AUTOSCALER_PLANS } from "./autoscalers/all";
import { benchmarkJob } from "./benchmark-job";
import { disaggregatedNotes } from "./disaggregated";
import { GATEWAY_PLANS } from "./gateways/all";
import { groupAddOn } from "./groups";
import { applyFile, applyOverlay, type Guide, guide } from "./guide";
import { header } from "./header";
import { kustomizeTree, type LayeredBundle, type ManifestFile } from "./kustomize";
import { MONITORING_PLANS } from "./monitoring/all";
import { networkPolicy } from "./network-policy";
import { deployment } from "./objects/deployment";
import { leaderWorkerSet } from "./objects/leader-worker-set";
import { podDisruptionBudget } from "./objects/pdb";
import { podTemplate } from "./objects/pod";
import { service } from "./objects/service";
import { canonicalOptions } from "./option-params";
import { type AskedOptions, completeOptions } from "./options";
import { type Outcome, ok } from "./outcome";
import { type AddOn, type BundleContext, NOTHING, type Planner, type Prerequisite } from "./parts";
import { placementPatch } from "./placement-patch";
import { bundleContext } from "./plan";
import { PLATFORM_IDS, type PlatformId } from "./platforms/ids";
import { readmeText } from "./readme";
import { serialize } from "./serialize";
import type { Choice, ManifestBundle } from "./types";

/** What the options of a bundle add, in the order they stand in it. */
function addOnsOf(context: BundleContext): Outcome<AddOn[]> {
  const { options } = context;
  const planners: Planner[] = [
    MONITORING_PLANS[options.monitoring],
    AUTOSCALER_PLANS[options.autoscaler],
    GATEWAY_PLANS[options.gateway],
    ...(options.benchmarkJob ? [benchmarkJob] : []),
    ...(options.networkPolicy ? [networkPolicy] : []),
  ];
  const addOns: AddOn[] = [];
  for (const planner of planners) {
    const addOn = planner(context);
    if (addOn.kind === "refused") return addOn;
    addOns.push(addOn.value);
  }
  return { kind: "ok", value: addOns };
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

/** Objects in a namespace of their own, where one was asked for. */
function inNamespace(objects: readonly object[], namespace: string | null): object[] {
  if (namespace === null) return [...objects];
  return objects.map((object) => {
    const { metadata, kind } = object as { metadata?: { namespace?: string }; kind?: string };
    if (metadata === undefined || CLUSTER_SCOPED.has(kind ?? "")) return object;
    return { ...object, metadata: { ...metadata, namespace } };
  });
}

const CLUSTER_SCOPED = new Set([
  "StorageClass",
  "GatewayClass",
  "PersistentVolume",
  "ComputeClass",
  "NodePool",
  "EC2NodeClass",
  "ClusterRole",
  "ClusterRoleBinding",
]);

/** The server's pods as they are wherever they run: no place, no platform's own settings. */
function anywhere(context: BundleContext): BundleContext {
  const { groupTopology: _topology, ...placeless } = context.platform;
  const { schedulerName: _scheduler, ...devices } = context.devices;
  return {
    ...context,
    placement: { tolerations: [], comment: "", notes: [] },
    devices: { ...devices, tolerations: [] },
    platform: { ...placeless, podAnnotations: {}, environment: () => [] },
    prefill: context.prefill === null ? null : anywhere(context.prefill),
  };
}

interface Planned {
  context: BundleContext;
  /** What brings the nodes. */
  nodes: AddOn;
  added: AddOn[];
  labels: Record<string, string>;
  notes: string[];
  /** Of the options, after the platform's own. */
  prerequisites: Prerequisite[];
}

function planned(choice: Choice): Outcome<Planned> {
  const outcome = bundleContext(choice);
  if (outcome.kind === "refused") return outcome;
  const context = outcome.value;
  const added = addOnsOf(context);
  if (added.kind === "refused") return added;
  const nodes = context.platform.addOn?.(context) ?? NOTHING;
  const addOns = [nodes, context.storage.addOn, context.devices.addOn, groupAddOn(context), ...added.value];
  const labels = Object.assign({ ...context.identity.labels }, ...addOns.map((addOn) => addOn.podLabels ?? {}));
  const notes = [
    ...layoutNotes(context),
    ...context.server.notes,
    ...context.weights.notes,
    ...context.placement.notes,
    ...addOns.flatMap((addOn) => addOn.notes),
  ];
  const prerequisites = addOns.flatMap((addOn) => addOn.prerequisites);
  return ok({ context, nodes, added: added.value, labels, notes, prerequisites });
}

/** What runs the server's pods. */
function workloads(context: BundleContext, labels: Record<string, string>): object[] {
  const { choice, layout, server, prefill } = context;
  const annotations = provenance(choice, layout);
  if (server.group !== undefined) {
    const { leader, worker } = server.group;
    const leaders = podTemplate(context, labels, { plan: leader, serves: true });
    return [
      leaderWorkerSet(context, leaders, podTemplate(context, labels, { plan: worker, serves: false }), annotations),
    ];
  }
  if (prefill === null) return [deployment(context, podTemplate(context, labels), annotations)];
  const together = provenance(choice, { ...layout, measuredReplicas: 1 });
  return [prefill, context].map((part) => deployment(part, podTemplate(part, labels), together));
}

/** The server itself: what runs it, reaches it and keeps it up. */
function serverObjects(context: BundleContext, labels: Record<string, string>): object[] {
  const { identity, server, prefill } = context;
  return [
    ...server.objects,
    ...(prefill === null ? [] : prefill.devices.addOn.objects),
    ...workloads(context, labels),
    service(context),
    podDisruptionBudget(identity),
  ];
}

/**
 * The manifests of a choice: Deployment, Service, PodDisruptionBudget and what the options add, as one YAML text that is the
 * same for the same choice. Refused, with the reason, where the measured deployment cannot be written down exactly.
 */
export function manifestBundle(choice: Choice): ManifestBundle {
  const plan = planned(choice);
  if (plan.kind === "refused") return plan;
  const { context, nodes, added, labels, notes, prerequisites } = plan.value;
  const { storage, devices, options, identity } = context;
  const objects = [
    ...nodes.objects,
    ...storage.addOn.objects,
    ...devices.addOn.objects,
    ...serverObjects(context, labels),
    ...added.flatMap((addOn) => addOn.objects),
  ];
  const steps = guide(context, prerequisites, applyFile(`${identity.name}.yaml`));
  const yaml = serialize(inNamespace(objects, options.namespace), header(context, steps, notes));
  return { kind: "manifests", name: identity.name, yaml, notes, guide: steps };
}

/** Why a choice has no manifests, down to what its options add; `null` if it has. Nothing is written. */
export function bundleRefusal(choice: Choice): string | null {
  const plan = planned(choice);
  return plan.kind === "refused" ? plan.reason : null;
}

function layered(choice: Choice): Outcome<LayeredBundle & { notes: string[]; guide: Guide }> {
  const plan = planned(choice);
  if (plan.kind === "refused") return plan;
  const { context, nodes, added, labels, notes, prerequisites } = plan.value;
  const { storage, devices, options, identity, target, platform } = context;
  const steps = guide(context, prerequisites, applyOverlay(identity.name, platform.id));
  const serverIn = (place: BundleContext) =>
    inNamespace([...devices.addOn.objects, ...serverObjects(place, labels)], options.namespace);
  const base = serverIn(anywhere(context));
  // Only built-in kinds merge strategically; of others the place is written as steps.
  const merges = target.kind === "Deployment" && context.prefill === null;
  const placement = merges
    ? placementPatch(target, podTemplate(anywhere(context), labels), podTemplate(context, labels))
    : null;
  return ok({
    context,
    base,
    server: merges ? base : serverIn(context),
    placement: placement === null ? null : (inNamespace([placement], options.namespace)[0] ?? null),
    overlay: inNamespace(
      [...nodes.objects, ...storage.addOn.objects, ...added.flatMap((addOn) => addOn.objects)],
      options.namespace,
    ),
    header: header(context, steps, notes),
    notes,
    guide: steps,
  });
}

/** A Kustomize tree of a choice, or why there is none. */
export type ManifestTree =
  | { kind: "tree"; name: string; platform: PlatformId; files: ManifestFile[]; notes: string[] }
  | { kind: "refused"; reason: string };

/**
 * The manifests of a choice as a Kustomize tree: a README, one base, an overlay for the platform that was asked for and one
 * for every other platform that can have the same server. Which platforms have none, and why, stands in the notes.
 * @param asked what was asked for, without what follows from the platform
 */
export function manifestTree(choice: Choice, asked: AskedOptions): ManifestTree {
  const first = layered(choice);
  if (first.kind === "refused") return first;
  const { context } = first.value;
  const { identity, options } = context;
  // What would have been so anyway is decided anew on each platform, however it was asked for.
  const settled = canonicalOptions(asked, choice.accelerator);
  const without: string[] = [];
  const others: LayeredBundle[] = [];
  for (const platform of PLATFORM_IDS) {
    if (platform === options.platform) continue;
    const elsewhere = completeOptions({ ...settled, platform }, choice.accelerator);
    const other = layered({ ...choice, options: elsewhere });
    if (other.kind === "ok") others.push(other.value);
    else without.push(`No overlay for ${platform}: ${other.reason}`);
  }
  const { files, differing } = kustomizeTree([first.value, ...others]);
  for (const platform of differing) without.push(`No overlay for ${platform}: its server is made of other objects.`);
  const platforms = [first.value, ...others].map((bundle) => bundle.context.platform.id);
  const readme = {
    path: `${identity.name}/README.txt`,
    text: readmeText(context, {
      guide: first.value.guide,
      notes: first.value.notes,
      overlays: platforms.filter((id) => !differing.includes(id)),
      hasOptions: files.some(({ path }) => path.startsWith(`${identity.name}/options/`)),
      without,
    }),
  };
  return {
    kind: "tree",
    name: identity.name,
    platform: options.platform,
    files: [readme, ...files],
    notes: [...first.value.notes, ...without],
  };
}
