import { ok, type Result } from "../../result";
import { objectsFile, valuesFile } from "../helm/chart";
import { routerRelease } from "../helm/release";
import { podTemplate } from "../objects/pod";
import { completeOptions } from "../options/complete-options";
import type { AskedOptions } from "../options/manifest-options";
import { canonicalOptions } from "../options/option-params";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { decideChoice } from "../plan/decide-choice";
import { PLATFORM_IDS } from "../platforms/all";
import { applyOverlay, type Guide, guide } from "./command-guide";
import { inNamespace, serverObjects } from "./kubernetes-objects";
import { kustomizeTree, type LayeredBundle, type ManifestFile } from "./kustomize-tree";
import { header } from "./manifest-header";
import { placementPatch } from "./placement-patch";
import { sharedText } from "./shared-text";
import { readmeText } from "./tree-readme";

/** The server's pods as they are wherever they run: no placement, no platform's own settings. */
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

interface Layered extends LayeredBundle {
  notes: string[];
  guide: Guide;
  /** What the cluster shares, as YAML; `null` = nothing. */
  shared: string | null;
}

function layered(choice: Choice): Result<Layered> {
  const plan = decideChoice(choice);
  if (!plan.ok) return plan;
  const { context, nodes, added, labels, notes, prerequisites } = plan.value;
  const { storage, devices, options, identity, target, platform } = context;
  const steps = guide(context, prerequisites, applyOverlay(identity.name, platform.id));
  const serverOf = (placed: BundleContext) =>
    inNamespace([...devices.addOn.objects, ...serverObjects(placed, labels)], options.namespace);
  const base = serverOf(anywhere(context));
  // Only built-in kinds merge strategically; of others the placement is written as steps.
  const merges = target.kind === "Deployment" && context.prefill === null;
  const placement = merges
    ? placementPatch(target, podTemplate(anywhere(context), labels), podTemplate(context, labels))
    : null;
  return ok({
    context,
    base,
    server: merges ? base : serverOf(context),
    placement: placement === null ? null : (inNamespace([placement], options.namespace)[0] ?? null),
    overlay: inNamespace(
      [...nodes.objects, ...storage.addOn.objects, ...added.flatMap((addOn) => addOn.objects)],
      options.namespace,
    ),
    header: header(context, steps, notes),
    notes,
    guide: steps,
    shared: sharedText(plan.value),
  });
}

/** Outside the overlays: what is applied or deleted with one of them leaves it alone. */
function sharedFiles(bundles: readonly Layered[]): ManifestFile[] {
  return bundles.flatMap(({ context, shared }) =>
    shared === null ? [] : [{ path: `${context.identity.name}/shared/${context.platform.id}.yaml`, text: shared }],
  );
}

/** A Kustomize tree of a choice. */
export interface ManifestTree {
  name: string;
  /** Id of the platform that was asked for. */
  platform: string;
  files: ManifestFile[];
  notes: string[];
}

/**
 * The manifests of a choice as a Kustomize tree: a README, one base, an overlay for the platform that was asked for and one
 * for every other platform that can have the same server; with a gateway also the two files for llm-d's
 * router chart. The notes say which platforms have no overlay, and why.
 * @param asked what was asked for, without what follows from the platform
 */
export function manifestTree(choice: Choice, asked: AskedOptions): Result<ManifestTree> {
  const first = layered(choice);
  if (!first.ok) return first;
  const { context } = first.value;
  const { identity, options } = context;
  // What would have been so anyway is decided anew on each platform, however it was asked for.
  const settled = canonicalOptions(asked, choice.accelerator);
  const without: string[] = [];
  const others: Layered[] = [];
  for (const platform of PLATFORM_IDS) {
    if (platform === options.platform) continue;
    const elsewhere = completeOptions({ ...settled, platform }, choice.accelerator);
    const other = layered({ ...choice, options: elsewhere });
    if (other.ok) others.push(other.value);
    else without.push(`No overlay for ${platform}: ${other.error}`);
  }
  const { files, differing } = kustomizeTree([first.value, ...others]);
  for (const platform of differing) without.push(`No overlay for ${platform}: its server is made of other objects.`);
  const platforms = [first.value, ...others].map((bundle) => bundle.context.platform.id);
  const shared = sharedFiles([
    first.value,
    ...others.filter((other) => !differing.includes(other.context.platform.id)),
  ]);
  const helm = routerRelease(choice);
  const readme = {
    path: `${identity.name}/README.txt`,
    text: readmeText(context, {
      guide: first.value.guide,
      notes: first.value.notes,
      overlays: platforms.filter((id) => !differing.includes(id)),
      hasOptions: files.some(({ path }) => path.startsWith(`${identity.name}/options/`)),
      helm: helm.ok ? helm.value.guide : null,
      without,
    }),
  };
  const helmFiles = helm.ok
    ? [
        { path: `${identity.name}/helm/${valuesFile(identity.name)}`, text: helm.value.values },
        { path: `${identity.name}/helm/${objectsFile(identity.name)}`, text: helm.value.objects },
      ]
    : [];
  return ok({
    name: identity.name,
    platform: options.platform,
    files: [readme, ...files, ...shared, ...helmFiles],
    notes: [...first.value.notes, ...without],
  });
}
