import type { KubernetesObject } from "@kubernetes/client-node";
import { ok, type Result, refused } from "../../result";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import type { AskedOptions } from "../options/manifest-options";
import { manifestPath } from "../options/option-params";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { decideChoice } from "../plan/decide-choice";
import { commented } from "../write/commented";
import { summaryLines } from "../write/manifest-header";
import { serialize } from "../write/yaml-serializer";
import type { FormText } from "./one-pod";
import { shellQuoted } from "./shell-quoted";

export const GIT_OPS_FORMS = ["argocd", "flux"] as const;
export type GitOpsForm = (typeof GIT_OPS_FORMS)[number];

/** Where the controllers look for their own objects, as their installations have it. */
const ARGO_NAMESPACE = "argocd";
const FLUX_NAMESPACE = "flux-system";
const BRANCH = "main";
const REPOSITORY = /^(?:https:\/\/[^\s@'"\\?#]+|ssh:\/\/git@[^\s@'"\\?#]+|git@[a-z0-9.-]+:[^\s@'"\\?#]+)$/i;

/** argoproj.io/v1alpha1, as far as it is written here; no published TypeScript types exist. */
interface Application extends KubernetesObject {
  spec: {
    project: string;
    source: { repoURL: string; targetRevision: string; path: string };
    destination: { server: string; namespace: string };
    syncPolicy: { automated: { prune: boolean; selfHeal: boolean }; syncOptions: string[] };
    ignoreDifferences?: { group: string; kind: string; jsonPointers: string[] }[];
  };
}

/** source.toolkit.fluxcd.io/v1 and kustomize.toolkit.fluxcd.io/v1, as far as they are written here. */
interface GitRepository extends KubernetesObject {
  spec: { interval: string; url: string; ref: { branch: string } };
}
interface FluxKustomization extends KubernetesObject {
  spec: {
    interval: string;
    retryInterval: string;
    timeout: string;
    path: string;
    prune: boolean;
    wait: boolean;
    targetNamespace: string;
    sourceRef: { kind: string; name: string };
  };
}

/**
 * The address of the manifest of a choice, from the link to its figures: the same question at the same revision.
 * @returns `null` where nobody knows this server's own address
 */
export function manifestUrl({ shareUrl, configuration }: Choice, asked: AskedOptions): string | null {
  if (shareUrl === null || !/^https?:\/\//.test(shareUrl)) return null;
  const { origin, search } = new URL(shareUrl);
  return `${origin}${manifestPath(configuration.configurationId, asked, search.slice(1))}`;
}

/** What both controllers follow: a folder of a Git repository, whose one file names the manifest's address. */
interface Followed {
  context: BundleContext;
  name: string;
  url: string;
  repository: string;
  path: string;
  namespace: string;
  notes: string[];
}

function followed(choice: Choice, asked: AskedOptions, git: string | null): Result<Followed> {
  if (git === null) {
    return refused(
      "Argo CD and Flux follow a Git repository, not an address: name the repository whose folder is to hold the link (git=https://… in an address, --git on the command line).",
    );
  }
  if (!REPOSITORY.test(git)) {
    return refused(
      `"${git.slice(0, 100)}" is no address of a Git repository: expected https://…, ssh://git@… or git@host:….`,
    );
  }
  const url = manifestUrl(choice, asked);
  if (url === null) {
    return refused(
      "The address of this server is not known, and the controller in the cluster has to fetch the manifest from it: start it with IQ_PUBLIC_URL.",
    );
  }
  const bundle = decideChoice(choice);
  if (!bundle.ok) return bundle;
  const { context, notes } = bundle.value;
  const { identity, options } = context;
  return ok({
    context,
    name: identity.name,
    url,
    repository: git,
    path: `models/${identity.name}`,
    namespace: options.namespace ?? "default",
    notes,
  });
}

/** The only file in the repository: Kustomize fetches what is named by an address. */
function kustomization({ url }: Followed): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ${JSON.stringify(url)}\n`;
}

function headerOf(source: Followed, apply: readonly string[]): string {
  const { context, path, name, repository } = source;
  return [
    ...summaryLines(context),
    "",
    `The manifest comes from its address, which says one revision of the figures and never changes: another answer is another line in ${path}/kustomization.yaml. Before, in a checkout of ${repository}:`,
    `  mkdir -p ${path}`,
    `  cat > ${path}/kustomization.yaml <<'END'`,
    ...kustomization(source)
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
    "  END",
    `  git add ${path} && git commit -m ${shellQuoted(`Serve ${name}`)} && git push`,
    "",
    "What the manifest needs of the cluster stands on top of it (the Secret hf-token among it). Then:",
    ...apply.map((line) => `  ${line}`),
  ].join("\n");
}

function argoCd(source: Followed, file: string): string {
  const { context, name, repository, path, namespace } = source;
  const scaled = AUTOSCALER_KINDS[context.options.autoscaler].object !== null;
  const application: Application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: ARGO_NAMESPACE },
    spec: commented(
      {
        project: "default",
        source: { repoURL: repository, targetRevision: BRANCH, path },
        destination: { server: "https://kubernetes.default.svc", namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ["CreateNamespace=true", "ServerSideApply=true"],
        },
        ...(scaled
          ? { ignoreDifferences: [{ group: "apps", kind: context.target.kind, jsonPointers: ["/spec/replicas"] }] }
          : {}),
      },
      { ignoreDifferences: "the autoscaler owns them" },
    ),
  };
  return serialize(
    [application],
    headerOf(source, [`kubectl apply -f ${file}`, `kubectl -n ${ARGO_NAMESPACE} get application ${name} -w`]),
  );
}

function flux(source: Followed, file: string): string {
  const { context, name, repository, path, namespace } = source;
  const repositoryObject: GitRepository = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: FLUX_NAMESPACE },
    spec: { interval: "5m", url: fluxAddress(repository), ref: { branch: BRANCH } },
  };
  const kustomizationObject: FluxKustomization = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: FLUX_NAMESPACE },
    spec: commented(
      {
        interval: "10m",
        retryInterval: "2m",
        timeout: `${context.startup.rolloutSeconds}s`,
        path: `./${path}`,
        prune: true,
        wait: true,
        targetNamespace: namespace,
        sourceRef: { kind: "GitRepository", name },
      },
      { timeout: context.startup.rolloutDerivation },
    ),
  };
  return serialize(
    [repositoryObject, kustomizationObject],
    headerOf(source, [
      ...(context.options.namespace === null ? [] : [`kubectl create namespace ${namespace}`]),
      `kubectl apply -f ${file}`,
      `kubectl -n ${FLUX_NAMESPACE} get kustomization ${name} -w`,
    ]),
  );
}

/** Flux takes no short form of an SSH address. */
function fluxAddress(repository: string): string {
  const match = /^git@([^:]+):(.+)$/.exec(repository);
  return match === null ? repository : `ssh://git@${match[1]}/${match[2]}`;
}

/**
 * What has Argo CD or Flux keep the manifest of a choice in the cluster. Both follow Git, so the repository holds one file that
 * names the manifest's address.
 * @param git address of the repository; `null` = not given
 */
export function gitOpsText(
  choice: Choice,
  asked: AskedOptions,
  form: GitOpsForm,
  git: string | null,
): Result<FormText> {
  const source = followed(choice, asked, git);
  if (!source.ok) return source;
  const { name, notes } = source.value;
  const file = `${name}.${form}.yaml`;
  const written = form === "argocd" ? argoCd : flux;
  return ok({ name, file, text: written(source.value, file), notes });
}
