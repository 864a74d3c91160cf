import type { V1EnvVar } from "@kubernetes/client-node";
import type { Accelerator } from "../../catalogue/catalogue";
import { isAmdWithFp8, type Runtime, runtimeOf } from "../../catalogue/hosts";
import { ok, type Result } from "../../result";
import { serverLabel } from "../../words";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import type { Deployable } from "../plan/choice";
import { podsPerReplica } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServerSignals } from "../plan/server-plan";
import { type Hardware, type Shutdown, shutdown } from "../plan/start-and-stop-times";
import { CACHE_PATH } from "../storage/cache";
import { commented } from "../write/commented";
import { parserArguments } from "./answer-parsers";
import { maximumLength, maximumSequences, VLLM_LENGTH } from "./length-flags";
import {
  type CarriedSettings,
  carriedSettings,
  departuresOf,
  withMeasured,
  withMeasuredEnvironment,
} from "./measured-settings";
import { runsOwnCode } from "./model-facts";
import { portOf } from "./routing-proxy";
import { HTTP_PORT, literalArgument, type ModelServer, type ServerRequest } from "./server";
import { isAtLeast, type Release, type ServerImage } from "./server-image";
import { mtpTokens } from "./speculative";
import {
  disaggregatedPart,
  kvTransferArguments,
  vllmDisaggregatedRefusal,
  vllmHandoverProblem,
} from "./vllm-disaggregated";
import { vllmGroup, vllmGroupRefusal } from "./vllm-group";
import { serverImage } from "./vllm-image";
import { vllmLayout, vllmParallelArguments } from "./vllm-layout";
import { acceleratorProblem, runtimePart, vllmDevicesPerAccelerator, vllmUser } from "./vllm-runtime";
import type { RuntimePart } from "./vllm-runtime-part";
import { vllmSpelling } from "./vllm-spelling";

const NAME = "vllm";
const LABEL = serverLabel(NAME);

const SHUTDOWN_TIMEOUT_SINCE: Release = { major: 0, minor: 18, patch: 0 };
const QUIET_ENDPOINTS_SINCE: Release = { major: 0, minor: 16, patch: 0 };
/** Before, each model family had a method name of its own. */
const MTP_METHOD_SINCE: Release = { major: 0, minor: 11, patch: 0 };
const SPECULATIVE_FLAG = "--speculative-config";

/** `--shutdown-timeout` lets requests in flight finish after SIGTERM. */
function hasShutdownTimeout(release: Release): boolean {
  return isAtLeast(release, SHUTDOWN_TIMEOUT_SINCE);
}

interface ServerArguments {
  list: Argument[];
  /** What a reader might miss among the arguments, and why it is not there. */
  leftOut: string[];
  notes: string[];
  /** Arguments of our own in the place of measured ones. */
  departures: string[];
}

/** JSON a person reads as one word in a list of arguments; numbers and fixed names only, so nothing to escape. */
function speculativeArguments(choice: Deployable): Argument[] {
  const tokens = mtpTokens(choice.configuration, SPECULATIVE_FLAG);
  if (!tokens.ok || tokens.value === null) return [];
  return [
    {
      origin: "measurement",
      value: `${SPECULATIVE_FLAG}=${JSON.stringify({ method: "mtp", num_speculative_tokens: tokens.value })}`,
      why: `measured with ${choice.configuration.speculative}: the model's own layer predicts ${tokens.value} more each step`,
    },
  ];
}

/**
 * Arguments of `vllm serve` for this choice: what was measured, and what running under Kubernetes needs. Flags a report
 * does not record are left to the server's defaults.
 */
function vllmArguments(
  request: ServerRequest,
  image: ServerImage,
  stop: Shutdown,
  runtime: RuntimePart,
  measured: CarriedSettings,
): ServerArguments {
  const { choice, layout, weights } = request;
  const { configuration } = choice;
  const notes: string[] = [];
  const leftOut: string[] = [];
  const list: Argument[] = [
    { origin: "run", value: literalArgument(request.model) },
    {
      origin: "run",
      value: `--served-model-name=${literalArgument(configuration.model)}`,
      why: "the name clients send; the first argument is what is loaded",
    },
    { origin: "run", value: `--port=${portOf(request.role, HTTP_PORT)}` },
    ...vllmParallelArguments(layout),
    ...kvTransferArguments(request.role),
    ...weights.arguments,
    ...request.storageArguments,
    ...speculativeArguments(choice),
  ];
  if (runtime.sizes !== null) list.push(...runtime.sizes);
  else {
    const length = maximumLength(request, VLLM_LENGTH);
    if (length.argument !== null) list.push(length.argument);
    else if (length.missingReason !== null) leftOut.push(length.missingReason);
    // What was started with known arguments reached this load without one.
    const sequences = measured.isKnown ? null : maximumSequences(request.inFlight, layout.data, runtime.admitted);
    if (sequences !== null) list.push(sequences);
  }
  list.push(...runtime.arguments);
  if (request.options.answerParsers) {
    const parsers = parserArguments(NAME, configuration.model, image);
    list.push(...parsers.list);
    notes.push(...parsers.notes);
  }
  if (runsOwnCode(NAME, configuration.model)) {
    list.push({
      origin: "run",
      value: "--trust-remote-code",
      why: "runs Python from the model's repository, as its vLLM recipe asks; pin --revision if that worries you",
    });
    notes.push(
      "--trust-remote-code is set: the vLLM recipe of this model needs it. It runs code from the model's repository.",
    );
  }
  if (isAtLeast(image.release, QUIET_ENDPOINTS_SINCE)) {
    list.push({ origin: "run", value: "--disable-access-log-for-endpoints=/health,/metrics,/v1/models" });
  }
  if (stop.drainSeconds !== null) {
    list.push({
      origin: "run",
      value: `--shutdown-timeout=${stop.drainSeconds}`,
      why: "by default SIGTERM aborts requests in flight at once",
    });
  }
  if (layout.data > 1 && AUTOSCALER_KINDS[request.options.autoscaler].readsPods) {
    notes.push(
      "vLLM exports its gauges once per data-parallel engine; the autoscaler's target counts the whole pod. Check with kubectl describe hpa that the value it reads is the sum.",
    );
  }
  notes.push(...leftOut.map((reason) => `There is ${reason}.`));
  const merged = withMeasured(NAME, list, measured.arguments);
  return { list: merged.list, leftOut, notes, departures: merged.departures };
}

function environment(startupSeconds: number): V1EnvVar[] {
  const readyTimeout: V1EnvVar = { name: "VLLM_ENGINE_READY_TIMEOUT_S", value: String(startupSeconds) };
  return [
    commented(
      { name: "VLLM_CACHE_ROOT", value: `${CACHE_PATH}/vllm` },
      { name: "compiled programs; kept when the container restarts" },
    ),
    commented(readyTimeout, {
      name: "the server's own patience (600 s by default) must not end before the startup probe's",
    }),
    commented(
      { name: "USER", value: "vllm" },
      { name: "PyTorch asks for a user name, also where the user id has none" },
    ),
  ];
}

/** Gauges and histograms of vLLM since 0.11 (names it removed since are not used). */
export const VLLM_SIGNALS: ServerSignals = {
  running: "vllm:num_requests_running",
  waiting: "vllm:num_requests_waiting",
  kvCache: "vllm:kv_cache_usage_perc",
  ttft: "vllm:time_to_first_token_seconds",
  tpot: "vllm:request_time_per_output_token_seconds",
  itl: "vllm:inter_token_latency_seconds",
  e2e: "vllm:e2e_request_latency_seconds",
  generatedTokens: "vllm:generation_tokens_total",
};

/** From here on the names above hold; before, some of these were called otherwise or did not exist. */
const SIGNALS_SINCE: Release = { major: 0, minor: 11, patch: 0 };

/** What a release exports under names that are certain. */
function signalsOf(release: Release): ServerSignals {
  return isAtLeast(release, SIGNALS_SINCE) ? VLLM_SIGNALS : { ...VLLM_SIGNALS, kvCache: null, tpot: null, itl: null };
}

/** A server of vLLM in this image, and how it stops. */
export function vllmPlan(request: ServerRequest, image: ServerImage): Result<{ server: ServerPlan; stop: Shutdown }> {
  const { choice, startupSeconds } = request;
  const stop = shutdown(choice, hasShutdownTimeout(image.release));
  const runtime = runtimePart(request, image);
  if (!runtime.ok) return runtime;
  const measured = carriedSettings(choice, request.role, vllmSpelling(image));
  const args = vllmArguments(request, image, stop, runtime.value, measured);
  const part = disaggregatedPart(request.role, HTTP_PORT);
  const server: ServerPlan = {
    name: NAME,
    label: LABEL,
    engineType: "vllm",
    inferencePerfType: "vllm",
    noServiceLinksReason: 'a Service named "vllm" would set VLLM_PORT=tcp://..., which the server takes for its port',
    servedModel: choice.configuration.model,
    image,
    command: ["vllm", "serve"],
    commandComment: "said in full: the image's entrypoint changed between versions",
    arguments: args.list,
    leftOut: args.leftOut,
    departures: departuresOf(request, image, measured, args.departures),
    environment: withMeasuredEnvironment(
      [...environment(startupSeconds), ...runtime.value.environment, ...part.environment],
      measured.environment,
    ),
    port: HTTP_PORT,
    metricsPath: "/metrics",
    hasMetrics: true,
    probes: { startup: "/health", readiness: "/v1/models", liveness: "/health" },
    signals: signalsOf(image.release),
    user: vllmUser(choice.accelerator, request.layout.accelerators, image.release),
    objects: [],
    volumes: [],
    volumeMounts: [],
    podAnnotations: {},
    notes: [...(image.asMeasured ? [] : [image.reason]), ...part.notes, ...args.notes, ...runtime.value.notes],
    ...part.plan,
    ...(runtime.value.memory === undefined ? {} : { memory: runtime.value.memory }),
    ...(podsPerReplica(request.layout) > 1 ? { group: vllmGroup(choice, request.layout, args.list) } : {}),
  };
  return ok({ server, stop });
}

const HARDWARE: Partial<Record<Runtime, Hardware>> = { tpu: "tpu", gaudi: "hpu", neuron: "neuron" };

/** vLLM on NVIDIA, AMD and Intel GPUs, Cloud TPUs, Gaudi, Trainium, Inferentia and processors. */
export const vllm: ModelServer = {
  name: NAME,
  label: LABEL,
  refusal(choice) {
    const { configuration, accelerator } = choice;
    const problem = acceleratorProblem(choice);
    if (problem !== null) return problem;
    const image = serverImage(configuration, accelerator);
    if (!image.ok) return image.error;
    const tokens = mtpTokens(configuration, SPECULATIVE_FLAG);
    if (!tokens.ok) return tokens.error;
    if (tokens.value !== null && !isAtLeast(image.value.release, MTP_METHOD_SINCE)) {
      return `Measured with speculative decoding ("${configuration.speculative}") and vLLM ${image.value.tag}; before 0.11.0 its ${SPECULATIVE_FLAG} had another method name for each model.`;
    }
    return null;
  },
  exportsLoad: () => true,
  devicesPerAccelerator: vllmDevicesPerAccelerator,
  layout: vllmLayout,
  loading: (accelerator: Accelerator) => ({
    server: LABEL,
    // On NVIDIA GPUs (Ampere and later) and MI300 and later; on TPU, Gaudi and Intel GPUs that is another mechanism.
    onlineFp8: runtimeOf(accelerator) === "cuda" || isAmdWithFp8(accelerator) ? "--quantization=fp8" : null,
    dtype: (name) => `--dtype=${name}`,
  }),
  hardware: (accelerator) => HARDWARE[runtimeOf(accelerator) ?? "cuda"] ?? "gpu",
  groupRefusal: vllmGroupRefusal,
  disaggregatedRefusal: vllmDisaggregatedRefusal,
  handoverProblem: vllmHandoverProblem,
  plan(request) {
    const image = serverImage(request.choice.configuration, request.choice.accelerator);
    return image.ok ? vllmPlan(request, image.value) : image;
  },
};
