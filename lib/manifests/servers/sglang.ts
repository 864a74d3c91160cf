import type { Accelerator } from "../../catalogue/catalogue";
import { isNvidia } from "../../catalogue/hosts";
import type { Configuration } from "../../domain";
import { ok, type Result, refused } from "../../result";
import { serverLabel } from "../../words";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import { type MeasuredShape, podsPerReplica, type ReplicaLayout, sizesDiffer } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServerSignals } from "../plan/server-plan";
import { shutdown } from "../plan/start-and-stop-times";
import { CACHE_PATH } from "../storage/cache";
import { commented } from "../write/commented";
import { parserArguments } from "./answer-parsers";
import { addMaximumLength, type LengthFlag } from "./length-flags";
import {
  type CarriedSettings,
  carriedSettings,
  departuresOf,
  withMeasured,
  withMeasuredEnvironment,
} from "./measured-settings";
import { isDiffusionModel, runsOwnCode } from "./model-facts";
import { portOf } from "./routing-proxy";
import {
  HTTP_PORT,
  literalArgument,
  type ModelServer,
  NO_SERVICE_LINKS,
  type ServerRequest,
  storageFlagProblem,
} from "./server";
import type { ServerImage } from "./server-image";
import {
  sglangDisaggregatedRefusal,
  sglangHandoverProblem,
  sglangRoleArguments,
  sglangRolePart,
} from "./sglang-disaggregated";
import { sglangGroup, sglangGroupRefusal } from "./sglang-group";
import { sglangImage } from "./sglang-image";
import { sglangSpelling } from "./sglang-spelling";
import { mtpTokens } from "./speculative";
import { NVIDIA_ROOT, ROCM_ROOT } from "./users";

const NAME = "sglang";
const LABEL = serverLabel(NAME);

const COMMAND = ["python3", "-m", "sglang.launch_server"];
const SPECULATIVE_FLAG = "--speculative-num-steps";

/** The longest request as SGLang calls it. */
export const SGLANG_LENGTH: LengthFlag = {
  name: "--context-length",
  unknown: "If the model does not start for want of KV cache, set it to the longest request you expect",
};

/**
 * SGLang: `--tp` counts every device of the server. Data parallel beside it multiplies the devices (whole replicas in one
 * process); with data-parallel attention it divides them instead. Experts spread over a divisor of `--tp`.
 */
function sglangLayout(shape: MeasuredShape): Result<ReplicaLayout> {
  const { label, measuredReplicas, accelerators, devices, tensor, pipeline } = shape;
  const data = shape.data ?? 1;
  const expert = shape.expert ?? 1;
  const attention = shape.dataParallelAttention || (data > 1 && tensor * pipeline === devices);
  if (attention) {
    if (data === 1) {
      return refused(
        `Measured with data-parallel attention ("${label}"); into how many ranks (--dp-size) is not recorded, so it cannot be written down.`,
      );
    }
    if (tensor * pipeline !== devices) return sizesDiffer(shape);
    if (tensor % data !== 0) {
      return refused(
        `SGLang splits ${tensor} tensor-parallel ranks evenly by data-parallel attention; ${data} ranks cannot be asked for.`,
      );
    }
  } else if (tensor * pipeline * data !== devices) return sizesDiffer(shape);
  if (tensor % expert !== 0) {
    return refused(
      `SGLang spreads experts over a divisor of its ${tensor} tensor-parallel ranks; the measured expert parallel size ${expert} cannot be asked for.`,
    );
  }
  return ok({
    measuredReplicas,
    accelerators,
    tensor,
    pipeline,
    data,
    expertParallel: expert > 1,
    expert,
    dataParallelAttention: attention,
  });
}

/** The layout as flags of SGLang. */
export function sglangParallelArguments(layout: ReplicaLayout): Argument[] {
  const args: Argument[] = [{ origin: "measurement", value: `--tensor-parallel-size=${layout.tensor}` }];
  if (layout.pipeline > 1) args.push({ origin: "measurement", value: `--pipeline-parallel-size=${layout.pipeline}` });
  if (layout.data > 1) {
    args.push({
      origin: "measurement",
      value: `--data-parallel-size=${layout.data}`,
      why: layout.dataParallelAttention
        ? "ranks of data-parallel attention: they share the accelerators of tensor parallel"
        : "whole replicas of the model inside one server",
    });
  }
  if (layout.dataParallelAttention) args.push({ origin: "measurement", value: "--enable-dp-attention" });
  if (layout.expertParallel) args.push({ origin: "measurement", value: `--expert-parallel-size=${layout.expert}` });
  return args;
}

/** With one branch a step, SGLang verifies every drafted token and the one before: N + 1. */
function speculativeArguments(configuration: Configuration): Argument[] {
  const tokens = mtpTokens(configuration, SPECULATIVE_FLAG);
  if (!tokens.ok || tokens.value === null) return [];
  return [
    {
      origin: "measurement",
      value: "--speculative-algorithm=EAGLE",
      why: `measured with ${configuration.speculative}: the model's own layer predicts ${tokens.value} more each step, which SGLang runs as EAGLE without a draft model`,
    },
    { origin: "measurement", value: `${SPECULATIVE_FLAG}=${tokens.value}` },
    { origin: "measurement", value: "--speculative-eagle-topk=1" },
    { origin: "measurement", value: `--speculative-num-draft-tokens=${tokens.value + 1}` },
  ];
}

function sglangArguments(
  request: ServerRequest,
  image: ServerImage,
  measured: CarriedSettings,
): { list: Argument[]; leftOut: string[]; notes: string[]; departures: string[] } {
  const { choice, layout, weights } = request;
  const { configuration } = choice;
  const notes: string[] = [];
  const hasFraction = measured.arguments.some(({ name }) => name === "mem-fraction-static");
  const leftOut = hasFraction ? [] : ["no --mem-fraction-static: the server works out what is left for the KV cache"];
  const list: Argument[] = [
    { origin: "run", value: `--model-path=${literalArgument(request.model)}` },
    {
      origin: "run",
      value: `--served-model-name=${literalArgument(configuration.model)}`,
      why: "the name clients send; --model-path is what is loaded",
    },
    {
      origin: "run",
      value: "--host=0.0.0.0",
      why: "by default the server listens on localhost only, where no probe reaches it",
    },
    { origin: "run", value: `--port=${portOf(request.role, HTTP_PORT)}` },
    ...sglangRoleArguments(request.role),
    ...sglangParallelArguments(layout),
    ...weights.arguments,
    ...speculativeArguments(configuration),
  ];
  addMaximumLength(request, SGLANG_LENGTH, { list, leftOut, notes });
  if (request.options.answerParsers) {
    const parsers = parserArguments(NAME, configuration.model, image);
    list.push(...parsers.list);
    notes.push(...parsers.notes);
  }
  if (runsOwnCode(NAME, configuration.model)) {
    list.push({
      origin: "run",
      value: "--trust-remote-code",
      why: "runs Python from the model's repository, as SGLang's own recipe does; pin --revision if that worries you",
    });
    notes.push(
      "--trust-remote-code is set: SGLang's own recipe of this model has it. It runs code from the model's repository.",
    );
  }
  list.push({
    origin: "run",
    value: "--enable-metrics",
    why: "off by default; autoscaler, routing and dashboards read them",
  });
  if (layout.data > 1 && AUTOSCALER_KINDS[request.options.autoscaler].readsPods) {
    notes.push(
      "SGLang exports its gauges once per data-parallel rank; the autoscaler's target counts the whole pod. Check with kubectl describe hpa that the value it reads is the sum.",
    );
  }
  const merged = withMeasured(NAME, list, measured.arguments);
  return { list: merged.list, leftOut, notes, departures: merged.departures };
}

/** Gauges and histograms of SGLang. */
export const SGLANG_SIGNALS: ServerSignals = {
  running: "sglang:num_running_reqs",
  waiting: "sglang:num_queue_reqs",
  kvCache: "sglang:token_usage",
  ttft: "sglang:time_to_first_token_seconds",
  tpot: null,
  itl: "sglang:inter_token_latency_seconds",
  e2e: "sglang:e2e_request_latency_seconds",
  generatedTokens: "sglang:generation_tokens_total",
};

function user(accelerator: Accelerator) {
  return isNvidia(accelerator) ? NVIDIA_ROOT : { ...ROCM_ROOT, writablePaths: [] };
}

/** A server of SGLang in this image. */
export function sglangPlan(request: ServerRequest, image: ServerImage): ServerPlan {
  const { choice } = request;
  const measured = carriedSettings(choice, request.role, sglangSpelling(image));
  const args = sglangArguments(request, image, measured);
  const part = sglangRolePart(request.role, HTTP_PORT);
  return {
    name: NAME,
    label: LABEL,
    engineType: "sglang",
    inferencePerfType: "sglang",
    noServiceLinksReason: NO_SERVICE_LINKS,
    servedModel: choice.configuration.model,
    image,
    command: COMMAND,
    commandComment: "said in full: the image's entrypoint only prepares the environment",
    arguments: args.list,
    leftOut: args.leftOut,
    departures: departuresOf(request, image, measured, args.departures),
    environment: withMeasuredEnvironment(
      [
        commented(
          { name: "TORCHINDUCTOR_CACHE_DIR", value: `${CACHE_PATH}/inductor` },
          { name: "compiled programs; kept when the container restarts" },
        ),
        { name: "TRITON_CACHE_DIR", value: `${CACHE_PATH}/triton` },
      ],
      measured.environment,
    ),
    port: HTTP_PORT,
    metricsPath: "/metrics",
    hasMetrics: true,
    // /health answers 503 while the server starts and while it drains; /health_generate would run a token each time.
    probes: { startup: "/health", readiness: "/health", liveness: "/health" },
    signals: SGLANG_SIGNALS,
    user: user(choice.accelerator),
    objects: [],
    volumes: [],
    volumeMounts: [],
    podAnnotations: {},
    notes: [...(image.asMeasured ? [] : [image.reason]), ...part.notes, ...args.notes],
    ...part.plan,
    ...(podsPerReplica(request.layout) > 1 ? { group: sglangGroup(request.layout, COMMAND, args.list) } : {}),
  };
}

/** SGLang on NVIDIA GPUs and AMD MI300 and later. */
export const sglang: ModelServer = {
  name: NAME,
  label: LABEL,
  refusal({ configuration, accelerator }) {
    const image = sglangImage(configuration, accelerator);
    if (!image.ok) return image.error;
    if (isDiffusionModel(NAME, configuration.model)) {
      return `SGLang serves diffusion models such as ${configuration.model} with --dllm-algorithm; which one was measured is not recorded, so it cannot be written down.`;
    }
    const tokens = mtpTokens(configuration, SPECULATIVE_FLAG);
    return !tokens.ok ? tokens.error : null;
  },
  exportsLoad: () => true,
  devicesPerAccelerator: () => 1,
  layout: sglangLayout,
  loading: (accelerator) => ({
    server: LABEL,
    // FP8 kernels of Ada, Hopper and later; on AMD GPUs it is not certain which releases do this well.
    onlineFp8: isNvidia(accelerator) ? "--quantization=fp8" : null,
    dtype: (name) => `--dtype=${name}`,
  }),
  hardware: () => "gpu",
  groupRefusal: sglangGroupRefusal,
  disaggregatedRefusal: sglangDisaggregatedRefusal,
  handoverProblem: sglangHandoverProblem,
  plan(request) {
    const image = sglangImage(request.choice.configuration, request.choice.accelerator);
    if (!image.ok) return image;
    const problem = storageFlagProblem(request, LABEL);
    if (problem !== null) return refused(problem);
    // After SIGTERM SGLang answers 503 to /health and finishes what it has, however long that takes: the grace period ends it.
    return ok({ server: sglangPlan(request, image.value), stop: shutdown(request.choice, true) });
  },
};
