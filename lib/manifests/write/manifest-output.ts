import { strToU8, zipSync } from "fflate";
import { ok, type Result, refused } from "../../result";
import { GIT_OPS_FORMS, gitOpsText } from "../forms/git-ops";
import { inferenceServiceText, llmInferenceServiceText } from "../forms/kserve";
import { MACHINE_FORMS, nodePoolText } from "../forms/machines";
import { ONE_MACHINE_FORMS, oneMachineText } from "../forms/one-machine";
import type { FormText } from "../forms/one-pod";
import { productionStackText } from "../forms/production-stack";
import { objectsFile, valuesFile } from "../helm/chart";
import { routerRelease } from "../helm/release";
import type { AskedOptions } from "../options/manifest-options";
import type { Choice } from "../plan/choice";
import type { ManifestFile } from "./kustomize-tree";
import { manifestTree } from "./manifest-tree";
import { manifestBundle } from "./manifest-yaml";
import { sharedFile } from "./shared-text";

/**
 * How manifests for a cluster come out: one YAML, a Kustomize tree, both in one zip, or, where llm-d's chart brings the
 * router, its values and the objects beside them.
 */
export const CLUSTER_OUTPUTS = ["yaml", "kustomize", "zip", "helm-values", "helm-objects"] as const;

/** The same pod for a controller or a chart of others, which makes Deployments and Services of it. */
export const CONTROLLER_FORMS = ["inference-service", "llm-inference-service", "production-stack"] as const;

/**
 * How a choice comes out: for a cluster, for a controller of others in it, as what keeps it there from Git, as its machines, or as
 * one replica for one machine without Kubernetes.
 */
export const MANIFEST_OUTPUTS = [
  ...CLUSTER_OUTPUTS,
  // What a bundle needs that is one for its whole cluster.
  "shared",
  ...CONTROLLER_FORMS,
  ...GIT_OPS_FORMS,
  ...MACHINE_FORMS,
  ...ONE_MACHINE_FORMS,
] as const;
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

/** A form that is one text by itself; `null` = the output is none of these. */
function formOutput(
  choice: Choice,
  asked: AskedOptions,
  output: ManifestOutputKind,
  git: string | null,
): Result<FormText> | null {
  switch (output) {
    case "docker":
    case "compose":
    case "command":
      return oneMachineText(choice, output);
    case "inference-service":
      return inferenceServiceText(choice);
    case "llm-inference-service":
      return llmInferenceServiceText(choice);
    case "production-stack":
      return productionStackText(choice);
    case "argocd":
    case "flux":
      return gitOpsText(choice, asked, output, git);
    case "node-pool":
    case "terraform":
      return nodePoolText(choice, output);
    default:
      return null;
  }
}

/**
 * The manifests of a choice as one YAML text, as the files of a Kustomize tree, as a zip of the tree with the YAML beside it,
 * as one of the two files for llm-d's chart, or in one of the forms for others. The same choice gives the same bytes.
 * @param asked what was asked for, without what follows from the platform: other platforms' overlays follow it in their way
 * @param git address of the repository Argo CD or Flux follows; `null` = not given
 */
export function manifestOutput(
  choice: Choice,
  asked: AskedOptions,
  output: ManifestOutputKind,
  git: string | null = null,
): Result<ManifestOutput> {
  if (output === "helm-values" || output === "helm-objects") return helmOutput(choice, output);
  const form = formOutput(choice, asked, output, git);
  if (form !== null) return form.ok ? ok({ kind: "text", ...form.value }) : form;
  const bundle = manifestBundle(choice);
  if (!bundle.ok) return bundle;
  const { name, yaml, shared, notes } = bundle.value;
  if (output === "yaml") return ok({ kind: "text", name, file: `${name}.yaml`, text: yaml, notes });
  if (output === "shared") {
    return shared === null
      ? refused("This choice needs no object that the whole cluster shares (a StorageClass, a GatewayClass).")
      : ok({ kind: "text", name, file: sharedFile(name), text: shared, notes: [] });
  }
  const tree = manifestTree(choice, asked);
  if (!tree.ok) return tree;
  const { files, notes: treeNotes } = tree.value;
  if (output === "kustomize") return ok({ kind: "kustomize", name, files, notes: treeNotes });
  const zipped = zipOf([{ path: `${name}/${name}.yaml`, text: yaml }, ...files]);
  return ok({ kind: "zip", name, bytes: zipped, notes: treeNotes });
}
