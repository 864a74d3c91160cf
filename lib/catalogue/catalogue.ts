/**
 * What is known before anything is measured: models, accelerators with the machines they are sold in, and prices, as
 * `data/*.csv` has them. Money in USD. `null` means not known.
 */

/** One type of machine with accelerators, as its seller names it. */
export interface Machine {
  /** Id of the seller, as prices name it: `aws`. */
  seller: string;
  type: string;
  /** Catalogue id. */
  accelerator: string;
  accelerators: number;
  cpu: number;
  memoryGib: number;
  source: string;
}

/** CPU of the machine, as Kubernetes names it. */
export const HOST_ARCHITECTURES = ["amd64", "arm64"] as const;
export type HostArchitecture = (typeof HOST_ARCHITECTURES)[number];

/** What placing pods and choosing images needs to know of an accelerator. `null` = not known. */
export interface AcceleratorHardware {
  /** Generation, lower case: `hopper`, `blackwell`, `cdna3`, `trainium2` … */
  architecture: string | null;
  /** Accelerators of the largest single machine. */
  maximumPerMachine: number;
  /** CPUs and memory a pod asks for with each accelerator; `null` = the share of its memory class. */
  podCpu: number | null;
  podMemoryGib: number | null;
  hostArchitecture: HostArchitecture;
  /** Its machines are sold as whole racks that NVLink joins. */
  isNvlinkRack: boolean;
  /** Devices Kubernetes sees of one: 2 for modules of two dies. */
  kubernetesDevices: number;
  /** Devices a server counts for one: 2 where a chip has two cores. */
  serverDevices: number;
  /** CUDA compute capability: `9.0`. */
  computeCapability: string | null;
  /** NVIDIA's own name of it, as its management library and DRA driver report it; node labels have dashes for the blanks. */
  productName: string | null;
  /** PCI device ids by which AMD's node labeller names it: the card and its virtual function. */
  pciDeviceIds: string[];
  /** Karpenter's name, and its memory (MiB) where one name has several sizes. */
  karpenterName: string | null;
  karpenterMemoryMib: number | null;
  /** Of a processor, as Node Feature Discovery labels it: vendor, family, model number. */
  cpuModel: { vendor: string; family: string; model: string } | null;
  /** Logical CPUs of a processor's socket, two a core. */
  socketThreads: number | null;
  /** CSS colours on light and on dark. */
  colour: { light: string; dark: string } | null;
  /** Machines it is sold in: few accelerators and small machines first. */
  machines: Machine[];
}

export interface Accelerator {
  id: string;
  name: string;
  /** Short name for charts and sentences: `H100 SXM`, `MI300X`. */
  shortName: string;
  vendor: string;
  memoryGib: number | null;
  memoryBandwidthGbPerSecond: number | null;
  bf16Tflops: number | null;
  fp8Tflops: number | null;
  fp4Tflops: number | null;
  tdpWatts: number | null;
  interconnect: string | null;
  kubernetesResource: string | null;
  gkeNodeLabel: string | null;
  gkeAcceleratorLabel: string | null;
  /** Alternative spellings a person or report may use (lower case). */
  aliases: string[];
  source: string;
  notes: string | null;
  /** What is known of the hardware around it; `null` = nothing, or not sent along. */
  hardware: AcceleratorHardware | null;
}

export interface Model {
  /** Hugging Face id. */
  id: string;
  displayName: string;
  family: string | null;
  totalParametersBillions: number | null;
  activeParametersBillions: number | null;
  contextLengthTokens: number | null;
  weightsPrecision: string | null;
  weightBytes: number | null;
  /**
   * Published checkpoints of the same model at other precisions. Serves a measurement whose source names its precision but
   * not its weights; whoever uses one says so.
   */
  quantisedCheckpoints: { precision: string; checkpoint: string }[];
  licence: string | null;
  /** Needs a Hugging Face token; `null` = not known. */
  gated: boolean | null;
  source: string;
}

export const PRICE_KINDS = ["on_demand", "spot", "reserved_1y", "reserved_3y", "tco"] as const;
/** `tco` rows are total-cost-of-ownership estimates, not offers. */
export type PriceKind = (typeof PRICE_KINDS)[number];

export interface Price {
  priceId: string;
  provider: string;
  instanceType: string | null;
  region: string | null;
  acceleratorId: string;
  /** Accelerators in the instance the price is for. */
  acceleratorCount: number;
  /** USD per hour of the whole instance. */
  usdPerHour: number;
  kind: PriceKind;
  /** True where the row prices the accelerator alone: CPU and memory come on top. */
  acceleratorOnly: boolean;
  asOf: string | null;
  source: string;
  notes: string | null;
}
