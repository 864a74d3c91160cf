import { strToU8, zipSync } from "fflate";
import { manifestBundle, manifestTree } from "./bundle";
import type { ManifestFile } from "./kustomize";
import type { AskedOptions } from "./options";
import type { Choice } from "./types";

/** How manifests come out: one YAML, a Kustomize tree, or both in one zip. */
export const MANIFEST_OUTPUTS = ["yaml", "kustomize", "zip"] as const;
export type ManifestOutputKind = (typeof MANIFEST_OUTPUTS)[number];

/** Manifests in one form, or why there are none. Paths are below a folder named as the bundle. */
export type ManifestOutput =
  | { kind: "yaml"; name: string; text: string; notes: string[] }
  | { kind: "kustomize"; name: string; files: ManifestFile[]; notes: string[] }
  | { kind: "zip"; name: string; bytes: Uint8Array<ArrayBuffer>; notes: string[] }
  | { kind: "refused"; reason: string };

/** The earliest a zip can say, in local time as zip has it: the same bytes today and next year, here and elsewhere. */
const ZIP_TIME = new Date(1980, 0, 1);

function zipOf(files: readonly ManifestFile[]): Uint8Array<ArrayBuffer> {
  const entries = Object.fromEntries(files.map(({ path, text }) => [path, strToU8(text)]));
  return new Uint8Array(zipSync(entries, { level: 9, mtime: ZIP_TIME }));
}

/**
 * The manifests of a choice as one YAML text, as the files of a Kustomize tree, or as a zip of the tree with the YAML beside
 * it. The same choice gives the same bytes.
 * @param asked what was asked for, without what follows from the platform: other platforms' overlays follow it in their way
 */
export function manifestOutput(choice: Choice, asked: AskedOptions, output: ManifestOutputKind): ManifestOutput {
  const bundle = manifestBundle(choice);
  if (bundle.kind === "refused") return bundle;
  const { name } = bundle;
  if (output === "yaml") return { kind: "yaml", name, text: bundle.yaml, notes: bundle.notes };
  const tree = manifestTree(choice, asked);
  if (tree.kind === "refused") return tree;
  if (output === "kustomize") return { kind: "kustomize", name, files: tree.files, notes: tree.notes };
  const files = [{ path: `${name}/${name}.yaml`, text: bundle.yaml }, ...tree.files];
  return { kind: "zip", name, bytes: zipOf(files), notes: tree.notes };
}
