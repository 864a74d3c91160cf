import { provenance } from "./annotations";
import { scaling } from "./autoscaling";
import { header } from "./header";
import { hostOf, isNvidia, isTpu } from "./hosts";
import { type ServerImage, serverImage } from "./image";
import { type ReplicaLayout, replicaLayout } from "./layout";
import { instanceName, labelValue } from "./names";
import { deployment } from "./objects/deployment";
import { horizontalPodAutoscaler } from "./objects/hpa";
import { podDisruptionBudget } from "./objects/pdb";
import { service } from "./objects/service";
import { type Outcome, ok, refused } from "./outcome";
import { PLATFORMS, type PlatformId } from "./platforms/all";
import type { Identity, NodePlacement, Platform } from "./platforms/platform";
import { serialize, wellFormed } from "./serialize";
import { hasNonRootUser, hasShutdownTimeout, vllmArguments } from "./servers/vllm";
import { tpuDevicesPerChip } from "./servers/vllm-tpu";
import { shutdown, startupBudget } from "./timing";
import type { Choice, Deployable, ManifestBundle } from "./types";
import { servedWeights, type Weights } from "./weights";

function platformOf(id: PlatformId): Platform {
  return PLATFORMS.find((platform) => platform.id === id) ?? PLATFORMS[0];
}

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

/** Why this choice cannot be deployed at all, before any detail; `null` if it can. */
function unsupported(choice: Deployable): string | null {
  const { configuration, accelerator } = choice;
  const { server, servingMode, acceleratorCount, speculative, checkpoint } = configuration;
  if (server === null) return "The source does not say which model server was measured, so there is nothing to deploy.";
  if (server !== "vllm")
    return `Manifests are written for vLLM; this was measured with ${server}, whose flags and image differ.`;
  if (!isNvidia(accelerator) && !isTpu(accelerator)) {
    return `Manifests are written for NVIDIA GPUs and Cloud TPUs; ${accelerator.name} needs another vLLM image and is not written yet.`;
  }
  if (servingMode === "disaggregated") {
    return "Measured with prefill and decode on separate servers: that needs two Deployments, a KV transfer connector and a router that knows both, which is not written yet.";
  }
  if (!Number.isInteger(acceleratorCount) || acceleratorCount < 1) {
    return `The number of accelerators (${acceleratorCount}) is not a positive whole number.`;
  }
  if (speculative !== null && speculative !== "" && speculative !== "none") {
    return `Measured with speculative decoding ("${speculative}"); the exact --speculative-config is not recorded, and without it the server would be slower than the figures say.`;
  }
  return (
    nameProblem("model", configuration.model) ?? (checkpoint === null ? null : nameProblem("checkpoint", checkpoint))
  );
}

/** The measured shape as one replica that fits one machine. */
function singleHostLayout(choice: Deployable): Outcome<ReplicaLayout> {
  const { configuration, accelerator } = choice;
  const layout = replicaLayout(configuration, isTpu(accelerator) ? tpuDevicesPerChip(accelerator) : 1);
  if (layout.kind === "refused") return layout;
  const { accelerators, measuredReplicas } = layout.value;
  const nodes = configuration.nodes ?? 1;
  const largest = hostOf(accelerator).maximumAccelerators;
  if ((nodes > 1 && measuredReplicas === 1) || accelerators > largest) {
    return refused(
      `One replica takes ${accelerators} × ${accelerator.shortName}${nodes > 1 ? ` on ${nodes} machines` : ""}, a machine has at most ${largest}: that needs a LeaderWorkerSet, which is not written yet.`,
    );
  }
  return layout;
}

function userOf(choice: Choice, image: ServerImage): "nonRoot" | "root" | "tpu" {
  if (isTpu(choice.accelerator)) return "tpu";
  return hasNonRootUser(image.release) ? "nonRoot" : "root";
}

function identityOf(choice: Choice, layout: ReplicaLayout, image: ServerImage): Identity {
  const name = instanceName(choice.configuration, layout.accelerators);
  const selector = { "app.kubernetes.io/name": "vllm", "app.kubernetes.io/instance": name };
  const labels = {
    ...selector,
    "app.kubernetes.io/version": labelValue(image.tag),
    "app.kubernetes.io/component": "model-server",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
  return { name, selector, labels };
}

function bundleNotes(layout: ReplicaLayout, image: ServerImage): string[] {
  const notes: string[] = [];
  if (!image.asMeasured) notes.push(image.reason);
  if (layout.measuredReplicas > 1) {
    notes.push(
      `${layout.measuredReplicas} replicas of this shape were measured together behind a router; figures are of all of them. The Service here balances connections only, a router may do better or worse.`,
    );
  }
  if (layout.data > 1) {
    notes.push(
      "vLLM exports its gauges once per data-parallel engine; the autoscaler's target counts the whole pod. Check with kubectl describe hpa that the value it reads is the sum.",
    );
  }
  return notes;
}

/** Shape, place and weights of what would be deployed; every reason to refuse is found here. */
function plan(choice: Deployable): Outcome<{ layout: ReplicaLayout; placement: NodePlacement; weights: Weights }> {
  const problem = unsupported(choice);
  if (problem !== null) return refused(problem);
  const layout = singleHostLayout(choice);
  if (layout.kind === "refused") return layout;
  const placement = platformOf(choice.platform).placement(choice.accelerator, layout.value);
  if (placement.kind === "refused") return placement;
  const weights = servedWeights(choice, layout.value.accelerators);
  if (weights.kind === "refused") return weights;
  return ok({ layout: layout.value, placement: placement.value, weights: weights.value });
}

/** Why a configuration has no manifests on a platform; `null` if it has. Cheap: nothing is written. */
export function manifestRefusal(choice: Deployable): string | null {
  const planned = plan(choice);
  return planned.kind === "refused" ? planned.reason : null;
}

/**
 * The manifests of a choice: Deployment, Service, PodDisruptionBudget, HorizontalPodAutoscaler and what the platform
 * needs beside them, as one YAML text that is the same for the same choice. Without a namespace: `kubectl apply -n`
 * decides. Refused, with the reason, where the measured deployment cannot be written down exactly.
 */
export function manifestBundle(choice: Choice): ManifestBundle {
  const planned = plan(choice);
  if (planned.kind === "refused") return planned;
  const { layout, placement, weights } = planned.value;
  const platform = platformOf(choice.platform);
  const { accelerator } = choice;

  const hardware = isTpu(accelerator) ? "tpu" : "gpu";
  const image = serverImage(choice.configuration.serverVersion, hardware);
  const startup = startupBudget(weights, hardware);
  const stop = shutdown(choice, hasShutdownTimeout(image.release));
  const scale = scaling(choice, layout);
  const server = vllmArguments(choice, image, layout, weights, stop, scale.inFlight);
  const identity = identityOf(choice, layout, image);
  const storage = platform.storageClass(accelerator);
  const notes = [...bundleNotes(layout, image), ...weights.notes, ...server.notes, ...placement.notes];

  const objects = [
    storage?.object,
    deployment({
      identity,
      annotations: provenance(choice, layout),
      podAnnotations: platform.podAnnotations,
      image,
      server,
      environment: platform.environment(accelerator, layout),
      tokenOptional: choice.model?.gated !== true,
      resourceName: accelerator.kubernetesResource ?? "",
      accelerators: layout.accelerators,
      host: hostOf(accelerator),
      placement,
      startup,
      stop,
      weights,
      storageClass: storage === null ? null : { name: storage.object.metadata?.name ?? "", comment: storage.comment },
      user: userOf(choice, image),
      spread: scale.minimum > 1,
    }),
    service(identity),
    podDisruptionBudget(identity),
    platform.podMonitoring(identity),
    horizontalPodAutoscaler(identity, scale, platform.podsMetricName(scale.metric), startup.seconds),
  ].filter((object) => object !== null && object !== undefined);
  const top = header(identity.name, choice, layout, platform, scale, startup, notes);
  return { kind: "manifests", name: identity.name, yaml: serialize(objects, top), notes };
}
