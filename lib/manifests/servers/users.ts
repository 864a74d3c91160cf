import type { ServerUser } from "../plan/server-plan";

const VLLM_USER_ID = 2000;
const ROOT_GROUP_ID = 0;

/** Where libraries of images without a usable home directory write (llm-d mounts the same). */
const WRITABLE_PATHS: ServerUser["writablePaths"] = [
  ["home-cache", "/.cache"],
  ["home-triton", "/.triton"],
  ["home-config", "/.config"],
];

const NVIDIA_ROOT_FILESYSTEM = "the NVIDIA container hook writes into the root filesystem";
const KERNELS_IN_IMAGE = "kernels are compiled into the image's own folders when first used";

/** The image's own user: Pod Security level restricted. */
export const VLLM_NON_ROOT: ServerUser = {
  pod: {
    runAsNonRoot: true,
    runAsUser: VLLM_USER_ID,
    runAsGroup: ROOT_GROUP_ID,
    fsGroup: ROOT_GROUP_ID,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
  container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: false, capabilities: { drop: ["ALL"] } },
  comment: "the image's own user (2000, group 0); allowed under Pod Security level restricted",
  containerComments: { readOnlyRootFilesystem: NVIDIA_ROOT_FILESYSTEM },
  writablePaths: [],
};

function root(reason: string, filesystem: string, writablePaths: ServerUser["writablePaths"]): ServerUser {
  return {
    pod: { seccompProfile: { type: "RuntimeDefault" } },
    container: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: false, capabilities: { drop: ["ALL"] } },
    comment: `${reason}: Pod Security level baseline, not restricted`,
    containerComments: { readOnlyRootFilesystem: filesystem },
    writablePaths,
  };
}

/** vLLM images for NVIDIA GPUs that have no user but root. @param reason why, beside the pod's security context */
export function rootUser(reason: string): ServerUser {
  return root(reason, NVIDIA_ROOT_FILESYSTEM, WRITABLE_PATHS);
}

/** SGLang and TensorRT-LLM on NVIDIA GPUs: root with a home of its own. */
export const NVIDIA_ROOT: ServerUser = root("the image runs as root", NVIDIA_ROOT_FILESYSTEM, []);

/** ROCm images. SYS_PTRACE and an unconfined seccomp profile, as examples have them, are for debugging only. */
export const ROCM_ROOT: ServerUser = root(
  "the image runs as root, who owns /dev/kfd and /dev/dri; SYS_PTRACE and seccomp Unconfined of many examples are for debugging only",
  KERNELS_IN_IMAGE,
  WRITABLE_PATHS,
);

/** Intel GPU images. */
export const XPU_ROOT: ServerUser = root("the image runs as root, who owns /dev/dri", KERNELS_IN_IMAGE, WRITABLE_PATHS);

/** Gaudi images: one capability more than Pod Security level baseline allows. */
export const GAUDI_ROOT: ServerUser = {
  pod: { seccompProfile: { type: "RuntimeDefault" } },
  container: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: false,
    capabilities: { drop: ["ALL"], add: ["SYS_NICE"] },
  },
  comment: "the image runs as root with SYS_NICE: Pod Security level privileged, neither baseline nor restricted",
  containerComments: {
    readOnlyRootFilesystem: KERNELS_IN_IMAGE,
    capabilities: "Gaudi's runtime pins threads and memory to the device's socket",
  },
  writablePaths: WRITABLE_PATHS,
};

/** TPU images. */
export const TPU_USER: ServerUser = {
  pod: { seccompProfile: { type: "RuntimeDefault" } },
  container: { allowPrivilegeEscalation: false },
  comment: "as the image comes; TPU drivers are reached as root, so Pod Security level restricted is not met",
  containerComments: {},
  writablePaths: WRITABLE_PATHS,
};

/** Neuron images. */
export const NEURON_ROOT: ServerUser = root(
  "the image runs as root, who owns /dev/neuron*",
  "the compiler writes into folders of its own",
  [],
);

/** Processor images. */
export const CPU_ROOT: ServerUser = root("the image runs as root", KERNELS_IN_IMAGE, WRITABLE_PATHS);

/** Processor images over several sockets, as vLLM's guide starts them. */
export const CPU_NUMA_ROOT: ServerUser = {
  pod: { seccompProfile: { type: "Unconfined" } },
  container: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: false,
    capabilities: { drop: ["ALL"], add: ["SYS_NICE"] },
  },
  comment:
    "the image runs as root with SYS_NICE and without a seccomp profile, as vLLM's guide has it: Pod Security level privileged",
  containerComments: {
    readOnlyRootFilesystem: KERNELS_IN_IMAGE,
    capabilities: "binds the memory of each rank to its socket; without, half of all reads cross to the other one",
  },
  writablePaths: WRITABLE_PATHS,
};
