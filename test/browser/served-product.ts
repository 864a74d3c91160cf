import { inject } from "vitest";
import type { ServedProduct } from "./server.setup";

/** The product that is this worker's own. */
export function servedProduct(): ServedProduct {
  const worker = process.env.VITEST_POOL_ID;
  const product = inject("products")[Number(worker) - 1];
  if (product === undefined) throw new Error(`There is no product for worker ${worker}.`);
  return product;
}
