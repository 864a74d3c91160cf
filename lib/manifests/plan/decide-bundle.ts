import { hostOf } from "../../catalogue/hosts";
import { ok, type Result, refused } from "../../result";
import { DEVICE_PLANS } from "../devices/all";
import { NO_FALLBACKS } from "../devices/fallback-accelerators";
import { DYNAMO_NAME_CHARACTERS } from "../objects/dynamo-graph-deployment";
import { instanceName, labelValue, nodesName, suffixed } from "../objects/kubernetes-names";
import { MAXIMUM_NAME_CHARACTERS as GROUP_NAME_CHARACTERS, LEADER_LABEL } from "../objects/leader-worker-set";
import { ROLE_LABEL } from "../objects/pod";
import { optionConflicts } from "../options/option-conflicts";
import { platformOf } from "../platforms/all";
import type { NodePlacement, Platform } from "../platforms/platform";
import { SERVERS } from "../servers/all";
import type { ModelServer } from "../servers/server";
import { STORAGE_KINDS } from "../storage/all";
import { wellFormed } from "../write/yaml-serializer";
import type { BundleContext, ScaleTarget } from "./bundle-context";
import type { Choice, Deployable } from "./choice";
import { disaggregatedLayout, disaggregatedOptionProblem } from "./disaggregated-layout";
import type { Identity } from "./identity";
import { overFullMachines, overMachines } from "./machines-per-replica";
import { weightsProblem } from "./memory-room";
import { recordedStart } from "./recorded-start";
import { scaling } from "./replica-bounds";
import { measuredShape, podsPerReplica, type ReplicaLayout, replicaAccelerators } from "./replica-layout";
import { servedWeights, type Weights } from "./served-weights";
import type { ServerPlan, ServingRole } from "./server-plan";
import { startupBudget } from "./start-and-stop-times";

/** Hugging Face ids have at most 2 × 96 characters; longer text still fits an argument list, but not for ever. */
const MAXIMUM_NAME_CHARACTERS = 4096;

/** A name the server takes as its first argument: one that starts with a dash would be read as an option. */
function nameProblem(what: string, name: string): string | null {
  if (name.trim() === "") return `The ${what} has no name.`;
  if (name.length > MAXIMUM_NAME_CHARACTERS)
    return `The name of the ${what} is longer than ${MAXIMUM_NAME_CHARACTERS} characters.`;
  if (name.startsWith("-"))
    return `The ${what} "${name}" starts with a dash and would be read as an option of the server.`;
  if (name.includes("\u0000") || wellFormed(name) !== name) return `The name of the ${what} is not valid text.`;
  return null;
}

function serverFor(choice: Deployable): Result<ModelServer> {
  const { server } = choice.configuration;
  if (server === null) {
    return refused("The source does not say which model server was measured, so there is nothing to deploy.");
  }
  const found = SERVERS.find((item) => item.name === server);
  if (found === undefined) {
    if (choice.configuration.servingMode === "disaggregated") {
      return refused(
        `Measured with prefill and decode on separate servers of ${server}, whose router and handover of the KV cache are its own: only vLLM and SGLang as llm-d deploys them, and Dynamo's workers, are written. Choose a configuration measured with one of these, or deploy this one with its own operator.`,
      );
    }
    const known = SERVERS.map((item) => item.label).join(", ");
    return refused(
      `Manifests are written for ${known}; this was measured with ${server}, whose flags and image differ: choose a configuration measured with one of these, or deploy this one by hand.`,
    );
  }
  const problem = found.refusal(choice);
  return problem === null ? ok(found) : refused(problem);
}

/** Why this choice cannot be deployed at all, before any detail; `null` if it can. */
function unsupported(choice: Deployable): string | null {
  const { acceleratorCount, checkpoint, model } = choice.configuration;
  if (!Number.isInteger(acceleratorCount) || acceleratorCount < 1) {
    return `The number of accelerators (${acceleratorCount}) is not a positive whole number.`;
  }
  return nameProblem("model", model) ?? (checkpoint === null ? null : nameProblem("checkpoint", checkpoint));
}

/** The measured shape: of one replica, or of a decode server with the prefill servers beside it. */
function measuredLayout(
  choice: Deployable,
  server: ModelServer,
): Result<{ layout: ReplicaLayout; prefill: ReplicaLayout | null }> {
  const { configuration, accelerator } = choice;
  if (configuration.servingMode === "disaggregated") return disaggregated(choice, server);
  const shape = measuredShape(configuration, server.devicesPerAccelerator(accelerator), server.label);
  if (!shape.ok) return shape;
  const one = server.layout(shape.value);
  if (!one.ok) return one;
  const layout = overMachines(choice, server, one.value);
  return !layout.ok ? layout : ok({ layout: layout.value, prefill: null });
}

/** Workers of an operator's may span machines, each full. */
function spreadWorkers(
  choice: Deployable,
  prefill: ReplicaLayout,
  decode: ReplicaLayout,
): Result<{ layout: ReplicaLayout; prefill: ReplicaLayout }> {
  const spread = [prefill, decode].map((layout) => overFullMachines(choice, layout));
  const [first, second] = spread;
  if (first?.ok === false) return first;
  if (second?.ok === false) return second;
  return ok({ layout: second?.value ?? decode, prefill: first?.value ?? prefill });
}

function disaggregated(
  choice: Deployable,
  server: ModelServer,
): Result<{ layout: ReplicaLayout; prefill: ReplicaLayout }> {
  const problem = server.disaggregatedRefusal(choice);
  if (problem !== null) return refused(problem);
  const layouts = disaggregatedLayout(choice, server);
  if (!layouts.ok) return layouts;
  const { prefill, decode } = layouts.value;
  if (server.hasOperator === true) return spreadWorkers(choice, prefill, decode);
  const largest = hostOf(choice.accelerator).maximumAccelerators;
  for (const [role, { accelerators }] of Object.entries(layouts.value)) {
    if (accelerators > largest) {
      return refused(
        `Each ${role} server takes ${accelerators} × ${choice.accelerator.shortName}, a machine has at most ${largest}: prefill and decode servers that span machines themselves are not written.`,
      );
    }
  }
  const options = disaggregatedOptionProblem(choice.options, platformOf(choice.options));
  return options === null ? ok({ layout: decode, prefill }) : refused(options);
}

/** Multi-token prediction needs layers that a checkpoint standing in for the measured one may not have. */
function draftProblem({ configuration }: Deployable, weights: Weights): string | null {
  const { speculative, checkpoint, model } = configuration;
  if (!speculative || speculative === "none" || weights.repository === (checkpoint ?? model)) return null;
  // Its own publisher's quantisation of the whole model, as zai-org/GLM-5.2-FP8 is of zai-org/GLM-5.2.
  if (weights.repository.startsWith(`${model}-`)) return null;
  return `Measured with speculative decoding ("${speculative}") and weights the source does not name; whether ${weights.repository} has the layers it needs is not known. Name the checkpoint that was measured.`;
}

interface Shape {
  platform: Platform;
  server: ModelServer;
  layout: ReplicaLayout;
  placement: NodePlacement;
  /** Prefill servers beside these; `null` where nothing is disaggregated. */
  prefill: { layout: ReplicaLayout; placement: NodePlacement } | null;
  weights: Weights;
}

/** Names follow from the choice alone, so that what refers to them can be planned in any order. */
function bundleName({ configuration }: Deployable, layout: ReplicaLayout, prefill: ReplicaLayout | null): string {
  if (configuration.server?.startsWith("dynamo-")) {
    return instanceName(configuration, configuration.acceleratorCount, DYNAMO_NAME_CHARACTERS);
  }
  if (prefill !== null) return instanceName(configuration, configuration.acceleratorCount);
  const accelerators = replicaAccelerators(layout);
  return podsPerReplica(layout) === 1
    ? instanceName(configuration, accelerators)
    : instanceName(configuration, accelerators, GROUP_NAME_CHARACTERS);
}

/** Server, shape, placement and weights of what would be deployed; cheap, nothing is written. */
function shapeOf(choice: Deployable): Result<Shape> {
  const [conflict] = optionConflicts(choice.options, choice.accelerator);
  if (conflict !== undefined) return refused(conflict.reason);
  const problem = unsupported(choice);
  if (problem !== null) return refused(problem);
  const server = serverFor(choice);
  if (!server.ok) return server;
  const measured = measuredLayout(choice, server.value);
  if (!measured.ok) return measured;
  const { layout, prefill } = measured.value;
  const platform = platformOf(choice.options);
  const name = bundleName(choice, layout, prefill);
  const nodes = nodesName(name, choice.options.namespace);
  const placement = platform.placement(choice.accelerator, layout, nodes);
  if (!placement.ok) return placement;
  const prefillPlacement = prefill === null ? placement : platform.placement(choice.accelerator, prefill, nodes);
  if (!prefillPlacement.ok) return prefillPlacement;
  // The smallest server must hold the weights.
  const smallest = Math.min(replicaAccelerators(layout), replicaAccelerators(prefill ?? layout));
  const weights = servedWeights(choice, smallest, server.value.loading(choice.accelerator));
  if (!weights.ok) return weights;
  const problemOfWeights =
    weightsProblem(choice, layout, weights.value) ??
    (prefill === null ? null : weightsProblem(choice, prefill, weights.value));
  if (problemOfWeights !== null) return refused(problemOfWeights);
  const drafted = draftProblem(choice, weights.value);
  if (drafted !== null) return refused(drafted);
  return ok({
    platform,
    server: server.value,
    layout,
    placement: placement.value,
    prefill: prefill === null ? null : { layout: prefill, placement: prefillPlacement.value },
    weights: weights.value,
  });
}

/** Why a configuration has no manifests with these options; `null` if it has. */
export function manifestRefusal(choice: Deployable): string | null {
  const shape = shapeOf({ ...choice, configuration: recordedStart(choice.configuration).configuration });
  return !shape.ok ? shape.error : null;
}

/** @param tag the image's, for the version label */
function identityOf(name: string, server: Pick<ServerPlan, "name">, tag: string): Identity {
  const selector = { "app.kubernetes.io/name": server.name, "app.kubernetes.io/instance": name };
  const labels = {
    ...selector,
    "app.kubernetes.io/version": labelValue(tag),
    "app.kubernetes.io/component": "model-server",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
  return { name, selector, labels };
}

/** What runs the pods. */
function targetOf(name: string, layout: ReplicaLayout, role: ServingRole | null, server: ModelServer): ScaleTarget {
  if (server.hasOperator === true) return { apiVersion: "nvidia.com/v1beta1", kind: "DynamoGraphDeployment", name };
  if (podsPerReplica(layout) > 1) return { apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet", name };
  return { apiVersion: "apps/v1", kind: "Deployment", name: role === null ? name : suffixed(name, role) };
}

/** Which pods answer: all, the leaders of groups, or decode servers (the picker chooses a prefill server too). */
function reachOf({ selector }: Identity, layout: ReplicaLayout, role: ServingRole | null): BundleContext["reach"] {
  if (podsPerReplica(layout) > 1) {
    const leaders = { ...selector, ...LEADER_LABEL };
    return { service: leaders, picker: leaders };
  }
  return { service: role === null ? selector : { ...selector, [ROLE_LABEL]: "decode" }, picker: selector };
}

/** Everything decided of the servers of one role, or why there are none. */
function contextOf(choice: Choice, shape: Shape, role: ServingRole | null): Result<BundleContext> {
  const { platform, server: modelServer, weights, prefill } = shape;
  const { layout, placement } = role === "prefill" && prefill !== null ? prefill : shape;
  const { options } = choice;
  const name = bundleName(choice, shape.layout, prefill?.layout ?? null);
  const storage = STORAGE_KINDS[options.storage].plan({ choice, options, platform, name, weights });
  if (!storage.ok) return storage;
  const hardware = modelServer.hardware(choice.accelerator);
  const startup = startupBudget(weights, hardware, storage.value.delivery, podsPerReplica(layout));
  const scale = scaling(choice, layout);
  const planned = modelServer.plan({
    choice,
    options,
    layout,
    weights,
    model: storage.value.model,
    storageArguments: storage.value.arguments,
    // How long a request stays with a prefill server is not known.
    inFlight: role === "prefill" ? null : scale.inFlight,
    startupSeconds: startup.seconds,
    identity: (tag) => identityOf(name, modelServer, tag),
    role,
  });
  if (!planned.ok) return planned;
  const { server: asImage, stop } = planned.value;
  const server = { ...asImage, user: platform.user?.(asImage.user) ?? asImage.user };
  const identity = identityOf(name, server, server.image.tag);
  const target = targetOf(name, layout, role, modelServer);
  const devices = DEVICE_PLANS[options.deviceAccess]({
    // Machines of one replica, and both sides of a handover, must be alike: no other accelerator may be substituted.
    choice: podsPerReplica(layout) > 1 || role !== null ? { ...choice, fallbacks: NO_FALLBACKS } : choice,
    options,
    platform,
    // Workers of one operator's object ask for claims of their own.
    identity: {
      ...identity,
      name: modelServer.hasOperator === true && role !== null ? suffixed(name, role) : target.name,
    },
    layout,
    placement,
  });
  if (!devices.ok) return devices;
  return ok({
    choice,
    options,
    platform,
    identity,
    layout,
    placement,
    weights,
    server,
    devices: devices.value,
    storage: storage.value,
    scaling: scale,
    startup,
    stop,
    target,
    reach: reachOf(identity, layout, role),
    role,
    prefill: null,
  });
}

/** Everything decided of a choice's bundle, or why there is none. Of a disaggregated one, the decode side with the other. */
export function decideBundle(asked: Choice): Result<BundleContext> {
  const { configuration, notes } = recordedStart(asked.configuration);
  const choice = { ...asked, configuration };
  const shape = shapeOf(choice);
  if (!shape.ok) return shape;
  if (shape.value.prefill === null) return withNotes(contextOf(choice, shape.value, null), notes);
  const prefill = contextOf(choice, shape.value, "prefill");
  if (!prefill.ok) return prefill;
  const decode = withNotes(contextOf(choice, shape.value, "decode"), notes);
  return !decode.ok ? decode : ok({ ...decode.value, prefill: prefill.value });
}

function withNotes(decided: Result<BundleContext>, notes: readonly string[]): Result<BundleContext> {
  if (!decided.ok || notes.length === 0) return decided;
  const { server } = decided.value;
  return ok({ ...decided.value, server: { ...server, notes: [...notes, ...server.notes] } });
}
