import type { Accelerator } from "../../catalogue/catalogue";
import { isNvidia } from "../../catalogue/hosts";
import { normalPrecision, PRECISION_BITS } from "../../catalogue/precision";
import { formatNumber } from "../../format";
import { ok, type Result, refused } from "../../result";
import { tableEntry } from "../../table-entry";
import { BITS_PER_BYTE, BYTES_PER_GIB } from "../../units";
import type { Deployable } from "./choice";

/** Where an argument comes from: the measurement, what was chosen here, the platform, or the pod's own needs. */
export type ArgumentOrigin = "measurement" | "choice" | "platform" | "run";

const ORIGIN_LABELS: Record<ArgumentOrigin, string> = {
  measurement: "measured",
  choice: "choice",
  platform: "platform",
  run: "needed to run",
};

/** One item of a command line with where it comes from and the reason it is there. */
export interface Argument {
  value: string;
  /** `null` = belongs to the item before. */
  origin: ArgumentOrigin | null;
  why?: string | undefined;
}

/** Where an argument comes from, and why it is there, as the comment above it; `undefined` = none of its own. */
export function argumentComment({ origin, why }: Argument): string | undefined {
  if (origin === null) return undefined;
  const label = ORIGIN_LABELS[origin];
  return why === undefined ? label : why.startsWith(label) ? why : `${label}: ${why}`;
}

/** What is downloaded and how it is loaded. */
export interface Weights {
  /** Hugging Face id that is downloaded. */
  repository: string;
  bytes: number;
  /** How `bytes` is known, as part of a sentence. */
  bytesBasis: string;
  /** Whether these are the weights that were measured, as far as the source names them. */
  asMeasured: boolean;
  arguments: Argument[];
  notes: string[];
}

/** How one server loads weights on one accelerator. */
export interface Loading {
  /** The server as a sentence names it. */
  server: string;
  /** Flag that makes FP8 from 16-bit weights while loading; `null` where that does not work or is not known to. */
  onlineFp8: string | null;
  /** Flag for a 16-bit type other than that of the weights; `null` = the server has none. */
  dtype: ((name: "bfloat16" | "float16") => string) | null;
}

/** Stands in where neither the model nor the accelerator's memory is known. */
const UNKNOWN_WEIGHT_BYTES = 200 * BYTES_PER_GIB;
/** Share of accelerator memory weights and KV cache may fill (vLLM's default before 0.23; SGLang and TensorRT-LLM are near). */
const USABLE_MEMORY_SHARE = 0.9;

/** `fp4` in a report covers every four-bit float format; a named one must be that one. */
function samePrecision(measured: string, weights: string): boolean {
  return measured === weights || (measured === "fp4" && weights.endsWith("fp4"));
}

/** NVIDIA and AMD publish weights in formats their own accelerators compute in. */
function isPublishedFor(accelerator: Accelerator, checkpoint: string): boolean {
  if (checkpoint.startsWith("nvidia/")) return isNvidia(accelerator);
  return !checkpoint.startsWith("amd/") || accelerator.vendor === "AMD";
}

function sized(choice: Deployable, acceleratorsPerReplica: number): { bytes: number; basis: string } {
  const { model, configuration, accelerator } = choice;
  const bits = (precision: string | null | undefined) =>
    precision === null || precision === undefined ? undefined : tableEntry(PRECISION_BITS, normalPrecision(precision));
  const native = bits(model?.weightsPrecision);
  const served = bits(configuration.precision);
  if (model?.weightBytes) {
    const requantised =
      configuration.checkpoint !== null ||
      model.quantisedCheckpoints.some((item) => samePrecision(configuration.precision ?? "", item.precision));
    if (requantised && native !== undefined && served !== undefined && native !== served) {
      const bytes = (model.weightBytes * served) / native;
      return {
        bytes,
        basis: `${gigabytes(bytes)} of weights (the catalogue's size at ${served} instead of ${native} bits)`,
      };
    }
    return { bytes: model.weightBytes, basis: `${gigabytes(model.weightBytes)} of weights` };
  }
  const width = configuration.checkpoint === null ? (native ?? served) : (served ?? native);
  if (model?.totalParametersBillions && width !== undefined) {
    const bytes = (model.totalParametersBillions * 1e9 * width) / BITS_PER_BYTE;
    return {
      bytes,
      basis: `${gigabytes(bytes)} of weights (${model.totalParametersBillions} billion parameters × ${width} bits)`,
    };
  }
  if (accelerator.memoryGib !== null) {
    const bytes = accelerator.memoryGib * BYTES_PER_GIB * acceleratorsPerReplica * USABLE_MEMORY_SHARE;
    return {
      bytes,
      basis: `at most ${gigabytes(bytes)} of weights (size unknown: what fits the accelerators' memory)`,
    };
  }
  return {
    bytes: UNKNOWN_WEIGHT_BYTES,
    basis: `an assumed ${gigabytes(UNKNOWN_WEIGHT_BYTES)} of weights (size unknown)`,
  };
}

/** Bytes as whole GiB, rounded up. */
export function gibibytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_GIB);
}

/** `64000000000` → `64 GB`. */
export function gigabytes(bytes: number): string {
  return `${formatNumber(bytes / 1e9)} GB`;
}

/**
 * The weights to serve and the flag they need, if any. A named checkpoint is served as it is. Without one, the model's
 * own weights are served when they have the measured precision; FP8 can be made from 16-bit weights while loading where
 * the server does that, which needs the 16-bit weights in memory first; a published checkpoint of the measured precision
 * from the catalogue comes before that, and says so; everything else needs a checkpoint nobody named.
 */
export function servedWeights(choice: Deployable, acceleratorsPerReplica: number, loading: Loading): Result<Weights> {
  const { configuration, model, accelerator } = choice;
  const { bytes, basis } = sized(choice, acceleratorsPerReplica);
  const repository = configuration.checkpoint ?? configuration.model;
  const weights: Weights = { repository, bytes, bytesBasis: basis, asMeasured: true, arguments: [], notes: [] };
  if (configuration.checkpoint !== null) return ok(weights);
  if (configuration.precision === null) {
    weights.notes.push("The measured precision is not known; the weights are served as they are published.");
    return ok(weights);
  }
  const measured = normalPrecision(configuration.precision);
  if (!model?.weightsPrecision) {
    weights.notes.push(
      `Measured at ${configuration.precision}; the catalogue does not know the precision of these weights. They are served as they are published.`,
    );
    return ok(weights);
  }
  const native = normalPrecision(model.weightsPrecision);
  if (samePrecision(measured, native)) return ok(weights);

  const published = model.quantisedCheckpoints.find(
    (item) => samePrecision(measured, normalPrecision(item.precision)) && isPublishedFor(accelerator, item.checkpoint),
  );
  if (published !== undefined) {
    weights.repository = published.checkpoint;
    weights.asMeasured = false;
    weights.notes.push(
      `Measured at ${configuration.precision}, and the source does not name its weights: ${published.checkpoint} is the published checkpoint of that precision. Other weights may be faster or slower.`,
    );
    return ok(weights);
  }

  const sixteenBit = tableEntry(PRECISION_BITS, native) === 16;
  if (sixteenBit && loading.dtype !== null && (measured === "bf16" || measured === "fp16")) {
    const flag = loading.dtype(measured === "bf16" ? "bfloat16" : "float16");
    weights.arguments.push({
      origin: "measurement",
      value: flag,
      why: `measured at ${measured}; the weights are ${native}`,
    });
    return ok(weights);
  }
  if (sixteenBit && (measured === "bf16" || measured === "fp16")) {
    weights.asMeasured = false;
    weights.notes.push(
      `Measured at ${measured}; ${loading.server} serves the published ${native} weights as they are, which have as many bits.`,
    );
    return ok(weights);
  }
  if (sixteenBit && measured === "fp8" && loading.onlineFp8 !== null) {
    const memoryBytes = (accelerator.memoryGib ?? 0) * BYTES_PER_GIB * acceleratorsPerReplica * USABLE_MEMORY_SHARE;
    if (bytes > memoryBytes) {
      return refused(
        `Measured at fp8, but no FP8 checkpoint is named. Making FP8 from the published ${native} weights needs all ${gigabytes(bytes)} in accelerator memory first (${loading.server} loads at the original precision), and ${acceleratorsPerReplica} × ${accelerator.shortName} can hold ${gigabytes(memoryBytes)}. Name the checkpoint that was measured.`,
      );
    }
    weights.asMeasured = configuration.settings.serverArguments?.quantization === "fp8";
    weights.arguments.push({
      origin: "choice",
      value: loading.onlineFp8,
      why: `measured at fp8 and no FP8 checkpoint is named: ${loading.server} makes FP8 from the published ${native} weights while it loads them. A pre-quantised checkpoint in their place loads faster and needs no flag`,
    });
    weights.notes.push(
      `Measured at fp8 without a named checkpoint: the ${native} weights are quantised while loading (${loading.onlineFp8}).`,
    );
    return ok(weights);
  }
  return refused(
    `Measured at ${configuration.precision}, while ${configuration.model} is published as ${model.weightsPrecision}. ${loading.server} needs a pre-quantised checkpoint for that, and the source names none.`,
  );
}
