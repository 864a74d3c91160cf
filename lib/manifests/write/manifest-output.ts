import { strToU8, zipSync } from "fflate";
import { ok, type Result } from "../../result";
import { ONE_MACHINE_FORMS, oneMachineText } from "../forms/one-machine";
import { objectsFile, valuesFile } from "../helm/chart";
import { routerRelease } from "../helm/release";
import type { AskedOptions } from "../options/manifest-options";
import type { Choice } from "../plan/choice";
import type { ManifestFile } from "./kustomize-tree";
import { manifestTree } from "./manifest-tree";
import { manifestBundle } from "./manifest-yaml";

/**
 * How manifests for a cluster come out: one YAML, a Kustomize tree, both in one zip, or, where llm-d's chart brings the
 * router, its values and the objects beside them.
 */
export const CLUSTER_OUTPUTS = ["yaml", "kustomize", "zip", "helm-values", "helm-objects"] as const;

/** How a choice comes out: for a cluster, or as one replica for one machine without Kubernetes. */
export const MANIFEST_OUTPUTS = [...CLUSTER_OUTPUTS, ...ONE_MACHINE_FORMS] as const;
export type ManifestOutputKind = (typeof MANIFEST_OUTPUTS)[number];

/** Manifests in one form. Paths are below a folder named as the bundle. */
export type ManifestOutput =
  | { kind: "text"; name: string; file: string; text: string; notes: string[] }
  | { kind: "kustomize"; name: string; files: ManifestFile[]; notes: string[] }
  | { kind: "zip"; name: string; bytes: Uint8Array<ArrayBuffer>; notes: string[] };

/** The earliest a zip can say, in local time as zip has it: the same bytes today and next year, here and elsewhere. */
const ZIP_TIME = new Date(1980, 0, 1);

function zipOf(files: readonly ManifestFile[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ path, text }) => [path, strToU8(text)]));
  return new Uint8Array(zipSync(entries, { level: 9, mtime: ZIP_TIME }));
}

function helmOutput(choice: Choice, output: "helm-values" | "helm-objects"): Result<ManifestOutput> {
  const made = routerRelease(choice);
  if (!made.ok) return made;
  const { name, notes, values, objects } = made.value;
  return output === "helm-values"
    ? ok({ kind: "text", name, file: valuesFile(name), text: values, notes })
    : ok({ kind: "text", name, file: objectsFile(name), text: objects, notes });
}

/**
 * The manifests of a choice as one YAML text, as the files of a Kustomize tree, as a zip of the tree with the YAML beside it,
 * or as one of the two files for llm-d's chart. The same choice gives the same bytes.
 * @param asked what was asked for, without what follows from the platform: other platforms' overlays follow it in their way
 */
export function manifestOutput(
  choice: Choice,
  asked: AskedOptions,
  output: ManifestOutputKind,
): Result<ManifestOutput> {
  if (output === "helm-values" || output === "helm-objects") return helmOutput(choice, output);
  if (output === "docker" || output === "compose" || output === "command") {
    const made = oneMachineText(choice, output);
    return made.ok ? ok({ kind: "text", ...made.value }) : made;
  }
  const bundle = manifestBundle(choice);
  if (!bundle.ok) return bundle;
  const { name, yaml, notes } = bundle.value;
  if (output === "yaml") return ok({ kind: "text", name, file: `${name}.yaml`, text: yaml, notes });
  const tree = manifestTree(choice, asked);
  if (!tree.ok) return tree;
  const { files, notes: treeNotes } = tree.value;
  if (output === "kustomize") return ok({ kind: "kustomize", name, files, notes: treeNotes });
  const zipped = zipOf([{ path: `${name}/${name}.yaml`, text: yaml }, ...files]);
  return ok({ kind: "zip", name, bytes: zipped, notes: treeNotes });
}
