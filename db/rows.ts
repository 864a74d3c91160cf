import type {
  Accelerator,
  AcceleratorHardware,
  Configuration,
  LoadPoint,
  Machine,
  Model,
  Price,
  Run,
  Workload,
} from "../lib/domain";
import { flagFromText, type QualityFlag } from "../lib/measurement/quality-flags";
import type {
  AcceleratorRow,
  ConfigurationRow,
  HardwareRow,
  MachineRow,
  ModelRow,
  PriceRow,
  RunRow,
  WorkloadRow,
} from "./schema";

/** Rows to domain types and back. The only place that knows both spellings. */

/** Separates list items in one text column; no alias or flag contains it. */
const LIST_SEPARATOR = ";";

/** `"a;b"` → `["a", "b"]`; `""` → `[]`. */
export function listFromText(text: string): string[] {
  return text === "" ? [] : text.split(LIST_SEPARATOR);
}

/** Caveats as they are stored. */
export function flagsFromText(text: string): QualityFlag[] {
  return listFromText(text).map(flagFromText);
}

/** `["a", "b"]` → `"a;b"`. */
export function textFromList(items: readonly string[]): string {
  return items.join(LIST_SEPARATOR);
}

/** `fp4=owner/name;fp8=owner/other` as pairs; a piece without `=` is dropped (the reader of the file refuses it). */
export function checkpointsFromText(text: string): Model["quantisedCheckpoints"] {
  return text.split(LIST_SEPARATOR).flatMap((piece) => {
    const [precision = "", checkpoint = ""] = piece.split("=");
    return precision === "" || checkpoint === "" ? [] : [{ precision, checkpoint }];
  });
}

export function modelFromRow(row: ModelRow): Model {
  return {
    id: row.model_id,
    displayName: row.display_name,
    family: row.family,
    totalParametersBillions: row.total_parameters_billions,
    activeParametersBillions: row.active_parameters_billions,
    contextLengthTokens: row.context_length_tokens,
    weightsPrecision: row.weights_precision,
    weightBytes: row.weight_bytes,
    quantisedCheckpoints: checkpointsFromText(row.quantised_checkpoints),
    licence: row.licence,
    gated: row.gated === null ? null : row.gated === 1,
    source: row.source,
  };
}

export function acceleratorFromRow(row: AcceleratorRow): Accelerator {
  return {
    id: row.accelerator_id,
    name: row.name,
    shortName: row.short_name,
    vendor: row.vendor,
    memoryGib: row.memory_gib,
    memoryBandwidthGbPerSecond: row.memory_bandwidth_gb_per_second,
    bf16Tflops: row.bf16_tflops,
    fp8Tflops: row.fp8_tflops,
    fp4Tflops: row.fp4_tflops,
    tdpWatts: row.tdp_watts,
    interconnect: row.interconnect,
    kubernetesResource: row.kubernetes_resource,
    gkeNodeLabel: row.gke_node_label,
    gkeAcceleratorLabel: row.gke_accelerator_label,
    aliases: listFromText(row.aliases),
    source: row.source,
    notes: row.notes,
    hardware: null,
  };
}

/** `Intel;6;143` as the parts it is made of; `null` for any other text. */
export function cpuModelFromText(text: string): AcceleratorHardware["cpuModel"] {
  const [vendor, family, model, ...others] = listFromText(text);
  return vendor && family && model && others.length === 0 ? { vendor, family, model } : null;
}

/** `#0b5cad;#5fa8f0` as the colours on light and on dark; `null` for any other text. */
export function colourFromText(text: string): AcceleratorHardware["colour"] {
  const [light, dark, ...others] = listFromText(text);
  return light && dark && others.length === 0 ? { light, dark } : null;
}

/** Hardware of an accelerator, without the machines it is sold in. */
export function hardwareFromRow(row: HardwareRow): AcceleratorHardware {
  return {
    architecture: row.architecture,
    maximumPerMachine: row.maximum_per_machine,
    podCpu: row.pod_cpu,
    podMemoryGib: row.pod_memory_gib,
    hostArchitecture: row.host_architecture,
    isNvlinkRack: row.nvlink_rack === 1,
    kubernetesDevices: row.kubernetes_devices,
    serverDevices: row.server_devices,
    computeCapability: row.compute_capability,
    productName: row.product_name,
    pciDeviceIds: listFromText(row.pci_device_ids),
    karpenterName: row.karpenter_name,
    karpenterMemoryMib: row.karpenter_memory_mib,
    cpuModel: cpuModelFromText(row.cpu_model ?? ""),
    socketThreads: row.socket_threads,
    colour: colourFromText(row.colour ?? ""),
    machines: [],
  };
}

export function machineFromRow(row: MachineRow): Machine {
  return {
    seller: row.seller,
    type: row.machine_type,
    accelerator: row.accelerator_id,
    accelerators: row.accelerator_count,
    cpu: row.cpu,
    memoryGib: row.memory_gib,
    source: row.source,
  };
}

export function priceFromRow(row: PriceRow): Price {
  return {
    priceId: row.price_id,
    provider: row.provider,
    instanceType: row.instance_type,
    region: row.region,
    acceleratorId: row.accelerator_id,
    acceleratorCount: row.accelerator_count,
    usdPerHour: row.usd_per_hour,
    kind: row.kind,
    acceleratorOnly: row.accelerator_only === 1,
    asOf: row.as_of,
    source: row.source,
    notes: row.notes,
  };
}

export function configurationFromRow(row: ConfigurationRow): Configuration {
  return {
    configurationId: row.configuration_id,
    model: row.model,
    checkpoint: row.checkpoint,
    accelerator: row.accelerator,
    acceleratorCount: row.accelerator_count,
    nodes: row.nodes,
    server: row.server,
    serverVersion: row.server_version,
    precision: row.precision,
    parallelism: {
      label: row.parallelism,
      tensor: row.tensor_parallelism,
      pipeline: row.pipeline_parallelism,
      data: row.data_parallelism,
      expert: row.expert_parallelism,
    },
    speculative: row.speculative,
    servingMode: row.serving_mode,
    prefillAccelerators: row.prefill_accelerators,
    decodeAccelerators: row.decode_accelerators,
  };
}

export function configurationToRow(configuration: Configuration, canonicalKey: string): ConfigurationRow {
  return {
    configuration_id: configuration.configurationId,
    canonical_key: canonicalKey,
    model: configuration.model,
    checkpoint: configuration.checkpoint,
    accelerator: configuration.accelerator,
    accelerator_count: configuration.acceleratorCount,
    nodes: configuration.nodes,
    server: configuration.server,
    server_version: configuration.serverVersion,
    precision: configuration.precision,
    parallelism: configuration.parallelism.label,
    tensor_parallelism: configuration.parallelism.tensor,
    pipeline_parallelism: configuration.parallelism.pipeline,
    data_parallelism: configuration.parallelism.data,
    expert_parallelism: configuration.parallelism.expert,
    speculative: configuration.speculative,
    serving_mode: configuration.servingMode,
    prefill_accelerators: configuration.prefillAccelerators,
    decode_accelerators: configuration.decodeAccelerators,
  };
}

export function workloadFromRow(row: WorkloadRow): Workload {
  return {
    workloadId: row.workload_id,
    dataset: row.dataset,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
  };
}

export function runFromRow(row: RunRow, configuration: Configuration, workload: Workload, points: LoadPoint[]): Run {
  return {
    runId: row.run_id,
    configuration,
    workload,
    format: row.format,
    tool: row.tool,
    toolVersion: row.tool_version,
    measuredOn: row.measured_on,
    source: { name: row.source_name, url: row.source_url, licence: row.licence },
    seriesKey: row.series_key,
    qualityFlags: flagsFromText(row.quality_flags),
    addedInRevision: row.added_in_revision,
    points,
  };
}
