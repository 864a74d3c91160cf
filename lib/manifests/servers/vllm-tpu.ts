import type { Accelerator } from "../../domain";
import { type Outcome, ok, refused } from "../outcome";

/** Topology label of a slice that is one host, by chips: GKE label of the accelerator → chips → topology. */
const SINGLE_HOST_TOPOLOGIES: Record<string, Record<number, string>> = {
  "tpu-v5-lite-podslice": { 1: "1x1", 4: "2x2", 8: "2x4" },
  "tpu-v6e-slice": { 1: "1x1", 4: "2x2", 8: "2x4" },
  tpu7x: { 1: "1x1x1", 4: "2x2x1" },
};

/** TensorCores vLLM counts as devices: TPU7x has two a chip (4 chips serve tensor parallel 8). */
export function tpuDevicesPerChip(accelerator: Accelerator): number {
  return accelerator.gkeAcceleratorLabel === "tpu7x" ? 2 : 1;
}

/** `8` chips of v6e → `2x4`. Slices of several hosts and shapes that are not sold are refused. */
export function tpuTopology(accelerator: Accelerator, chips: number): Outcome<string> {
  const shapes = SINGLE_HOST_TOPOLOGIES[accelerator.gkeAcceleratorLabel ?? ""];
  if (shapes === undefined) return refused(`Manifests for ${accelerator.name} are not written yet.`);
  const topology = shapes[chips];
  if (topology !== undefined) return ok(topology);
  const sizes = Object.keys(shapes).join(", ");
  return refused(
    `${accelerator.name} hosts have ${sizes} chips; ${chips} chips need a slice of several hosts (a LeaderWorkerSet), which is not written yet.`,
  );
}
