import type { Accelerator } from "../../catalogue/catalogue";
import { ok, type Result, refused } from "../../result";

/** Topology label of a slice that is one host, by chips: GKE label of the accelerator → chips → topology. */
const SINGLE_HOST_TOPOLOGIES: Record<string, Record<number, string>> = {
  "tpu-v5-lite-podslice": { 1: "1x1", 4: "2x2", 8: "2x4" },
  "tpu-v6e-slice": { 1: "1x1", 4: "2x2", 8: "2x4" },
  tpu7x: { 1: "1x1x1", 4: "2x2x1" },
};

/** Chips of each host in a slice of several. */
const CHIPS_PER_HOST = 4;
/** Slices of several hosts, by chips. 2x4 of v5e and v6e is sold as two hosts too, under the labels of one: not here. */
const FLAT_SLICES: Record<number, string> = { 16: "4x4", 32: "4x8", 64: "8x8", 128: "8x16", 256: "16x16" };
const MULTI_HOST_TOPOLOGIES: Record<string, Record<number, string>> = {
  "tpu-v5-lite-podslice": FLAT_SLICES,
  "tpu-v6e-slice": FLAT_SLICES,
  tpu7x: { 8: "2x2x2", 16: "2x2x4", 32: "2x4x4", 64: "4x4x4" },
};

/** `8` chips of v6e → `2x4`, `16` → `4x4`. Shapes that are not sold are refused. @param chips of the whole slice */
export function tpuTopology(accelerator: Accelerator, chips: number): Result<string> {
  const label = accelerator.gkeAcceleratorLabel ?? "";
  const single = SINGLE_HOST_TOPOLOGIES[label];
  const several = MULTI_HOST_TOPOLOGIES[label];
  if (single === undefined || several === undefined) {
    return refused(`Manifests for ${accelerator.name} are not written yet.`);
  }
  const topology = single[chips] ?? several[chips];
  if (topology !== undefined) return ok(topology);
  const sizes = [...Object.keys(single), ...Object.keys(several)].join(", ");
  return refused(`Slices of ${accelerator.name} have ${sizes} chips; there is none of ${chips}.`);
}

/** Hosts of a slice, or why there is no such slice. */
export function tpuHosts(accelerator: Accelerator, chips: number): Result<number> {
  const topology = tpuTopology(accelerator, chips);
  if (!topology.ok) return topology;
  const single = SINGLE_HOST_TOPOLOGIES[accelerator.gkeAcceleratorLabel ?? ""]?.[chips];
  return ok(single === undefined ? chips / CHIPS_PER_HOST : 1);
}
