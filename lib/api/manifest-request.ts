import type { AskedOptions } from "../manifests/options/manifest-options";
import { OPTION_PARAMS, parseOptionParams } from "../manifests/options/option-params";
import { MANIFEST_OUTPUTS, type ManifestOutputKind } from "../manifests/write/manifest-output";
import {
  EXPLORER_PARAM_NAMES,
  type ExplorerQuery,
  parseExplorerQuery,
  REPEATED_PARAM_NAMES,
} from "../params/explorer-params";
import { rawParams } from "../params/param";
import { ok, type Result, refused } from "../result";
import { refusedParam } from "./known-params";

/** What an address asks to be made into manifests. */
export interface ManifestRequest {
  configurationId: string;
  query: ExplorerQuery;
  /** Options of the cluster; what is left out follows from the platform. */
  asked: AskedOptions;
  output: Exclude<ManifestOutputKind, "kustomize">;
  /** Address of the Git repository that Argo CD or Flux follows; `null` = not given. */
  git: string | null;
}

/** What one request can be answered with: a tree of files needs a zip around it. */
const OUTPUTS = MANIFEST_OUTPUTS.filter((form) => form !== "kustomize");
const OWN_PARAMS = ["configuration", "output", "git"];
/** Each name in an address of manifests: what is wanted, the options, and the question it answers. */
export const MANIFEST_PARAM_NAMES: readonly string[] = [
  ...OWN_PARAMS,
  ...OPTION_PARAMS.map(({ param }) => param),
  ...EXPLORER_PARAM_NAMES,
];

/**
 * Reads which manifests an address asks for.
 * @returns the request, or what was expected instead: a parameter nobody knows, one said twice, a value that makes no sense
 */
export function parseManifestRequest(params: URLSearchParams): Result<ManifestRequest> {
  const wrongName = refusedParam(params, MANIFEST_PARAM_NAMES, REPEATED_PARAM_NAMES);
  if (wrongName !== null) return refused(wrongName);
  const raw = rawParams(params);
  const { query, problems } = parseExplorerQuery(raw);
  const options = parseOptionParams(raw);
  const [problem] = [...problems, ...options.problems];
  if (problem !== undefined) {
    return refused(`${problem.parameter}=${problem.value.slice(0, 200)}: expected ${problem.expected}`);
  }
  const configurationId = params.get("configuration") ?? "";
  if (configurationId === "") {
    return refused("configuration is missing: the id of a configuration, as rank prints it");
  }
  const form = params.get("output") ?? "yaml";
  const output = OUTPUTS.find((item) => item === form);
  if (output === undefined) {
    return refused(`output=${form.slice(0, 200)}: expected one of ${OUTPUTS.join(", ")}`);
  }
  const git = params.get("git");
  return ok({ configurationId, query, asked: options.asked, output, git: git === "" ? null : git });
}
