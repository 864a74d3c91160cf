import type { Configuration } from "../domain";
import { type Outcome, ok, refused } from "./outcome";

/** How one replica spreads over its accelerators, and how many such replicas were measured together. */
export interface ReplicaLayout {
  /** Replicas of one shape measured as one deployment, behind a router; 1 where one server was measured. */
  measuredReplicas: number;
  /** Accelerators of one replica. */
  accelerators: number;
  tensor: number;
  pipeline: number;
  data: number;
  expertParallel: boolean;
  /** Attention data-parallel, experts parallel: written tensor parallel 1 × data parallel N for vLLM. */
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
 * The shape to deploy, or why the measured one cannot be told. Nothing is guessed: sizes that do not multiply up to the
 * accelerators measured are refused (elsewhere such a guess was off by a factor of eight).
 * `devicesPerAccelerator` is 2 where the server counts cores, two a chip (TPU7x), else 1.
 */
export function replicaLayout(configuration: Configuration, devicesPerAccelerator: number): Outcome<ReplicaLayout> {
  const { parallelism, acceleratorCount } = configuration;
  const known = parallelism.tensor !== null || parallelism.data !== null;
  const label = readLabel(parallelism.label) ?? (known ? readLabel(null) : null);
  if (label === null) {
    return refused(
      `The parallel layout "${parallelism.label}" is not one this generator can write as vLLM flags; tensor, pipeline and data parallel sizes are needed.`,
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
  const pipeline = parallelism.pipeline ?? label.pipeline ?? 1;
  const data = parallelism.data ?? label.data;
  const expert = parallelism.expert ?? label.expert;

  if (label.dataParallelAttention) {
    if (devicesPerAccelerator !== 1 || pipeline !== 1 || (data ?? 1) !== 1 || expert !== tensor || tensor !== devices) {
      return refused(
        `Data-parallel attention is only written for one data-parallel rank an accelerator with all experts parallel (tpN-epN-dpattn on N accelerators); "${parallelism.label}" on ${accelerators} is not that.`,
      );
    }
    return ok({
      measuredReplicas,
      accelerators,
      tensor: 1,
      pipeline: 1,
      data: tensor,
      expertParallel: true,
      dataParallelAttention: true,
    });
  }

  const product = tensor * pipeline * (data ?? 1);
  if (product !== devices) {
    const counted = devicesPerAccelerator === 1 ? "accelerators" : "cores";
    return refused(
      `Tensor ${tensor} × pipeline ${pipeline} × data ${data ?? 1} parallel make ${product}, but ${devices} ${counted} were measured as one server; what the rest did is not recorded.`,
    );
  }
  const expertParallel = expert !== null && expert > 1;
  if (expertParallel && expert !== tensor * (data ?? 1)) {
    return refused(
      `vLLM spreads experts over tensor × data parallel = ${tensor * (data ?? 1)} ranks; the measured expert parallel size ${expert} cannot be asked for.`,
    );
  }
  return ok({
    measuredReplicas,
    accelerators,
    tensor,
    pipeline,
    data: data ?? 1,
    expertParallel,
    dataParallelAttention: false,
  });
}
