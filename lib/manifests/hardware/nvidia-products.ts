import type { Accelerator } from "../../domain";

/**
 * Product names of NVML, as NVIDIA's DRA driver publishes them and, with dashes for blanks, GPU feature discovery labels nodes.
 * Only those seen in official material; others circulate that no node has.
 */
const PRODUCTS: Record<string, string> = {
  "h100-sxm-80gb": "NVIDIA H100 80GB HBM3",
  "h100-nvl-94gb": "NVIDIA H100 NVL",
  "h200-sxm-141gb": "NVIDIA H200",
  "b200-sxm-180gb": "NVIDIA B200",
  "gb200-nvl72": "NVIDIA GB200",
  "gb300-nvl72": "NVIDIA GB300",
  "a100-sxm-80gb": "NVIDIA A100-SXM4-80GB",
  "a100-sxm-40gb": "NVIDIA A100-SXM4-40GB",
  "l4-24gb": "NVIDIA L4",
  "l40s-48gb": "NVIDIA L40S",
};

/** The product name of a GPU, where it is certain. */
export function nvidiaProduct(accelerator: Accelerator): string | undefined {
  return PRODUCTS[accelerator.id];
}

/** Drivers report somewhat less or more than the catalogue's memory: share by which it may differ, of any vendor. */
export const REPORTED_MEMORY_TOLERANCE = 0.1;
