import type { Configuration } from "../../domain";
import { ok, type Refused, type Result, refused } from "../../result";

/** How one replica spreads over its accelerators, and how many such replicas were measured together. */
export interface ReplicaLayout {
  /** Replicas of one shape measured as one deployment, behind a router; 1 where one server was measured. */
  measuredReplicas: number;
  /** Accelerators of one pod: of the whole replica, or, where it spans several machines, of each of them. */
  accelerators: number;
  /** Machines one replica spans, a pod on each; left out = one. */
  machines?: number;
  /** As the server's own flag counts it. */
  tensor: number;
  /** Why it is not the report's own number; left out where it is. */
  tensorReason?: string;
  pipeline: number;
  /** Data-parallel ranks inside one server; each schedules its own requests. */
  data: number;
  expertParallel: boolean;
  /** Ranks the experts are spread over; 1 = not spread. */
  expert: number;
  /** Attention data-parallel; how that is written differs by server. */
  dataParallelAttention: boolean;
}

/** Pods of one replica: as many as it spans machines. */
export function podsPerReplica({ machines }: Pick<ReplicaLayout, "machines">): number {
  return machines ?? 1;
}

/** Accelerators of one replica, over all its machines. */
export function replicaAccelerators(layout: Pick<ReplicaLayout, "accelerators" | "machines">): number {
  return layout.accelerators * podsPerReplica(layout);
}

/** The shape of one replica as reported, with sizes in the report's own units. */
export interface MeasuredShape {
  /** The report's own spelling, for refusals. */
  label: string | null;
  measuredReplicas: number;
  accelerators: number;
  /** What the server counts: accelerators, or cores where an accelerator has several. */
  devices: number;
  /** `accelerators` or `cores`. */
  counted: string;
  tensor: number;
  pipeline: number;
  /** `null` = not reported. */
  data: number | null;
  expert: number | null;
  dataParallelAttention: boolean;
}

interface Label {
  replicas: number;
  tensor: number | null;
  pipeline: number | null;
  data: number | null;
  expert: number | null;
  dataParallelAttention: boolean;
}

const ROUTED_REPLICAS = /^(\d+)x\(tp(\d+)\)$/;
const SHAPE_TOKEN = /^(tp|pp|dp|ep|x)(\d+)$/;

/** Reads `8x(tp1)`, `tp2-x2`, `tp4-ep4-dpattn`, `tp1-dp8`; `null` for a spelling that is none of these. */
function readLabel(label: string | null): Label | null {
  const shape: Label = {
    replicas: 1,
    tensor: null,
    pipeline: null,
    data: null,
    expert: null,
    dataParallelAttention: false,
  };
  if (label === null) return shape;
  const routed = ROUTED_REPLICAS.exec(label);
  if (routed) return { ...shape, replicas: Number(routed[1]), tensor: Number(routed[2]) };
  for (const token of label.toLowerCase().split("-")) {
    if (token === "dpattn") {
      shape.dataParallelAttention = true;
      continue;
    }
    const match = SHAPE_TOKEN.exec(token);
    if (!match) return null;
    const size = Number(match[2]);
    if (match[1] === "tp") shape.tensor = size;
    else if (match[1] === "pp") shape.pipeline = size;
    else if (match[1] === "dp") shape.data = size;
    else if (match[1] === "ep") shape.expert = size;
    else shape.replicas = size;
  }
  return shape;
}

/**
 * The measured shape of one replica, or why it cannot be told. Nothing is guessed (elsewhere such a guess was off by a
 * factor of eight); whether the sizes multiply up is for the server to say, because each counts differently.
 * @param devicesPerAccelerator 2 where the server counts cores, two a chip (TPU7x), else 1
 * @param server the server as a sentence names it
 */
export function measuredShape(
  configuration: Configuration,
  devicesPerAccelerator: number,
  server: string,
): Result<MeasuredShape> {
  const { parallelism, acceleratorCount } = configuration;
  const known = parallelism.tensor !== null || parallelism.data !== null;
  const label = readLabel(parallelism.label) ?? (known ? readLabel(null) : null);
  if (label === null) {
    return refused(
      `The parallel layout "${parallelism.label}" is not one this generator can write as ${server} flags; tensor, pipeline and data parallel sizes are needed.`,
    );
  }
  const measuredReplicas = label.replicas;
  if (measuredReplicas < 1 || acceleratorCount % measuredReplicas !== 0) {
    return refused(
      `${acceleratorCount} accelerators cannot be shared evenly by ${measuredReplicas} replicas ("${parallelism.label}").`,
    );
  }
  const accelerators = acceleratorCount / measuredReplicas;
  const devices = accelerators * devicesPerAccelerator;
  const tensor = parallelism.tensor ?? label.tensor ?? (devices === 1 ? 1 : null);
  if (tensor === null) {
    return refused(
      `How the model was spread over the ${acceleratorCount} accelerators is not known (one tensor-parallel server, several replicas …), so its flags cannot be written down.`,
    );
  }
  return ok({
    label: parallelism.label,
    measuredReplicas,
    accelerators,
    devices,
    counted: devicesPerAccelerator === 1 ? "accelerators" : "cores",
    tensor,
    pipeline: parallelism.pipeline ?? label.pipeline ?? 1,
    data: parallelism.data ?? label.data,
    expert: parallelism.expert ?? label.expert,
    dataParallelAttention: label.dataParallelAttention,
  });
}

/** Why sizes that do not make up the accelerators measured are refused. */
export function sizesDiffer({ tensor, pipeline, data, devices, counted }: MeasuredShape): Refused {
  return refused(
    `Tensor ${tensor} × pipeline ${pipeline} × data ${data ?? 1} parallel make ${tensor * pipeline * (data ?? 1)}, but ${devices} ${counted} were measured as one server; what the rest did is not recorded.`,
  );
}
