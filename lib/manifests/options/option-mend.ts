import type { Accelerator } from "../../catalogue/catalogue";
import { gatewayProblemOn } from "../gateways/all";
import { platformOf } from "../platforms/all";
import { generic } from "../platforms/generic";
import { completeOptions } from "./complete-options";
import type { AskedOptions, ManifestOptions } from "./manifest-options";
import { optionConflicts } from "./option-conflicts";
import { optionLabel } from "./option-labels";
import { canonicalOptions } from "./option-params";

/** Options with which there is a manifest where there was none, and what was changed, in words. */
export interface Mend {
  asked: AskedOptions;
  /** `autoscaler none, monitoring none`. */
  words: string;
}

/** What can be left out, one after the other and together: fewest first. */
const LEFT_OUT: readonly Partial<ManifestOptions>[] = [
  {},
  { benchmarkJob: false },
  { autoscaler: "none" },
  { monitoring: "none" },
  { gateway: "none" },
  { autoscaler: "none", monitoring: "none" },
  { autoscaler: "none", monitoring: "none", gateway: "none" },
  { autoscaler: "none", monitoring: "none", gateway: "none", benchmarkJob: false },
];

/** Named as most RDMA device plugins do; the reader's cluster may say otherwise. */
const USUAL_RDMA_RESOURCE = "rdma/ib";

const WORDS: { [K in keyof ManifestOptions]?: string } = {
  platform: "platform",
  deviceAccess: "accelerators by",
  clusterVersion: "Kubernetes version",
  metrics: "metrics from",
  storage: "weights from",
  benchmarkJob: "no benchmark Job",
  autoscaler: "autoscaler",
  monitoring: "monitoring",
  gateway: "gateway",
  namespace: "no namespace",
  rdmaResource: "no RDMA resource",
  clusterName: "no cluster name",
};

function word(option: keyof ManifestOptions, value: ManifestOptions[keyof ManifestOptions]): string {
  const name = WORDS[option] ?? option;
  if (value === false || value === null) return name;
  if (option === "rdmaResource") return `RDMA resource ${value} (or as your nodes name it)`;
  return typeof value === "string" ? `${name} ${optionLabel(option, value)?.label ?? value}` : name;
}

/** What was changed, as a reader would do it; what only follows from it is left out. */
function wordsOf(before: AskedOptions, after: AskedOptions, accelerator: Accelerator): string {
  const [was, is] = [completeOptions(before, accelerator), completeOptions(after, accelerator)];
  const changed = (Object.keys(is) as (keyof ManifestOptions)[]).filter(
    (option) =>
      option !== "storageSource" &&
      JSON.stringify(was[option]) !== JSON.stringify(is[option]) &&
      (before[option] ?? null) !== (after[option] ?? null),
  );
  return changed.map((option) => word(option, is[option])).join(", ");
}

/** All that separate prefill and decode servers need, which their refusal asks for. */
function forSeparateServers(options: ManifestOptions): Partial<ManifestOptions> {
  const chosen = platformOf(options);
  const platform = chosen.unwrittenRdma === undefined ? chosen : generic;
  const keepsGateway = options.gateway !== "none" && gatewayProblemOn(options.gateway, platform) === null;
  return {
    autoscaler: "none",
    monitoring: "none",
    benchmarkJob: false,
    ...(platform === chosen ? {} : { platform: platform.id }),
    ...(keepsGateway ? {} : { gateway: "istio" }),
    ...(options.rdmaResource === null ? { rdmaResource: USUAL_RDMA_RESOURCE } : {}),
  };
}

/** What was asked for without the answers that are at odds with the others. */
function withoutConflicts(asked: AskedOptions, accelerator: Accelerator): AskedOptions {
  let left = asked;
  for (const _ of Object.keys(asked)) {
    const [conflict] = optionConflicts(completeOptions(left, accelerator), accelerator);
    if (conflict === undefined) return left;
    // A storage whose source was not named cannot be had: the storage itself is dropped, not the missing source.
    const dropped = (left[conflict.option] ?? null) === null && conflict.option === "storageSource" ? "storage" : null;
    left = { ...left, [dropped ?? conflict.option]: undefined };
  }
  return left;
}

/**
 * The least that has to be changed for there to be a manifest; `null` where nothing that is tried helps.
 * @param refusal why a bundle with these options is refused; `null` if it is not
 */
export function mendedOptions(
  asked: AskedOptions,
  accelerator: Accelerator,
  refusal: (options: ManifestOptions) => string | null,
): Mend | null {
  const fitting = withoutConflicts(asked, accelerator);
  for (const base of fitting === asked ? [asked] : [asked, fitting]) {
    const present = completeOptions(base, accelerator);
    for (const changes of [...LEFT_OUT, forSeparateServers(present)]) {
      const needed = Object.fromEntries(
        Object.entries(changes).filter(([option, value]) => present[option as keyof ManifestOptions] !== value),
      );
      const changed = { ...base, ...needed };
      if (refusal(completeOptions(changed, accelerator)) === null) {
        return { asked: canonicalOptions(changed, accelerator), words: wordsOf(asked, changed, accelerator) };
      }
    }
  }
  return null;
}
