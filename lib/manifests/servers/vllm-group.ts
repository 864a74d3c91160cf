import { runtimeOf } from "../../catalogue/hosts";
import type { Deployable } from "../plan/choice";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { GroupPlan } from "../plan/server-plan";
import { NODE_AND_IMAGE_SECONDS } from "../plan/start-and-stop-times";
import { commented } from "../write/commented";
import { isAtLeast, type Release } from "./server-image";
import { serverImage } from "./vllm-image";

/** Several machines without Ray (`--nnodes`, vLLM pull request 23691, November 2025). */
const NODES_SINCE: Release = { major: 0, minor: 12, patch: 0 };
/** As in vLLM's own guide to data parallelism over several machines. */
const DATA_PARALLEL_RPC_PORT = 5555;

/** Flags of the API server: a worker has none. */
const API_FLAGS = ["--port=", "--disable-access-log-for-endpoints=", "--shutdown-timeout="];

function isEngineFlag({ value }: Argument): boolean {
  return !API_FLAGS.some((flag) => value.startsWith(flag));
}

const POD_IP = commented(
  { name: "VLLM_HOST_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
  { name: "the address the other machines reach this one at" },
);

/** Why vLLM cannot spread one replica like this; `null` if it can. */
export function vllmGroupRefusal({ accelerator, configuration }: Deployable, layout: ReplicaLayout): string | null {
  const runtime = runtimeOf(accelerator);
  const { tensor, pipeline, data, accelerators } = layout;
  const machines = podsPerReplica(layout);
  if (runtime === "tpu") {
    return pipeline === 1 && data === 1
      ? null
      : `vLLM on a slice of several TPU hosts is written for tensor parallelism alone; measured with pipeline ${pipeline} and data parallel ${data}.`;
  }
  if (runtime !== "cuda") {
    return `vLLM over several machines is written for NVIDIA GPUs and Cloud TPUs: what else pods with ${accelerator.name} need for their network is documented for bare machines only.`;
  }
  const image = serverImage(configuration, accelerator);
  if (!image.ok) return image.error;
  if (!isAtLeast(image.value.release, NODES_SINCE)) {
    return `vLLM spreads over machines without Ray (--nnodes) from 0.12.0 on, and this was measured with ${image.value.tag}, whose Ray start-up differs from release to release: measure with 0.12.0 or later, or deploy by hand.`;
  }
  const ranks = tensor * pipeline;
  if (data > 1 && accelerators % ranks !== 0) {
    return `Each of the ${data} data-parallel engines takes ${ranks} accelerators, a machine has ${accelerators}: engines that share machines unevenly, or span them, are not written.`;
  }
  if (data > 1 && data !== (accelerators / ranks) * machines) {
    return `${data} data-parallel engines do not spread evenly over ${machines} machines.`;
  }
  if (data === 1 && accelerators % tensor !== 0 && tensor % accelerators !== 0) {
    return `${tensor} tensor-parallel ranks do not divide into machines of ${accelerators} accelerators.`;
  }
  return null;
}

/** Leader and workers run the same command; the workers have no API server (vLLM's guide to LeaderWorkerSet). */
function byNodes(args: readonly Argument[]): GroupPlan {
  const flags = (address: string, why: string): Argument[] => [
    { origin: "run", value: "--distributed-executor-backend=mp", why: "vLLM's own way over several machines; no Ray" },
    {
      origin: "run",
      value: "--nnodes=$(LWS_GROUP_SIZE)",
      why: "this and the next two are set by the LeaderWorkerSet in each pod",
    },
    { origin: "run", value: "--node-rank=$(LWS_WORKER_INDEX)" },
    { origin: "run", value: `--master-addr=${address}`, why },
  ];
  const command = ["vllm", "serve"];
  return {
    leader: {
      command,
      commandComment: "said in full: the image's entrypoint changed between versions",
      arguments: [
        ...args,
        ...flags("$(VLLM_HOST_IP)", "its own address: a socket cannot be opened on the name that workers use"),
      ],
      environment: [POD_IP],
    },
    worker: {
      command,
      commandComment: "the leader's command without its API server",
      arguments: [
        ...args.filter(isEngineFlag),
        ...flags("$(LWS_LEADER_ADDRESS)", "the leader's name, known before it is ready"),
        { origin: "run", value: "--headless", why: "no API server: the leader answers" },
      ],
      environment: [POD_IP],
    },
    notes: [],
  };
}

/** Whole engines on each machine, one API server for all (vLLM's guide to data-parallel deployment). */
function byEngines(args: readonly Argument[], local: number): GroupPlan {
  const flags = (address: string, why: string): Argument[] => [
    { origin: "run", value: `--data-parallel-size-local=${local}`, why: "engines on each machine" },
    { origin: "run", value: `--data-parallel-address=${address}`, why },
    { origin: "run", value: `--data-parallel-rpc-port=${DATA_PARALLEL_RPC_PORT}` },
  ];
  return {
    leader: {
      command: ["vllm", "serve"],
      commandComment: "said in full: the image's entrypoint changed between versions",
      arguments: [
        ...args,
        ...flags("$(VLLM_HOST_IP)", "its own address: a socket cannot be opened on the name that workers use"),
      ],
      environment: [POD_IP],
    },
    worker: {
      command: [
        "/bin/sh",
        "-c",
        `exec vllm serve "$@" --data-parallel-start-rank=$((LWS_WORKER_INDEX * ${local}))`,
        "vllm",
      ],
      commandComment: "the arguments below, and the number of this machine's first engine, which has to be calculated",
      arguments: [
        ...args.filter(isEngineFlag),
        ...flags("$(LWS_LEADER_ADDRESS)", "the leader's name, known before it is ready"),
        {
          origin: "run",
          value: "--headless",
          why: "no API server: the leader answers and spreads requests over all engines",
        },
      ],
      environment: [POD_IP],
    },
    notes: [
      "One API server spreads requests over the data-parallel engines of all machines; how the measurement spread them is not recorded.",
    ],
  };
}

/** Where the image keeps vLLM's examples; newer first. */
const RAY_SCRIPT = [
  "command -v ray >/dev/null || { echo 'this image has no Ray: choose one that has' >&2; exit 1; }",
  "for folder in ray_serving online_serving; do",
  '  script="/workspace/vllm/examples/$folder/multi-node-serving.sh"',
  '  [ -f "$script" ] && break',
  "done",
].join("\n");

/** TPU hosts of a slice find each other by Ray; the script comes with the image. */
function byRay(args: readonly Argument[]): GroupPlan {
  const environment = [
    commented({ name: "TPU_MULTIHOST_BACKEND", value: "ray" }, { name: "one server over all hosts of the slice" }),
    POD_IP,
  ];
  const wait = `--ray_init_timeout=${NODE_AND_IMAGE_SECONDS}`;
  return {
    leader: {
      command: [
        "bash",
        "-c",
        `${RAY_SCRIPT}\nbash "$script" leader "--ray_cluster_size=$LWS_GROUP_SIZE" ${wait} && exec vllm serve "$@"\n`,
        "vllm",
      ],
      commandComment: `starts Ray, waits until all hosts have joined (${NODE_AND_IMAGE_SECONDS / 60} minutes: a node and its image), then the server with the arguments below; the script moved between images`,
      arguments: [
        ...args,
        { origin: "run", value: "--distributed-executor-backend=ray", why: "multi-host on Cloud TPU goes by Ray" },
      ],
      environment,
    },
    worker: {
      command: [
        "bash",
        "-c",
        `${RAY_SCRIPT}\nexec bash "$script" worker "--ray_address=$LWS_LEADER_ADDRESS" ${wait}\n`,
      ],
      commandComment: "joins the leader's Ray, which starts its part of the server here",
      arguments: [],
      environment,
    },
    notes: [
      "The hosts of a TPU slice work together by Ray, started by a script in the image; an image without Ray ends at once and says so in its log.",
    ],
  };
}

/** How a replica over several machines starts. @param args what the server would have on one machine */
export function vllmGroup(choice: Deployable, layout: ReplicaLayout, args: readonly Argument[]): GroupPlan {
  if (runtimeOf(choice.accelerator) === "tpu") return byRay(args);
  return layout.data > 1 ? byEngines(args, layout.data / podsPerReplica(layout)) : byNodes(args);
}
