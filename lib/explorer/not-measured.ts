import type { ExplorerData } from "./data";

/** An accelerator nobody measured here, and where it was measured that comes nearest. */
export interface NotMeasured {
  accelerator: string;
  /** Workloads of the same model that were measured on it, most data first. */
  workloads: string[];
  /** Other models of the family measured on it, most data first; only where the model itself was not. */
  models: { id: string; displayName: string }[];
}

const MAX_NAMED = 3;
/** Accelerators many people ask for: named where the reader gives none of their own. */
const POPULAR = ["h100-sxm-80gb", "h200-sxm-141gb", "b200-sxm-180gb", "mi300x-192gb"];

/**
 * Which accelerators of the stock (of the popular ones, without a stock) nobody measured for this model and workload, with the
 * nearest that was: the same model under other workloads, else other models of the family.
 */
export function notMeasuredHere(
  data: Pick<ExplorerData, "models" | "model" | "workload" | "workloads">,
  stock: readonly { accelerator: string }[],
): NotMeasured[] {
  const { model, workload } = data;
  if (model === null || workload === null) return [];
  const here = data.workloads.find((item) => item.workload.workloadId === workload.workloadId)?.accelerators ?? [];
  const wanted = stock.length === 0 ? POPULAR : [...new Set(stock.map(({ accelerator }) => accelerator))];
  return wanted
    .filter((accelerator) => !here.includes(accelerator))
    .map((accelerator) => {
      const workloads = data.workloads
        .filter((item) => item.accelerators.includes(accelerator))
        .map((item) => item.workload.workloadId)
        .slice(0, MAX_NAMED);
      const models =
        workloads.length > 0 || model.family === null
          ? []
          : data.models
              .filter((item) => item.family === model.family && item.accelerators.includes(accelerator))
              .sort((a, b) => b.loadPoints - a.loadPoints)
              .slice(0, MAX_NAMED)
              .map(({ id, displayName }) => ({ id, displayName }));
      return { accelerator, workloads, models };
    });
}
