import type { KubernetesObject } from "@kubernetes/client-node";
import { slug } from "../objects/kubernetes-names";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "./commented";
import { jsonPatch } from "./json-patch";
import { serialize } from "./yaml-serializer";

/** One file of a tree, `/`-separated path. */
export interface ManifestFile {
  path: string;
  text: string;
}

/** Which object a patch is for; a strategic-merge patch names it itself. */
interface PatchTarget {
  group?: string;
  version: string;
  kind: string;
  name: string;
}

interface Patch {
  path: string;
  target?: PatchTarget;
}

/** A Kustomization; no published TypeScript types exist. */
interface Kustomization {
  apiVersion: "kustomize.config.k8s.io/v1beta1";
  kind: "Kustomization";
  resources: string[];
  patches?: Patch[];
}

/** A bundle taken apart: the server as it is anywhere, and what one platform and the options make of it. */
export interface LayeredBundle {
  context: BundleContext;
  /** The server, without what a platform adds to say where its pods run. */
  base: KubernetesObject[];
  /** The same objects on this platform, but for what `placement` adds. */
  server: KubernetesObject[];
  /** Strategic-merge patch that says where the server's pods run; `null` where this platform says nothing. */
  placement: KubernetesObject | null;
  /** What platform and options add. */
  overlay: KubernetesObject[];
  /** Comment on top of the overlay: notes, prerequisites, commands. */
  header: string;
}

const KUSTOMIZATION = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" } as const;

const NAME_CHARACTERS = 63;

/** `Service NAME-epp` of the bundle NAME → `service-epp.yaml`; what would have the same name carries a number. */
function fileNames(objects: readonly KubernetesObject[], bundle: string): string[] {
  const seen = new Map<string, number>();
  return objects.map((object) => {
    const { kind = "object", metadata } = object;
    const name = metadata?.name ?? bundle;
    const own = name.startsWith(`${bundle}-`) ? name.slice(bundle.length + 1) : name === bundle ? "" : name;
    const stem = [kind.toLowerCase(), slug(own, NAME_CHARACTERS)].filter(Boolean).join("-");
    const count = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, count);
    return count === 1 ? `${stem}.yaml` : `${stem}-${count}.yaml`;
  });
}

function filesOf(
  folder: string,
  objects: readonly KubernetesObject[],
  bundle: string,
): { files: ManifestFile[]; names: string[] } {
  const names = fileNames(objects, bundle);
  const files = objects.map((object, index) => ({
    path: `${folder}/${names[index] ?? ""}`,
    text: serialize([object], ""),
  }));
  return { files, names };
}

function identityOf(object: KubernetesObject): string {
  const { apiVersion, kind, metadata } = object;
  return `${apiVersion}/${kind}/${metadata?.name}`;
}

function targetOf(object: KubernetesObject): PatchTarget {
  const { apiVersion = "", kind = "", metadata } = object;
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : [undefined, apiVersion];
  return { ...(group === undefined ? {} : { group }), version: version ?? "", kind, name: metadata?.name ?? "" };
}

/** What makes a platform's server of the base: one JSON patch an object; `null` where the objects are not the same ones. */
function serverPatches(
  base: readonly KubernetesObject[],
  server: readonly KubernetesObject[],
  bundle: string,
): { patch: Patch; text: string }[] | null {
  if (base.map(identityOf).join() !== server.map(identityOf).join()) return null;
  const names = fileNames(base, bundle);
  return base.flatMap((object, index) => {
    const operations = jsonPatch(object, server[index] ?? object);
    if (operations.length === 0) return [];
    const path = `patch-${names[index] ?? ""}`;
    return [{ patch: { path, target: targetOf(object) }, text: serialize([operations], "") }];
  });
}

/** Objects that every one of several platforms has in the same words: written once, beside the base. */
function sharedObjects(bundles: readonly LayeredBundle[]): KubernetesObject[] {
  const [first, ...others] = bundles;
  if (first === undefined || others.length === 0) return [];
  const texts = others.map((bundle) => new Set(bundle.overlay.map((object) => serialize([object], ""))));
  return first.overlay.filter((object) => {
    const text = serialize([object], "");
    return texts.every((own) => own.has(text));
  });
}

function overlayFiles(
  folder: string,
  bundle: LayeredBundle,
  patches: { patch: Patch; text: string }[],
  shared: readonly KubernetesObject[],
): ManifestFile[] {
  const { name } = bundle.context.identity;
  const common = new Set(shared.map((object) => serialize([object], "")));
  const own = bundle.overlay.filter((object) => !common.has(serialize([object], "")));
  const added = filesOf(folder, own, name);
  const listed: Patch[] = [
    ...patches.map(({ patch }) => patch),
    ...(bundle.placement === null ? [] : [{ path: "placement.yaml" }]),
  ];
  const overlay: Kustomization = {
    ...KUSTOMIZATION,
    resources: ["../../base", ...(shared.length === 0 ? [] : ["../../options"]), ...added.names],
    ...(listed.length === 0 ? {} : { patches: listed }),
  };
  return [
    {
      path: `${folder}/kustomization.yaml`,
      text: serialize(
        [commented(overlay, { patches: "what the server's pods need on this platform, and where they go" })],
        bundle.header,
      ),
    },
    ...added.files,
    ...patches.map(({ patch, text }) => ({ path: `${folder}/${patch.path}`, text })),
    ...(bundle.placement === null
      ? []
      : [{ path: `${folder}/placement.yaml`, text: serialize([bundle.placement], "") }]),
  ];
}

/** A folder of objects with its Kustomization. */
function folderOf(folder: string, objects: readonly KubernetesObject[], bundle: string, why: string): ManifestFile[] {
  const { files, names } = filesOf(folder, objects, bundle);
  return [
    { path: `${folder}/kustomization.yaml`, text: serialize([{ ...KUSTOMIZATION, resources: names }], why) },
    ...files,
  ];
}

/**
 * A Kustomize tree: `base` with the server, `options` with what the options add alike everywhere, `overlays/PLATFORM` with
 * placement, storage and what differs. The first bundle is the one that was asked for; the others get an overlay on the same base.
 * @returns files below a folder named as the bundle, and the platforms whose server is made of other objects: no overlay
 */
export function kustomizeTree(bundles: readonly LayeredBundle[]): { files: ManifestFile[]; differing: string[] } {
  const [first] = bundles;
  if (first === undefined) return { files: [], differing: [] };
  const root = first.context.identity.name;
  const fitting: { bundle: LayeredBundle; patches: { patch: Patch; text: string }[] }[] = [];
  const differing: string[] = [];
  for (const bundle of bundles) {
    const patches = serverPatches(first.base, bundle.server, root);
    if (patches === null) differing.push(bundle.context.platform.id);
    else fitting.push({ bundle, patches });
  }
  const shared = sharedObjects(fitting.map(({ bundle }) => bundle));
  const files = [
    ...folderOf(`${root}/base`, first.base, root, "The server without its place. Apply an overlay, not this."),
    ...(shared.length === 0
      ? []
      : folderOf(`${root}/options`, shared, root, "What the options add, the same on every platform here.")),
    ...fitting.flatMap(({ bundle, patches }) =>
      overlayFiles(`${root}/overlays/${bundle.context.platform.id}`, bundle, patches, shared),
    ),
  ];
  return { files, differing };
}
