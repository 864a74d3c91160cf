import type { V1ConfigMap } from "@kubernetes/client-node";
import { isNvidia } from "../../catalogue/hosts";
import type { SettingValues } from "../../measurement/settings";
import { isSettings } from "../../measurement/settings";
import { ok, type Result, refused } from "../../result";
import { suffixed } from "../objects/kubernetes-names";
import type { ManifestOptions } from "../options/manifest-options";
import type { Deployable } from "../plan/choice";
import type { ReplicaLayout } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { ServerPlan, ServingRole } from "../plan/server-plan";
import { shutdown } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { yamlText } from "../write/yaml-serializer";
import { type DynamoEngine, dynamoImage, ENGINES, type EngineId } from "./dynamo-engines";
import { addMaximumLength } from "./length-flags";
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
import { NVIDIA_ROOT } from "./users";

const OPTIONS_DIRECTORY = "/etc/dynamo";
const OPTIONS_FILE = "engine.yaml";

/** What options Dynamo's operator leaves no room for, as one sentence that names each; `null` = nothing. */
function optionProblem(options: ManifestOptions): string | null {
  const wanted: string[] = [];
  if (options.gateway !== "none") wanted.push("the gateway none (Dynamo's own frontend spreads requests)");
  if (options.autoscaler !== "none") wanted.push("the autoscaler none (Dynamo's planner scales its workers)");
  if (options.monitoring !== "none") wanted.push("the monitoring none (its metrics have names of their own)");
  if (options.benchmarkJob) wanted.push("no benchmark Job");
  if (options.networkPolicy)
    wanted.push("no NetworkPolicy (the operator labels the pods, and workers talk to each other)");
  if (wanted.length === 0) return null;
  return `Deployed by Dynamo's operator as it was measured. That needs other options: choose ${wanted.join("; ")}.`;
}

/** Whether anything recorded says how tokens were guessed ahead. */
function recordsSpeculation({ configuration }: Deployable): boolean {
  const { serverArguments, engineOptions } = configuration.settings;
  return [serverArguments, engineOptions].some((values) =>
    Object.values(values ?? {}).some(
      (part) => isSettings(part) && Object.keys(part).some((name) => name.startsWith("speculative")),
    ),
  );
}

function refusal(choice: Deployable): string | null {
  const { configuration, accelerator, options } = choice;
  if (!isNvidia(accelerator))
    return `Dynamo is written for NVIDIA GPUs; its images for ${accelerator.name} are not known.`;
  const { speculative } = configuration;
  if (speculative !== null && speculative !== "" && speculative !== "none" && !recordsSpeculation(choice)) {
    return `Measured with speculative decoding ("${speculative}") and Dynamo; how its workers were told is not recorded: choose a configuration whose settings are, or deploy by hand.`;
  }
  return optionProblem(options);
}

/** The engine's options: what was measured for this role, then the layout and the longest request where they do not say them. */
function engineOptions({ layout }: ServerRequest, measured: CarriedSettings): SettingValues {
  const own = {
    backend: "pytorch",
    tensor_parallel_size: layout.tensor,
    ...(layout.pipeline > 1 ? { pipeline_parallel_size: layout.pipeline } : {}),
    ...(layout.expertParallel ? { moe_expert_parallel_size: layout.expert } : {}),
    ...(layout.dataParallelAttention ? { enable_attention_dp: true } : {}),
  };
  const all: SettingValues = { ...own, ...measured.engineOptions };
  return commented(all, Object.fromEntries(Object.keys(all).map((name) => [name, "measured"])));
}

function dynamoArguments(engine: DynamoEngine, request: ServerRequest, measured: CarriedSettings, notes: string[]) {
  const { choice, role, layout, weights } = request;
  const leftOut: string[] = [];
  const list: Argument[] = [
    { value: `${engine.modelFlag}=${literalArgument(request.model)}`, origin: "run" },
    {
      value: `--served-model-name=${literalArgument(choice.configuration.model)}`,
      origin: "run",
      why: `the name clients send; ${engine.modelFlag} is what is loaded`,
    },
    ...(role === null
      ? []
      : [
          { value: `--disaggregation-mode=${role}`, origin: "run", why: "this worker's part of each request" } as const,
        ]),
    ...engine.roleArguments(role),
    ...(engine.hasOptionsFile ? [] : engine.layoutArguments(layout)),
    ...(engine.hasOptionsFile ? [] : weights.arguments),
  ];
  addMaximumLength(request, engine.length, { list, leftOut, notes });
  if (runsOwnCode(engine.id, choice.configuration.model)) {
    list.push({
      value: "--trust-remote-code",
      origin: "run",
      why: "runs Python from the model's repository, as its recipe has it",
    });
  }
  if (engine.hasOptionsFile) {
    list.push({
      value: `--extra-engine-args=${OPTIONS_DIRECTORY}/${OPTIONS_FILE}`,
      origin: "run",
      why: "the engine's options, from the ConfigMap",
    });
  }
  return { ...withMeasured(`dynamo-${engine.id}`, list, measured.arguments), leftOut };
}

function plan(engine: DynamoEngine, request: ServerRequest): ServerPlan {
  const { choice, role } = request;
  const image = dynamoImage(choice.configuration, engine);
  const measured = carriedSettings(
    choice,
    role,
    engine.spelling(image),
    engine.hasOptionsFile ? "options" : "arguments",
  );
  const notes: string[] = [];
  const args = dynamoArguments(engine, request, measured, notes);
  const identity = request.identity(image.tag);
  const configName = suffixed(identity.name, role ?? "engine");
  const configMap: V1ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: configName, labels: identity.labels },
    data: { [OPTIONS_FILE]: yamlText(engineOptions(request, measured)) },
  };
  const hasFile = engine.hasOptionsFile;
  return {
    name: `dynamo-${engine.id}`,
    label: engine.label,
    engineType: engine.engineType,
    inferencePerfType: engine.id === "sglang" ? "sglang" : "vllm",
    noServiceLinksReason: NO_SERVICE_LINKS,
    servedModel: choice.configuration.model,
    image,
    command: ["python3", "-m", `dynamo.${engine.id}`],
    commandComment: "a worker of Dynamo around the engine",
    arguments: args.list,
    leftOut: args.leftOut,
    departures: departuresOf(request, image, measured, args.departures),
    environment: withMeasuredEnvironment([], measured.environment),
    port: HTTP_PORT,
    metricsPath: "/metrics",
    hasMetrics: false,
    probes: { startup: "/live", readiness: "/health", liveness: "/live" },
    signals: engine.signals,
    user: { ...NVIDIA_ROOT, comment: "the image's own user" },
    objects: hasFile ? [configMap] : [],
    volumes: hasFile ? [{ name: "engine", configMap: { name: configName } }] : [],
    volumeMounts: hasFile ? [{ name: "engine", mountPath: OPTIONS_DIRECTORY, readOnly: true }] : [],
    podAnnotations: {},
    notes: [
      ...(image.asMeasured ? [] : [image.reason]),
      ...(role === "prefill" ? [] : roleNotes(role, request.options)),
      ...notes,
    ],
    operator: { backendFramework: engine.id, frontendImage: image.reference },
  };
}

function roleNotes(role: ServingRole | null, options: ManifestOptions): string[] {
  const network =
    role === null || options.rdmaResource !== null
      ? []
      : [
          "Prefill workers hand the KV cache over by NIXL: without RDMA (--rdma-resource, where the cluster has it) it goes over TCP, far slower than was measured.",
        ];
  return [
    ...network,
    "How the measurement's frontend spread requests over the workers is not recorded: here round robin, Dynamo's default.",
  ];
}

function layoutOf(engine: DynamoEngine): ModelServer["layout"] {
  return (shape): Result<ReplicaLayout> => engine.server.layout(shape);
}

/** Dynamo with one engine: its operator makes the pods, its frontend is the router. */
function dynamo(engine: DynamoEngine): ModelServer {
  return {
    name: `dynamo-${engine.id}`,
    label: engine.label,
    refusal,
    exportsLoad: () => false,
    devicesPerAccelerator: () => 1,
    layout: layoutOf(engine),
    loading: engine.server.loading,
    hardware: () => "gpu",
    // The operator adds what each machine of a worker needs to find the others.
    groupRefusal: () => null,
    disaggregatedRefusal: () => null,
    handoverProblem: () => null,
    hasOperator: true,
    plan(request) {
      const problem = storageFlagProblem(request, engine.label);
      if (problem !== null) return refused(problem);
      return ok({ server: plan(engine, request), stop: shutdown(request.choice, true) });
    },
  };
}

/** Dynamo's workers around vLLM, SGLang and TensorRT-LLM. */
export const DYNAMO_SERVERS: readonly ModelServer[] = (Object.keys(ENGINES) as EngineId[]).map((id) =>
  dynamo(ENGINES[id]),
);
