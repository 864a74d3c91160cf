import { ok, type Result, refused } from "../../result";
import { type MeasuredShape, type ReplicaLayout, sizesDiffer } from "../plan/replica-layout";
import type { Argument } from "../plan/served-weights";

/**
 * Some reports count how the experts' layers are split, not the whole model's (ML.ENERGY's `tp1-ep8`, `data` 1, of a server
 * started with `--tensor-parallel-size=8 --enable-expert-parallel`; ml-energy/data, `records/runs.py`). In vLLM experts spread
 * over tensor × data, so with all devices parallel in experts and no data parallelism tensor can only be all of them.
 */
function countsExpertLayers({ tensor, pipeline, data, expert, devices }: MeasuredShape): boolean {
  return tensor === 1 && pipeline === 1 && data === 1 && expert === devices && devices > 1;
}

/**
 * vLLM: tensor × pipeline × data parallel are all devices, and experts spread over tensor × data. Data-parallel attention
 * is tensor parallel 1 with one data-parallel rank an accelerator.
 */
export function vllmLayout(shape: MeasuredShape): Result<ReplicaLayout> {
  const { label, measuredReplicas, accelerators, devices, tensor, pipeline, expert } = shape;
  const data = shape.data ?? 1;
  if (shape.dataParallelAttention) {
    if (devices !== accelerators || pipeline !== 1 || data !== 1 || expert !== tensor || tensor !== devices) {
      return refused(
        `Data-parallel attention is only written for one data-parallel rank an accelerator with all experts parallel (tpN-epN-dpattn on N accelerators); "${label}" on ${accelerators} is not that.`,
      );
    }
    return ok({
      measuredReplicas,
      accelerators,
      tensor: 1,
      pipeline: 1,
      data: tensor,
      expertParallel: true,
      expert: tensor,
      dataParallelAttention: true,
    });
  }
  if (countsExpertLayers(shape)) {
    return ok({
      measuredReplicas,
      accelerators,
      tensor: devices,
      tensorReason: `the source counts tensor parallel 1 for the experts' layers alone: with experts spread over all ${devices} and no data parallelism, vLLM splits everything else ${devices} ways`,
      pipeline: 1,
      data: 1,
      expertParallel: true,
      expert: devices,
      dataParallelAttention: false,
    });
  }
  if (tensor * pipeline * data !== devices) return sizesDiffer(shape);
  const expertParallel = expert !== null && expert > 1;
  if (expertParallel && expert !== tensor * data) {
    return refused(
      `vLLM spreads experts over tensor × data parallel = ${tensor * data} ranks; the measured expert parallel size ${expert} cannot be asked for.`,
    );
  }
  return ok({
    measuredReplicas,
    accelerators,
    tensor,
    pipeline,
    data,
    expertParallel,
    expert: expertParallel ? tensor * data : 1,
    dataParallelAttention: false,
  });
}

/** The layout as flags of `vllm serve`. */
export function vllmParallelArguments(layout: ReplicaLayout): Argument[] {
  const args: Argument[] = [
    {
      origin: "measurement",
      value: `--tensor-parallel-size=${layout.tensor}`,
      why: layout.dataParallelAttention
        ? "attention data-parallel with parallel experts: in vLLM tensor parallel 1, one data-parallel rank an accelerator and expert parallelism"
        : layout.tensorReason,
    },
  ];
  if (layout.pipeline > 1) args.push({ origin: "measurement", value: `--pipeline-parallel-size=${layout.pipeline}` });
  if (layout.data > 1) args.push({ origin: "measurement", value: `--data-parallel-size=${layout.data}` });
  if (layout.expertParallel) args.push({ origin: "measurement", value: "--enable-expert-parallel" });
  return args;
}
