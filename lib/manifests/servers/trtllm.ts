import { createHash } from "node:crypto";
import type { V1ConfigMap } from "@kubernetes/client-node";
import type { SettingValues } from "../../measurement/settings";
import { ok, type Result, refused } from "../../result";
import { serverLabel } from "../../words";
import type { Deployable } from "../plan/choice";
import { type MeasuredShape, type ReplicaLayout, sizesDiffer } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServerSignals } from "../plan/server-plan";
import { shutdown } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { yamlText } from "../write/yaml-serializer";
import { parserArguments } from "./answer-parsers";
import { addMaximumLength, type LengthFlag } from "./length-flags";
import {
  type CarriedSettings,
  carriedSettings,
  departuresOf,
  withMeasured,
  withMeasuredEnvironment,
} from "./measured-settings";
import { runsOwnCode } from "./model-facts";
import {
  HTTP_PORT,
  literalArgument,
  type ModelServer,
  NO_SERVICE_LINKS,
  type ServerRequest,
  storageFlagProblem,
} from "./server";
import { mtpTokens } from "./speculative";
import { exportsLoad, type TrtllmImage, trtllmImage } from "./trtllm-image";
import { TRTLLM_SPELLING } from "./trtllm-spelling";
import { NVIDIA_ROOT } from "./users";

const NAME = "trtllm";
const LABEL = serverLabel(NAME);

const OPTIONS_DIRECTORY = "/etc/trtllm";
const OPTIONS_FILE = "options.yaml";
const OPTIONS_SUFFIX = "-config";
const SPECULATIVE_SETTING = "speculative_config";
/** Set by the image's entrypoint, which our own command replaces. The last folder holds GKE's drivers. */
const LIBRARY_PATH = "/usr/local/tensorrt/lib:/usr/local/cuda/lib64:/usr/local/nvidia/lib64";

const LENGTH: LengthFlag = {
  name: "--max_seq_len",
  unknown: "If the model does not start for want of KV cache, set it to the longest request you expect",
};

/** Options of the LLM API that have no flag. */
interface LlmOptions {
  enable_attention_dp?: true;
  speculative_config?: { decoding_type: "MTP"; num_nextn_predict_layers: number };
  return_perf_metrics?: true;
  enable_iter_perf_stats?: true;
}

/**
 * TensorRT-LLM: `--tp_size` counts every device of a pipeline stage; experts spread over a divisor of it. Data parallel
 * exists as attention data-parallel alone, one rank a device, reported either as `tpN-epN-dpattn` or as `tp1-dpN`.
 */
function trtllmLayout(shape: MeasuredShape): Result<ReplicaLayout> {
  const { label, measuredReplicas, accelerators, devices, tensor, pipeline } = shape;
  const data = shape.data ?? 1;
  const attention = shape.dataParallelAttention || data > 1;
  const ranks = attention && tensor === 1 ? data : tensor;
  if (attention && data > 1 && tensor !== 1 && tensor !== data) {
    return refused(
      `TensorRT-LLM runs attention data-parallel with one rank a device; "${label}" has ${data} ranks for ${tensor} devices, which cannot be asked for.`,
    );
  }
  if (ranks * pipeline !== devices) return sizesDiffer(shape);
  const expert = shape.expert ?? 1;
  if (ranks % expert !== 0) {
    return refused(
      `TensorRT-LLM spreads experts over a divisor of its ${ranks} tensor-parallel ranks; the measured expert parallel size ${expert} cannot be asked for.`,
    );
  }
  return ok({
    measuredReplicas,
    accelerators,
    tensor: ranks,
    pipeline,
    // One executor schedules for all ranks.
    data: 1,
    expertParallel: expert > 1,
    expert,
    dataParallelAttention: attention && ranks > 1,
  });
}

function llmOptions(
  { choice, layout }: ServerRequest,
  image: TrtllmImage,
  measured: SettingValues | null,
): SettingValues {
  const tokens = mtpTokens(choice.configuration, SPECULATIVE_SETTING);
  const predicted = tokens.ok ? tokens.value : null;
  const comments: { [K in keyof LlmOptions]?: string } = {
    enable_attention_dp: "measured with attention data-parallel: one rank a GPU",
    speculative_config: `measured with ${choice.configuration.speculative}: the model's own layer predicts further tokens`,
    return_perf_metrics: "without these two there are no metrics to scale, route or alert by",
  };
  const options: LlmOptions = {
    ...(layout.dataParallelAttention ? { enable_attention_dp: true } : {}),
    ...(predicted === null || measured?.speculative_config !== undefined
      ? {}
      : { speculative_config: { decoding_type: "MTP", num_nextn_predict_layers: predicted } }),
    ...(exportsLoad(image) ? { return_perf_metrics: true, enable_iter_perf_stats: true } : {}),
  };
  const own: SettingValues = { ...options };
  const rest = Object.entries(measured ?? {}).filter(([name]) => !Object.hasOwn(own, name));
  const reasons = Object.fromEntries(rest.map(([name]) => [name, "measured"]));
  return commented({ ...own, ...Object.fromEntries(rest) }, { ...comments, ...reasons });
}

function trtllmArguments(request: ServerRequest, image: TrtllmImage, hasOptions: boolean, measured: CarriedSettings) {
  const { choice, layout, weights } = request;
  const { configuration } = choice;
  const notes: string[] = [];
  const leftOut = measured.isKnown
    ? []
    : ["no batch sizes and no KV-cache fraction: what was measured is not recorded"];
  const list: Argument[] = [
    { origin: "run", value: literalArgument(request.model) },
    ...(exportsLoad(image)
      ? [
          {
            origin: "run" as const,
            value: `--served_model_name=${literalArgument(configuration.model)}`,
            why: "the name clients send; the first argument is what is loaded",
          },
        ]
      : []),
    {
      origin: "run",
      value: "--host=0.0.0.0",
      why: "by default the server listens on localhost only, where no probe reaches it",
    },
    { origin: "run", value: `--port=${HTTP_PORT}` },
    { origin: "measurement", value: "--backend=pytorch" },
    { origin: "measurement", value: `--tp_size=${layout.tensor}` },
  ];
  if (layout.pipeline > 1) list.push({ origin: "measurement", value: `--pp_size=${layout.pipeline}` });
  if (layout.expertParallel) list.push({ origin: "measurement", value: `--ep_size=${layout.expert}` });
  list.push(...weights.arguments);
  addMaximumLength(request, LENGTH, { list, leftOut, notes });
  if (request.options.answerParsers) {
    const parsers = parserArguments(NAME, configuration.model, image);
    list.push(...parsers.list);
    notes.push(...parsers.notes);
  }
  if (runsOwnCode(NAME, configuration.model)) {
    list.push({
      origin: "run",
      value: "--trust_remote_code",
      why: "runs Python from the model's repository, which does not load without",
    });
    notes.push("--trust_remote_code is set: this model needs it. It runs code from the model's repository.");
  }
  if (hasOptions) {
    list.push({
      origin: "run",
      value: `--extra_llm_api_options=${OPTIONS_DIRECTORY}/${OPTIONS_FILE}`,
      why: "settings that have no flag, from the ConfigMap",
    });
  }
  const merged = withMeasured(NAME, list, measured.arguments);
  return { list: merged.list, leftOut, notes, departures: merged.departures };
}

/** Gauges since 1.3.0rc12. */
export const TRTLLM_SIGNALS: ServerSignals = {
  running: "trtllm_num_requests_running",
  waiting: "trtllm_num_requests_waiting",
  kvCache: "trtllm_kv_cache_utilization",
  ttft: "trtllm_time_to_first_token_seconds",
  tpot: "trtllm_time_per_output_token_seconds",
  itl: null,
  e2e: "trtllm_e2e_request_latency_seconds",
  generatedTokens: "trtllm_generation_tokens_total",
};

/** Options that read metrics an older server does not export. */
function unreadable({ options }: Deployable): string[] {
  return [
    ...(options.autoscaler === "none" ? [] : ["the autoscaler none"]),
    ...(options.monitoring === "none" ? [] : ["the monitoring none"]),
    ...(options.gateway === "none" ? [] : ["the gateway none"]),
  ];
}

/** Name under which a server without `--served_model_name` answers: the id, or the last part of a path. */
function nameAsLoaded(model: string): string {
  return model.startsWith("/") ? (model.split("/").filter(Boolean).at(-1) ?? model) : model;
}

function plan(request: ServerRequest, image: TrtllmImage): ServerPlan {
  const { choice } = request;
  const identity = request.identity(image.tag);
  const measured = carriedSettings(choice, request.role, TRTLLM_SPELLING, "both");
  const options = llmOptions(request, image, measured.engineOptions);
  const hasOptions = Object.keys(options).length > 0;
  const file = yamlText(options);
  const args = trtllmArguments(request, image, hasOptions, measured);
  const servedModel = exportsLoad(image) ? choice.configuration.model : nameAsLoaded(request.model);
  const configMap: V1ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${identity.name}${OPTIONS_SUFFIX}`, labels: identity.labels },
    data: { [OPTIONS_FILE]: file },
  };
  return {
    name: NAME,
    label: LABEL,
    engineType: "trtllm-serve",
    inferencePerfType: "vllm",
    noServiceLinksReason: NO_SERVICE_LINKS,
    servedModel,
    image,
    command: ["trtllm-serve", "serve"],
    commandComment: "said in full: what the image's entrypoint sets besides is LD_LIBRARY_PATH",
    arguments: args.list,
    leftOut: args.leftOut,
    departures: departuresOf(request, image, measured, args.departures),
    environment: withMeasuredEnvironment(
      [
        commented(
          { name: "LD_LIBRARY_PATH", value: LIBRARY_PATH },
          { name: "the image's entrypoint sets it, which the command here takes the place of" },
        ),
      ],
      measured.environment,
    ),
    port: HTTP_PORT,
    metricsPath: "/prometheus/metrics",
    hasMetrics: exportsLoad(image),
    probes: { startup: "/health", readiness: "/v1/models", liveness: "/health" },
    signals: TRTLLM_SIGNALS,
    user: NVIDIA_ROOT,
    objects: hasOptions ? [configMap] : [],
    volumes: hasOptions ? [{ name: "options", configMap: { name: `${identity.name}${OPTIONS_SUFFIX}` } }] : [],
    volumeMounts: hasOptions ? [{ name: "options", mountPath: OPTIONS_DIRECTORY, readOnly: true }] : [],
    podAnnotations: hasOptions
      ? { "inference-quickstart.dev/options-sha256": createHash("sha256").update(file).digest("hex") }
      : {},
    notes: [
      ...(image.asMeasured ? [] : [image.reason]),
      ...(exportsLoad(image)
        ? []
        : [
            `TensorRT-LLM ${image.tag} exports no load (it does from 1.3.0rc12 on): no autoscaler, gateway or dashboard can read it, and there is none here.`,
          ]),
      ...(servedModel === choice.configuration.model
        ? []
        : [`Clients name the model ${servedModel}: TensorRT-LLM ${image.tag} has no --served_model_name.`]),
      ...args.notes,
    ],
  };
}

/** TensorRT-LLM (`trtllm-serve`, PyTorch backend) on NVIDIA GPUs. */
export const trtllm: ModelServer = {
  name: NAME,
  label: LABEL,
  refusal(choice) {
    const { configuration, accelerator } = choice;
    const image = trtllmImage(configuration, accelerator);
    if (!image.ok) return image.error;
    const tokens = mtpTokens(configuration, SPECULATIVE_SETTING);
    if (!tokens.ok) return tokens.error;
    const isRecorded = configuration.settings.engineOptions?.speculative_config !== undefined;
    if (tokens.value !== null && !isRecorded && image.value.release.minor >= 3) {
      return `Measured with speculative decoding ("${configuration.speculative}") and TensorRT-LLM ${image.value.tag}; its ${SPECULATIVE_SETTING} has other names from 1.3 on, which the measurement does not record.`;
    }
    const instead = unreadable(choice);
    if (!exportsLoad(image.value) && instead.length > 0) {
      return `TensorRT-LLM exports its load for autoscalers, routing and dashboards from 1.3.0rc12 on, and this was measured with ${image.value.tag}: choose ${instead.join(", ")}.`;
    }
    return null;
  },
  exportsLoad({ configuration, accelerator }) {
    const image = trtllmImage(configuration, accelerator);
    return !image.ok || exportsLoad(image.value);
  },
  devicesPerAccelerator: () => 1,
  layout: trtllmLayout,
  // The PyTorch backend loads checkpoints as they are.
  loading: () => ({ server: LABEL, onlineFp8: null, dtype: null }),
  hardware: () => "gpu",
  groupRefusal: () =>
    "TensorRT-LLM starts on several machines by MPI over SSH between the pods; its image brings no SSH server (NVIDIA's guide installs one by hand), and how to start it in a LeaderWorkerSet is an open question there (TensorRT-LLM issue 15104): choose a configuration measured with vLLM or SGLang, one that fits one machine, or deploy with Dynamo's operator, whose image is set up for it.",
  disaggregatedRefusal: () =>
    "TensorRT-LLM hands its KV cache from prefill to decode by a server of its own (trtllm-serve disaggregated), whose settings are not part of a measurement: deploy by hand.",
  handoverProblem: () => null,
  plan(request) {
    const image = trtllmImage(request.choice.configuration, request.choice.accelerator);
    if (!image.ok) return image;
    const problem = storageFlagProblem(request, LABEL);
    if (problem !== null) return refused(problem);
    // trtllm-serve ends its workers ten seconds after SIGTERM: requests are finished before it is sent.
    return ok({ server: plan(request, image.value), stop: shutdown(request.choice, false) });
  },
};
