import { execFile } from "node:child_process";
import type { InspectedKind } from "../../lib/cluster/cluster-facts";
import { ok, type Result, refused } from "../../lib/result";

/** What is asked of the cluster; `resource` as kubectl names it. Reading only. */
const ASKED: readonly { kinds: readonly InspectedKind[]; resource: string; isNamespaced?: boolean }[] = [
  { kinds: ["Node"], resource: "nodes" },
  { kinds: ["Pod"], resource: "pods", isNamespaced: true },
  { kinds: ["Namespace"], resource: "namespaces" },
  { kinds: ["CustomResourceDefinition"], resource: "customresourcedefinitions.apiextensions.k8s.io" },
  { kinds: ["StorageClass"], resource: "storageclasses.storage.k8s.io" },
  { kinds: ["DeviceClass"], resource: "deviceclasses.resource.k8s.io" },
  { kinds: ["ResourceSlice"], resource: "resourceslices.resource.k8s.io" },
  { kinds: ["GatewayClass"], resource: "gatewayclasses.gateway.networking.k8s.io" },
  { kinds: ["Gateway"], resource: "gateways.gateway.networking.k8s.io", isNamespaced: true },
  { kinds: ["PriorityClass"], resource: "priorityclasses.scheduling.k8s.io" },
  { kinds: ["ResourceQuota"], resource: "resourcequotas", isNamespaced: true },
  { kinds: ["APIService"], resource: "apiservices.apiregistration.k8s.io" },
];

/** What runs model servers. */
const WORKLOADS = ["deployments.apps", "statefulsets.apps", "leaderworkersets.leaderworkerset.x-k8s.io"] as const;

/** For one question; a large cluster prints its pods in some seconds. */
const TIME_LIMIT_MS = 60 * 1000;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** What kubectl printed, and which kinds were asked for and answered. */
export interface KubectlOutput {
  text: string;
  asked: InspectedKind[];
  /** What could not be asked, as whole sentences. */
  problems: string[];
}

/**
 * Asks a cluster through kubectl, reading only: nothing is changed there, and nothing of the answer is kept.
 * @param context of the kubeconfig; `null` = the current one
 * @returns what was printed, or why kubectl could not be asked at all
 */
export async function askCluster(context: string | null): Promise<Result<KubectlOutput>> {
  const version = await kubectl(["version", "-o", "json"], context);
  if (version.missing) {
    return refused("kubectl was not found: install it, or give --file with what it prints (- reads standard input).");
  }
  if (version.error !== null && !version.text.includes("serverVersion")) {
    return refused(`kubectl reaches no cluster: ${version.error}`);
  }
  const output: KubectlOutput = { text: version.text, asked: [], problems: [] };
  for (const { kinds, resource, isNamespaced } of ASKED) {
    const answer = await kubectl(["get", resource, ...(isNamespaced ? ["-A"] : []), "-o", "json"], context);
    // A resource the cluster does not have is known: there are none.
    const isAbsent =
      answer.error !== null && /doesn't have a resource type|could not find the requested resource/.test(answer.error);
    if (answer.error === null || isAbsent) output.asked.push(...kinds);
    if (answer.error === null) output.text += `\n${answer.text}`;
    else if (!isAbsent) output.problems.push(`${resource} could not be read: ${answer.error}`);
  }
  return ok(output);
}

/** Objects that may run model servers, of every namespace or of one, as kubectl prints them. */
export async function askForWorkloads(context: string | null, namespace: string | null): Promise<Result<string>> {
  let text = "";
  const problems: string[] = [];
  for (const resource of WORKLOADS) {
    const where = namespace === null ? ["-A"] : ["-n", namespace];
    const answer = await kubectl(["get", resource, ...where, "-o", "json"], context);
    if (answer.missing) {
      return refused("kubectl was not found: install it, or give --file with what it prints (- reads standard input).");
    }
    if (answer.error === null) text += `\n${answer.text}`;
    else problems.push(answer.error);
  }
  return text === "" ? refused(`kubectl could read nothing that runs servers: ${problems[0]}`) : ok(text);
}

function kubectl(
  given: readonly string[],
  context: string | null,
): Promise<{ text: string; error: string | null; missing: boolean }> {
  const words = context === null ? [...given] : ["--context", context, ...given];
  return new Promise((resolve) => {
    const options = { encoding: "utf8" as const, timeout: TIME_LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES };
    execFile("kubectl", words, options, (error, stdout, stderr) => {
      const isMissing = error !== null && "code" in error && error.code === "ENOENT";
      const said = stderr.trim().split("\n").at(-1) ?? "";
      const reason = error === null ? null : said === "" ? error.message : said;
      resolve({ text: stdout, error: reason, missing: isMissing });
    });
  });
}
