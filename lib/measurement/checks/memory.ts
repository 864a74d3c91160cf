import { normalPrecision, PRECISION_BITS } from "../../catalogue/precision";
import { formatNumber } from "../../format";
import { tableEntry } from "../../table-entry";
import { BYTES_PER_GIB } from "../../units";
import type { PointCheck, Setup } from "./check";

/** Published sizes are rounded, and a checkpoint may keep single layers at another precision. */
const TOLERANCE = 0.9;

/** The least the weights can take at the stated precision, bytes; `null` = not known, or they may lie elsewhere. */
function leastWeightBytes({ configuration, model }: Setup): number | null {
  if (!model?.weightBytes || !model.weightsPrecision || configuration.precision === null) return null;
  const names = Object.keys(configuration.settings.serverArguments ?? {});
  if (names.some((name) => name.includes("offload"))) return null;
  const published = tableEntry(PRECISION_BITS, normalPrecision(model.weightsPrecision));
  const served = tableEntry(PRECISION_BITS, normalPrecision(configuration.precision));
  if (published === undefined || served === undefined) return null;
  return (model.weightBytes * Math.min(served, published)) / published;
}

export const weightsFitMemory: PointCheck = {
  flag: "weights_exceed_memory",
  consequence: "doubt",
  asks: "Do the weights fit the memory of all accelerators stated?",
  tolerance:
    "10%; by the size of the published weights at the lower of their own and the stated precision; not asked where weights are offloaded",
  source: "a server cannot start without its weights: the count is another one’s, or the precision is",
  find({ setup }) {
    if (setup === null || setup.accelerator?.memoryGib === null || setup.accelerator === null) return null;
    const bytes = leastWeightBytes(setup);
    if (bytes === null) return null;
    const { memoryGib, shortName } = setup.accelerator;
    const { acceleratorCount } = setup.configuration;
    const memory = memoryGib * BYTES_PER_GIB * acceleratorCount;
    if (bytes * TOLERANCE <= memory) return null;
    return {
      reason: `${formatNumber(bytes / 1e9)} GB of weights do not fit the ${formatNumber(memory / 1e9)} GB of ${acceleratorCount} × ${shortName}`,
    };
  },
};
