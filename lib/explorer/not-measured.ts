import { measuringPath } from "../api/measuring-path";
import { formatNumber } from "../format";
import type { ExplorerData, ModelChoice } from "./data";

/** Another model that was measured on an accelerator, and what it has otherwise. */
export interface NearModel {
  id: string;
  displayName: string;
  /** `same family, 70.6 B parameters (67.6 B active)`. */
  differs: string;
}

/** An accelerator nobody measured here, and where it was measured that comes nearest. */
export interface NotMeasured {
  accelerator: string;
  /** Workloads of the same model that were measured on it, most data first. */
  workloads: string[];
  /** Other models as large, or of the family, measured on it, the nearest first; only where the model itself was not. */
  models: NearModel[];
  /** Path of the Job that would measure it; `null` where the workload cannot be repeated. */
  job: string | null;
}

const MAX_NAMED = 3;
/** Accelerators many people ask for: named where the reader gives none of their own. */
const POPULAR = ["h100-sxm-80gb", "h200-sxm-141gb", "b200-sxm-180gb", "mi300x-192gb"];
/** Sizes within this ratio need about the same memory and time a token. */
const SAME_SIZE = 1.4;

type Sized = Pick<ModelChoice, "family" | "totalParametersBillions" | "activeParametersBillions">;

function ratioOf(a: number | null, b: number | null): number | null {
  return a === null || b === null || a <= 0 || b <= 0 ? null : Math.max(a / b, b / a);
}

/** How far apart two models are in size: the larger of the ratios of their total and active parameters; `null` = not known. */
function sizeRatio(a: Sized, b: Sized): number | null {
  const total = ratioOf(a.totalParametersBillions, b.totalParametersBillions);
  const active = ratioOf(a.activeParametersBillions, b.activeParametersBillions);
  return total === null ? null : Math.max(total, active ?? 1);
}

function differsText(model: Sized, other: Sized): string {
  const { totalParametersBillions: total, activeParametersBillions: active } = other;
  const isFamily = model.family !== null && other.family === model.family;
  const size =
    total === null
      ? null
      : `${formatNumber(total)} B parameters${active === null || active === total ? "" : `, ${formatNumber(active)} B active`}`;
  return [isFamily ? "same family" : other.family, size].filter((part) => part !== null).join(", ");
}

/** Models measured on an accelerator that come near: of the same size first (those of the family before others), then the family. */
function nearModels(
  data: Pick<ExplorerData, "models">,
  model: Sized & { id: string },
  accelerator: string,
): NearModel[] {
  return data.models
    .filter((other) => other.id !== model.id && other.accelerators.includes(accelerator))
    .map((other) => ({
      other,
      ratio: sizeRatio(model, other),
      isFamily: model.family !== null && other.family === model.family,
    }))
    .filter(({ ratio, isFamily }) => isFamily || (ratio !== null && ratio <= SAME_SIZE))
    .sort((a, b) => {
      const isSize = (item: typeof a): number => Number(!(item.ratio !== null && item.ratio <= SAME_SIZE));
      return (
        isSize(a) - isSize(b) ||
        Number(b.isFamily) - Number(a.isFamily) ||
        (a.ratio ?? Number.POSITIVE_INFINITY) - (b.ratio ?? Number.POSITIVE_INFINITY) ||
        b.other.loadPoints - a.other.loadPoints
      );
    })
    .slice(0, MAX_NAMED)
    .map(({ other }) => ({ id: other.id, displayName: other.displayName, differs: differsText(model, other) }));
}

/**
 * Which accelerators of the stock (of the popular ones, without a stock) nobody measured for this model and workload, with the
 * nearest that was (the same model under other workloads, else models as large or of the family), and the Job that would.
 */
export function notMeasuredHere(
  data: Pick<ExplorerData, "models" | "model" | "workload" | "workloads">,
  stock: readonly { accelerator: string }[],
): NotMeasured[] {
  const { model, workload } = data;
  if (model === null) return [];
  const here = data.workloads.find((item) => item.workload.workloadId === workload?.workloadId)?.accelerators ?? [];
  const wanted = stock.length === 0 ? POPULAR : [...new Set(stock.map(({ accelerator }) => accelerator))];
  return wanted
    .filter((accelerator) => !here.includes(accelerator))
    .map((accelerator) => {
      const workloads = data.workloads
        .filter((item) => item.accelerators.includes(accelerator))
        .map((item) => item.workload.workloadId)
        .slice(0, MAX_NAMED);
      return {
        accelerator,
        workloads,
        models: workloads.length > 0 ? [] : nearModels(data, model, accelerator),
        job: measuringPath({ model: model.id, accelerator, workload: workload ?? DEFAULT_WORKLOAD }),
      };
    });
}

/** What a model nobody measured is measured with first: what most of the others were. */
const DEFAULT_WORKLOAD = { dataset: "random", inputTokens: 1024, outputTokens: 1024 };
