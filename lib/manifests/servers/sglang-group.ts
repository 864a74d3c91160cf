import { isNvidia } from "../../catalogue/hosts";
import type { Deployable } from "../plan/choice";
import { podsPerReplica, type ReplicaLayout } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";
import type { GroupPlan } from "../plan/server-plan";
import { commented } from "../write/commented";

/** As in SGLang's own LeaderWorkerSet example. */
const RENDEZVOUS_PORT = 20000;
const API_FLAGS = ["--host=", "--port=", "--enable-metrics"];

/** Why SGLang cannot spread one replica like this; `null` if it can. */
export function sglangGroupRefusal({ accelerator }: Deployable, layout: ReplicaLayout): string | null {
  if (!isNvidia(accelerator)) {
    return `SGLang over several machines is written for NVIDIA GPUs: what else pods with ${accelerator.name} need for their network is documented for bare machines only.`;
  }
  const { tensor, data, dataParallelAttention, accelerators } = layout;
  if (data > 1 && !dataParallelAttention) {
    return `Measured with ${data} whole replicas in one SGLang server over ${podsPerReplica(layout)} machines; SGLang starts those on one machine only: choose a configuration with data-parallel attention, or replicas of one machine each.`;
  }
  if (accelerators % tensor !== 0 && tensor % accelerators !== 0) {
    return `${tensor} tensor-parallel ranks do not divide into machines of ${accelerators} accelerators.`;
  }
  return null;
}

/** Leader and workers run the same command; rank 0 answers (SGLang's LeaderWorkerSet example). */
export function sglangGroup(layout: ReplicaLayout, command: readonly string[], args: readonly Argument[]): GroupPlan {
  const flags = (address: string, why: string): Argument[] => [
    { origin: "run", value: `--dist-init-addr=${address}:${RENDEZVOUS_PORT}`, why },
    {
      origin: "run",
      value: "--nnodes=$(LWS_GROUP_SIZE)",
      why: "this and the next are set by the LeaderWorkerSet in each pod",
    },
    { origin: "run", value: "--node-rank=$(LWS_WORKER_INDEX)" },
  ];
  const attention = layout.dataParallelAttention;
  const podIp = commented(
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    { name: "data-parallel attention opens sockets on the leader's address, which a name cannot be" },
  );
  return {
    leader: {
      command,
      commandComment: "said in full: the image's entrypoint only prepares the environment",
      arguments: [
        ...args,
        ...(attention
          ? flags("$(POD_IP)", "its own address")
          : flags("$(LWS_LEADER_ADDRESS)", "the leader's name, known before it is ready")),
      ],
      environment: attention ? [podIp] : [],
    },
    worker: {
      command,
      commandComment: "the leader's command; ranks above 0 answer no requests",
      arguments: [
        ...args.filter(({ value }) => !API_FLAGS.some((flag) => value.startsWith(flag))),
        ...flags("$(LWS_LEADER_ADDRESS)", "the leader's name, known before it is ready"),
      ],
      environment: [],
    },
    notes: [],
  };
}
