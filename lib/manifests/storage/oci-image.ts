import { ok, type Result } from "../../result";
import { hasMinor } from "../options/manifest-options";
import type { Prerequisite } from "../plan/add-on";
import { gibibytes } from "../plan/served-weights";
import { HUB_BYTES_PER_SECOND, NODE_DISK_BYTES_PER_SECOND } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { mountedPlan, repositoryWord } from "./mounted";
import { IMAGE_SOURCE, imageSource } from "./source";
import type { Storage, StoragePlan, StorageRequest } from "./storage";

/** The release in which image volumes are on by default (the feature gates' page of kubernetes.io). */
const IMAGE_VOLUME_MINOR = 35;
/** A container runtime keeps an image twice: as it was pulled, and unpacked. */
const IMAGE_COPIES = 2;

function prerequisites({ weights, options }: StorageRequest, nodeDiskGib: number): Prerequisite[] {
  const { reference, folder } = imageSource(options.storageSource ?? "");
  const tagged = reference.replace(/@sha256:[0-9a-f]{64}$/, "");
  return [
    {
      what: "Nodes with containerd 2.1 or CRI-O 1.31 or later: older runtimes mount no image volumes.",
      check: "kubectl get nodes -o custom-columns=NAME:.metadata.name,RUNTIME:.status.nodeInfo.containerRuntimeVersion",
      install: [],
    },
    {
      what: `The image with the files of ${weights.repository}${folder === "" ? "" : ` in /${folder}`}; for a private registry an imagePullSecret on the namespace's default service account; ${nodeDiskGib} GiB free on the nodes' disks (${IMAGE_COPIES} copies of the weights):`,
      check: `docker manifest inspect ${reference}`,
      install: [
        `hf download ${repositoryWord(weights)} --local-dir model`,
        `printf 'FROM scratch\\nCOPY model /${folder}\\n' | docker build -t ${tagged} -f - .`,
        `docker push ${tagged}`,
      ],
    },
  ];
}

function plan(request: StorageRequest): Result<StoragePlan> {
  const { options, weights } = request;
  const { reference, folder, pinned } = imageSource(options.storageSource ?? "");
  const imageGib = gibibytes(weights.bytes) * IMAGE_COPIES;
  const plan = mountedPlan(folder, {
    delivery: {
      beforeStart: { what: "pulled as an image", bytesPerSecond: HUB_BYTES_PER_SECOND },
      whileStarting: [{ what: "read from the node's disk", bytesPerSecond: NODE_DISK_BYTES_PER_SECOND }],
    },
    volumes: [
      {
        name: "model",
        image: commented(
          { reference, pullPolicy: pinned ? "IfNotPresent" : "Always" },
          {
            pullPolicy: pinned
              ? "a digest never changes: what is on the node need not be asked for again"
              : "a tag can move: ask the registry at every start",
          },
        ),
      },
    ],
  });
  const nodeDiskGib = plan.nodeDiskGib + imageGib;
  return ok({
    ...plan,
    nodeDiskGib,
    addOn: {
      objects: [],
      prerequisites: prerequisites(request, nodeDiskGib),
      notes: pinned
        ? []
        : [
            "The model's image is named by a tag, which can move: pods started later may serve other weights. Name it by digest (@sha256:…).",
          ],
    },
  });
}

/** Weights in a container image, mounted as a volume (on by default since Kubernetes 1.35): pulled once a node, then local. */
export const ociImageStorage: Storage = {
  label: "container image",
  help: "The weights as an image volume, pulled once a node; Kubernetes 1.35; source REGISTRY/NAME@sha256:…#folder",
  source: {
    what: "the image that holds the model, by tag or better by digest, and after # the folder in it",
    pattern: IMAGE_SOURCE,
    example: "registry.example.org/models/llama-3.1-8b:1.0#models",
  },
  problem: (_, version) =>
    hasMinor(version, IMAGE_VOLUME_MINOR) ? null : "Image volumes are on by default from Kubernetes 1.35.",
  plan,
};
