import type { ConfigurationFacts } from "../domain";

/** Servers in which data-parallel attention shares the tensor-parallel accelerators: data parallelism does not multiply there. */
const DATA_DIVIDES = /sglang|trtllm|tensorrt/;

/** The report's own short form of a layout: `tp8`, `pp2`, `cp2`, `dp4`. */
const SIZE = /(?:^|[^a-z])(tp|pp|cp|dp|x)(\d{1,5})(?![a-z0-9])/g;
/** Replicas behind a router, or one role of a disaggregated deployment: `2x(tp4)`, `p1x(tp8)+d3x(tp4)`. */
const REPLICAS = /[pd]?(\d{1,5})x\(([^)]{0,80})\)/g;

type Laid = Pick<ConfigurationFacts, "parallelism" | "server">;

function labelOf({ parallelism }: Laid): string {
  return (parallelism.label ?? "").toLowerCase().slice(0, 200);
}

function dataDivides({ parallelism, server }: Laid): boolean {
  return DATA_DIVIDES.test(server?.toLowerCase() ?? "") || /dpattn/.test(parallelism.label ?? "");
}

/** The engines a layout's label names beside one another, each with its devices; empty where it names none. */
export function enginesOf(configuration: Laid): { count: number; devices: number }[] {
  const divides = dataDivides(configuration);
  return [...labelOf(configuration).matchAll(REPLICAS)].map(([, count, inner]) => ({
    count: Number(count),
    devices: productOf(sizesIn(inner ?? ""), divides) ?? 1,
  }));
}

/** Devices by the configuration they are of, because all points of a configuration ask. Facts never change once they are made. */
const DEVICES = new WeakMap<Laid, number | null>();

/** Devices a layout takes, as the server counts them: at least, where it does not say all of it. `null` = it says nothing. */
export function devicesOf(configuration: Laid): number | null {
  const known = DEVICES.get(configuration);
  if (known !== undefined) return known;
  const devices = countedDevices(configuration);
  DEVICES.set(configuration, devices);
  return devices;
}

function countedDevices(configuration: Laid): number | null {
  const engines = enginesOf(configuration);
  if (engines.length > 0) return engines.reduce((sum, { count, devices }) => sum + count * devices, 0);
  const { parallelism } = configuration;
  const sizes = sizesIn(labelOf(configuration));
  const { tensor, pipeline, data, context } = parallelism;
  if (tensor !== null) sizes.set("tp", tensor);
  if (pipeline !== null) sizes.set("pp", pipeline);
  if (data !== null) sizes.set("dp", data);
  if (context !== null) sizes.set("cp", context);
  return productOf(sizes, dataDivides(configuration));
}

function sizesIn(text: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [, name, size] of text.matchAll(SIZE)) if (name !== undefined) sizes.set(name, Number(size));
  return sizes;
}

/** Expert parallelism is not in it: it spreads experts over the devices there are. */
function productOf(sizes: ReadonlyMap<string, number>, divides: boolean): number | null {
  if (sizes.size === 0) return null;
  const tensor = (sizes.get("tp") ?? 1) * (sizes.get("pp") ?? 1) * (sizes.get("cp") ?? 1) * (sizes.get("x") ?? 1);
  const data = sizes.get("dp") ?? 1;
  return divides ? Math.max(tensor, data) : tensor * data;
}
