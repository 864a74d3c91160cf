import type { GivenFacts } from "../report";

/** Repositories of servers' images by the end of their path, without a registry. */
const SERVERS: readonly [repository: RegExp, server: string][] = [
  [/(?:^|\/)(?:vllm-openai|vllm-tpu|vllm-cpu-release-repo|vllm-dev|vllm|vllm-neuron|llm-d|llm-d-cuda)$/, "vllm"],
  [/(?:^|\/)sglang(?:-[a-z0-9]+)?$/, "sglang"],
  [/(?:^|\/)(?:tensorrt-llm\/release|tensorrt-llm|trtllm)$/, "trtllm"],
  [/(?:^|\/)text-generation-inference$/, "tgi"],
];

/** llm-d's images have versions of their own. */
const OWN_VERSIONS = /(?:^|\/)llm-d(?:-cuda)?$/;

/** Server and version an image's name says: `vllm/vllm-openai:v0.22.0` → vLLM 0.22.0. What it does not say is left out. */
export function imageFacts(image: string): Pick<GivenFacts, "server" | "serverVersion"> {
  const [named = ""] = image.split("@");
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const repository = (hasTag ? named.slice(0, colon) : named).toLowerCase();
  const tag = hasTag ? named.slice(colon + 1) : "";
  const server = SERVERS.find(([pattern]) => pattern.test(repository))?.[1];
  if (server === undefined) return {};
  // Tags that name more than one version say of which server this one is: `rocm6.4.1_vllm_0.10.0_20250812`.
  const version =
    /^v?(\d+\.\d+(?:\.\d+)?(?:\.?(?:rc|post|dev|a|b)\d+)*)(?![\d.]*\d)/.exec(tag)?.[1] ??
    new RegExp(`(?:^|[_-])(?:${server})[_-]v?(\\d+\\.\\d+(?:\\.\\d+)?(?:\\.?(?:rc|post)\\d+)*)`, "i").exec(tag)?.[1];
  return { server, ...(version === undefined || OWN_VERSIONS.test(repository) ? {} : { serverVersion: version }) };
}
