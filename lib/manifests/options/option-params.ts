import type { Accelerator } from "../../catalogue/catalogue";
import { type ParamProblem, type RawParams, type Refuse, textsOf } from "../../params/param";
import { MANAGED_ON } from "../monitoring/gmp";
import { defaultPlatformWords, PLATFORM_IDS, platformNames } from "../platforms/all";
import { completeOptions } from "./complete-options";
import {
  type AskedOptions,
  AUTOSCALERS,
  CONTEXTS,
  clusterVersionText,
  DEVICE_ACCESSES,
  GATEWAYS,
  type ManifestOptions,
  METRICS_SOURCES,
  MONITORINGS,
  parseClusterVersion,
  SIGNALS,
  STORAGES,
} from "./manifest-options";
import { OPTION_NAMES } from "./option-names";

/** One option as an address and the command line write it. */
export interface OptionParam {
  option: keyof ManifestOptions;
  /** Name in an address. */
  param: string;
  /** On the command line. */
  flag: string;
  /** Its values; `null` = free text, see `expected`. */
  values: readonly string[] | null;
  expected: string;
  help: string;
}

function choice(option: OptionParam["option"], flag: string, values: readonly string[], help: string): OptionParam {
  return { option, param: OPTION_NAMES[option], flag, values, expected: `one of ${values.join(", ")}`, help };
}

const SWITCH = ["0", "1"] as const;

/** Every option, in the order addresses and help list them. The one definition for page, HTTP and command line. */
export const OPTION_PARAMS: readonly OptionParam[] = [
  choice("platform", "--platform", PLATFORM_IDS, `where the cluster runs; otherwise ${defaultPlatformWords()}`),
  {
    option: "clusterVersion",
    param: OPTION_NAMES.clusterVersion,
    flag: "--cluster-version",
    values: null,
    expected: "a Kubernetes version such as 1.34",
    help: "Kubernetes version of the cluster, 1.30 or later; decides what may be emitted (DRA 1.34, image volumes 1.35); otherwise 1.34",
  },
  choice(
    "deviceAccess",
    "--device-access",
    DEVICE_ACCESSES,
    "device plugin, or Dynamic Resource Allocation (Kubernetes 1.34 and a DRA driver)",
  ),
  choice(
    "context",
    "--context",
    CONTEXTS,
    "longest request: by the measured lengths, or the model's own where memory holds it (another figure is to be expected)",
  ),
  choice(
    "answerParsers",
    "--answer-parsers",
    SWITCH,
    "the server splits reasoning and tool calls from answers, where the model's recipe says how; otherwise 1",
  ),
  choice("autoscaler", "--autoscaler", AUTOSCALERS, "none, a HorizontalPodAutoscaler, or KEDA's ScaledObject"),
  choice(
    "metrics",
    "--metrics",
    METRICS_SOURCES,
    `where the autoscaler reads: prometheus-adapter, Google Managed Prometheus (${MANAGED_ON}), KEDA's own scaler`,
  ),
  choice(
    "signal",
    "--signal",
    SIGNALS,
    "what it watches: requests running, queue length, KV-cache use; auto chooses by what was measured",
  ),
  choice("gateway", "--gateway", GATEWAYS, "inference-aware routing through Gateway API and its inference extension"),
  choice("storage", "--storage", STORAGES, "where the weights come from"),
  {
    option: "storageSource",
    param: OPTION_NAMES.storageSource,
    flag: "--storage-source",
    values: null,
    expected: "a bucket, claim or image, as the storage names it",
    help: "what holds the weights, for every storage but hub, e.g. gs://my-models/llama-3.1-8b",
  },
  choice(
    "monitoring",
    "--monitoring",
    MONITORINGS,
    "scrape objects, alerts at the targets and a dashboard, for the Prometheus operator or Google Managed Prometheus",
  ),
  choice(
    "benchmarkJob",
    "--benchmark-job",
    SWITCH,
    "an inference-perf Job that repeats the measurement against the new deployment (a default StorageClass, a way to Hugging Face)",
  ),
  choice(
    "networkPolicy",
    "--network-policy",
    SWITCH,
    "a NetworkPolicy that lets in what must come in (a network plugin that enforces it)",
  ),
  choice(
    "inferenceObjective",
    "--inference-objective",
    SWITCH,
    "with a gateway, an InferenceObjective: a priority that requests can name (its definition, which no gateway brings)",
  ),
  {
    option: "namespace",
    param: OPTION_NAMES.namespace,
    flag: "--namespace",
    values: null,
    expected: "a namespace's name",
    help: "written into every object; otherwise kubectl apply -n decides",
  },
  {
    option: "rdmaResource",
    param: OPTION_NAMES.rdmaResource,
    flag: "--rdma-resource",
    values: null,
    expected: "an extended resource such as rdma/ib",
    help: `what pods of a replica over several machines, and prefill and decode servers, ask for to reach each other by RDMA, e.g. rdma/ib (its device plugin; not with ${platformNames(({ unwrittenRdma }) => unwrittenRdma !== undefined)})`,
  },
  {
    option: "clusterName",
    param: OPTION_NAMES.clusterName,
    flag: "--cluster-name",
    values: null,
    expected: "the cluster's name",
    help: "stands in the commands; with eks-karpenter a node class of the bundle's own is written for it",
  },
];

const SWITCHES = ["answerParsers", "benchmarkJob", "inferenceObjective", "networkPolicy"] as const;

/** Whether an option is on or off. */
export function isSwitch(option: keyof ManifestOptions): option is (typeof SWITCHES)[number] {
  return SWITCHES.some((name) => name === option);
}

/** Options an address asks for; what makes no sense is reported and left out. Whether they fit together is decided later. */
export function parseOptionParams(raw: RawParams): { asked: AskedOptions; problems: ParamProblem[] } {
  const asked: Record<string, unknown> = {};
  const problems: ParamProblem[] = [];
  for (const { option, param, values, expected } of OPTION_PARAMS) {
    const refuse: Refuse = (value, wanted) =>
      problems.push({ parameter: param, value: value.slice(0, 200), expected: wanted });
    const [text] = textsOf(raw, { name: param, isRepeated: false }, refuse);
    if (text === undefined) continue;
    const value = optionValue(option, text, values);
    if (value === undefined) refuse(text, expected);
    else asked[option] = value;
  }
  return { asked: asked as AskedOptions, problems };
}

function optionValue(option: keyof ManifestOptions, text: string, values: readonly string[] | null): unknown {
  if (isSwitch(option)) {
    return text === "1" ? true : text === "0" ? false : undefined;
  }
  if (option === "clusterVersion") return parseClusterVersion(text) ?? undefined;
  if (values !== null) return values.find((value) => value === text);
  return text.length <= 500 ? text : undefined;
}

/** The options that were asked for as a search string without `?`, in one order; `""` where none was. */
export function serializeOptionParams(asked: AskedOptions): string {
  const params = new URLSearchParams();
  for (const { option, param } of OPTION_PARAMS) {
    const value = asked[option];
    if (value === undefined || value === null) continue;
    params.set(
      param,
      typeof value === "boolean" ? (value ? "1" : "0") : typeof value === "object" ? clusterVersionText(value) : value,
    );
  }
  return params.toString();
}

/** The path of a configuration's manifest. @param search of its question, without `?` */
export function manifestPath(configurationId: string, asked: AskedOptions, search: string): string {
  const parts = [`configuration=${encodeURIComponent(configurationId)}`, serializeOptionParams(asked), search];
  return `/api/v1/manifests?${parts.filter(Boolean).join("&")}`;
}

/** Without what would have been so anyway: equal options have equal addresses. */
export function canonicalOptions(asked: AskedOptions, accelerator: Accelerator): AskedOptions {
  const canonical: AskedOptions = { ...asked };
  const whole = JSON.stringify(completeOptions(asked, accelerator));
  for (const { option } of OPTION_PARAMS) {
    if (canonical[option] === undefined) continue;
    const without = { ...canonical, [option]: undefined };
    if (JSON.stringify(completeOptions(without, accelerator)) === whole) delete canonical[option];
  }
  return canonical;
}
