import type { ManifestOptions } from "../options/manifest-options";

/** Names a shell takes as one word anywhere in a command. */
const SHELL_SAFE = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;

/** A name from data, if it is safe in a command; else a word in capitals for the reader to replace. */
export function shellWord(name: string, placeholder: string): string {
  return SHELL_SAFE.test(name) ? name : placeholder;
}

/** The cluster's name in a command, or a word to replace. */
export function clusterWord({ clusterName }: Pick<ManifestOptions, "clusterName">): string {
  return clusterName ?? "CLUSTER";
}

/** ` -n NAMESPACE` for a command of kubectl or Helm, or nothing. */
export function namespaceFlag({ namespace }: Pick<ManifestOptions, "namespace">): string {
  return namespace === null ? "" : ` -n ${namespace}`;
}

/** `kubectl`, in the namespace of the bundle where it has one. */
export function kubectlFor(options: Pick<ManifestOptions, "namespace">): string {
  return `kubectl${namespaceFlag(options)}`;
}

/** curl for pods: to send the report of a benchmark, to ask through a gateway. */
export const CURL_IMAGE = "docker.io/curlimages/curl:8.16.0";
