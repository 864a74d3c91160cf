import type { ManifestOptions } from "./manifest-options";
import type { ListedOption, TextOption } from "./option-choices";
import { OPTION_NAMES } from "./option-names";

/** One question of the page. */
export interface OptionQuestion {
  /** Name in an address. */
  param: string;
  label: string;
  field: { kind: "list" | "switch"; option: ListedOption } | { kind: "text"; option: TextOption; example: string };
}

export interface QuestionGroup {
  title: string;
  questions: readonly OptionQuestion[];
}

function list(option: ListedOption, label: string): OptionQuestion {
  return { param: OPTION_NAMES[option], label, field: { kind: "list", option } };
}

function onOff(option: ListedOption, label: string): OptionQuestion {
  return { param: OPTION_NAMES[option], label, field: { kind: "switch", option } };
}

function text(option: TextOption, label: string, example: string): OptionQuestion {
  return { param: OPTION_NAMES[option], label, field: { kind: "text", option, example } };
}

/** Asks for the name of what holds the weights. */
export const SOURCE_LABEL = "Where exactly";

/** Every question, in the order a person answers them. */
export const QUESTION_GROUPS: readonly QuestionGroup[] = [
  {
    title: "Cluster",
    questions: [
      list("platform", "Platform"),
      list("clusterVersion", "Kubernetes version"),
      list("deviceAccess", "Accelerators by"),
      text("namespace", "Namespace", "as kubectl is set"),
      text("clusterName", "Cluster name", "for commands"),
      text("rdmaResource", "RDMA resource", "rdma/ib"),
    ],
  },
  {
    title: "Model",
    questions: [
      list("storage", "Weights from"),
      text("storageSource", SOURCE_LABEL, ""),
      list("context", "Longest request"),
      onOff("answerParsers", "Reasoning and tool calls"),
    ],
  },
  {
    title: "Traffic",
    questions: [
      list("autoscaler", "Autoscaler"),
      list("metrics", "Its metrics from"),
      list("signal", "It watches"),
      list("gateway", "Gateway"),
      onOff("networkPolicy", "NetworkPolicy"),
      onOff("inferenceObjective", "InferenceObjective"),
    ],
  },
  {
    title: "Proof",
    questions: [list("monitoring", "Monitoring"), onOff("benchmarkJob", "Benchmark Job")],
  },
];

/** What a switch stands for, one line. */
export const SWITCH_HELP: { [K in keyof ManifestOptions]?: string } = {
  answerParsers: "Split from answers, where the model's recipe says how",
  inferenceObjective: "A priority requests can name; with a gateway, and its definition in the cluster",
  networkPolicy: "Lets in clients, gateway and monitoring, nothing else",
  benchmarkJob: "Repeats the measurement in the cluster and sends its report here",
};
