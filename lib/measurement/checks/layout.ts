import type { ConfigurationFacts } from "../../domain";
import { formatCount } from "../../format";
import { devicesOf } from "../layout-devices";
import type { PointCheck, Setup } from "./check";

function sentence(setup: Setup, devices: number): string {
  const { parallelism, acceleratorCount } = setup.configuration;
  const { tensor, pipeline, data, context } = parallelism;
  const sizes = [
    ["tensor", tensor],
    ["pipeline", pipeline],
    ["data", data],
    ["context", context],
  ].flatMap(([name, size]) => (size === null ? [] : [`${name} ${size}`]));
  const layout = parallelism.label ?? sizes.join(" × ");
  return `${layout} takes ${formatCount(devices)} accelerators, ${formatCount(acceleratorCount)} ${acceleratorCount === 1 ? "is" : "are"} stated`;
}

/** Devices the experts are spread over, by size or label; 1 = not said. */
function expertsOf({ parallelism }: ConfigurationFacts): number {
  if (parallelism.expert !== null || parallelism.label === null) return parallelism.expert ?? 1;
  const stated = /(?:^|[^a-z])ep(\d{1,5})(?![a-z0-9])/.exec(parallelism.label.toLowerCase())?.[1];
  return Number(stated ?? 1);
}

export const layoutUsesAccelerators: PointCheck = {
  flag: "accelerators_beyond_parallelism",
  consequence: "note",
  asks: "Does the layout use all accelerators stated?",
  tolerance: "a whole number of copies of it; where data parallelism is stated, one, or one on each machine",
  source:
    "accelerators that no rank runs on are in the costs and in figures per accelerator: a host’s count taken for the deployment’s",
  find({ measurement, setup }) {
    if (setup === null) return null;
    const { configuration, accelerator } = setup;
    const { data, label } = configuration.parallelism;
    const ranks = devicesOf(configuration);
    // Experts that are spread over several devices use them, whatever else does.
    const devices = ranks === null ? null : Math.max(ranks, expertsOf(configuration));
    if (devices === null || devices <= 0 || measurement.qualityFlags.includes("tp_counts_cores")) return null;
    if (configuration.servingMode === "disaggregated") return null;
    const all = configuration.acceleratorCount * (accelerator?.hardware?.serverDevices ?? 1);
    const saysAll = data !== null || /x\(|x\d/.test(label ?? "");
    // A layout may be that of one of several equal machines.
    const onEach = devices * (configuration.nodes ?? 1);
    if (devices >= all || onEach === all || (!saysAll && all % devices === 0)) return null;
    return { reason: sentence(setup, devices) };
  },
};

export const layoutFitsAccelerators: PointCheck = {
  flag: "parallelism_exceeds_accelerators",
  consequence: "doubt",
  asks: "Do tensor × pipeline × data × context parallelism fit on the accelerators stated?",
  tolerance:
    "none; expert parallelism divides and does not multiply, nor does data-parallel attention (SGLang, TensorRT-LLM); chips of two cores count two",
  source: "each rank takes an accelerator of its own; figures per accelerator and costs are wrong by the same factor",
  find({ measurement, setup }) {
    if (setup === null) return null;
    const devices = devicesOf(setup.configuration);
    const perAccelerator = setup.accelerator?.hardware?.serverDevices ?? 1;
    if (devices === null || measurement.qualityFlags.includes("tp_counts_cores")) return null;
    if (devices <= setup.configuration.acceleratorCount * perAccelerator) return null;
    return { reason: sentence(setup, devices) };
  },
};
