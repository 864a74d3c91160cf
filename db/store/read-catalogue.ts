import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { USUAL_MACHINE } from "../../lib/catalogue/hosts";
import { compareMachines, withMachines } from "../../lib/catalogue/machines";
import {
  type Accelerator,
  HOST_ARCHITECTURES,
  type Machine,
  type Model,
  PRICE_KINDS,
  type Price,
} from "../../lib/domain";
import { sha256Hex } from "../../lib/measurement/identity";
import { checkpointsFromText, colourFromText, cpuModelFromText, listFromText } from "../column-types";

/** Models, accelerators with the machines they are sold in, and prices as one state of data/ has them. */
export interface Catalogue {
  models: Model[];
  accelerators: Accelerator[];
  prices: Price[];
}

/** Files of data/ the catalogue is read from. */
export const CATALOGUE_FILES = ["accelerators.csv", "machines.csv", "models.csv", "prices.csv"] as const;

/** Hex digits of a price id. */
const PRICE_ID_DIGITS = 12;

const required = z.string().min(1);
const optionalText = z.string().transform((text) => (text === "" ? null : text));
const positive = z.coerce.number().positive();
const optionalPositive = z.string().transform((text, context) => {
  if (text === "") return null;
  const parsed = positive.safeParse(text);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: "custom", message: `expected a number above 0, found ${text}` });
  return z.NEVER;
});
const count = z.coerce.number().int().positive();
const wholeNumber = z.string().transform(Number).pipe(z.number().int().positive());

/** A column that may be empty, and may be missing: then it is empty in every row. */
function columnOr<T>(otherwise: string, schema: z.ZodType<T, string>) {
  return z
    .string()
    .default("")
    .transform((text) => (text === "" ? otherwise : text))
    .pipe(schema);
}

/** Two texts or more, separated by `;`, read as one value. */
function structured<T>(expected: string, read: (text: string) => T | null) {
  return z.string().transform((text, context) => {
    if (text === "") return null;
    const value = read(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: `expected ${expected}, found ${text}` });
    return z.NEVER;
  });
}

/** What placing pods and choosing images needs; see `AcceleratorHardware`. */
const hardwareColumns = {
  architecture: columnOr("", optionalText),
  max_per_machine: columnOr(String(USUAL_MACHINE), wholeNumber),
  pod_cpu: columnOr("", optionalPositive),
  pod_memory_gib: columnOr("", optionalPositive),
  host_architecture: columnOr("amd64", z.enum(HOST_ARCHITECTURES)),
  nvlink_rack: columnOr("no", z.enum(["yes", "no"])),
  kubernetes_devices: columnOr("1", wholeNumber),
  server_devices: columnOr("1", wholeNumber),
  compute_capability: columnOr("", optionalText),
  product_name: columnOr("", optionalText),
  pci_device_ids: columnOr("", z.string().transform(listFromText)),
  karpenter_name: columnOr("", optionalText),
  karpenter_memory_mib: columnOr("", optionalPositive),
  cpu_model: columnOr("", structured("vendor;family;model", cpuModelFromText)),
  socket_threads: columnOr("", optionalPositive),
  colour: columnOr("", structured("a colour on light;a colour on dark", colourFromText)),
};

const acceleratorRow = z
  .object({
    id: required,
    name: required,
    short_name: required,
    vendor: required,
    memory_gib: optionalPositive,
    memory_bandwidth_gb_per_second: optionalPositive,
    bf16_tflops: optionalPositive,
    fp8_tflops: optionalPositive,
    fp4_tflops: optionalPositive,
    tdp_watts: optionalPositive,
    interconnect: optionalText,
    kubernetes_resource: optionalText,
    gke_node_label: optionalText,
    gke_accelerator_label: optionalText,
    aliases: z.string().transform(listFromText),
    ...hardwareColumns,
    source: required,
    notes: optionalText,
  })
  .transform(
    (row): Accelerator => ({
      id: row.id,
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
      aliases: row.aliases,
      source: row.source,
      notes: row.notes,
      hardware: {
        architecture: row.architecture,
        maximumPerMachine: row.max_per_machine,
        podCpu: row.pod_cpu,
        podMemoryGib: row.pod_memory_gib,
        hostArchitecture: row.host_architecture,
        isNvlinkRack: row.nvlink_rack === "yes",
        kubernetesDevices: row.kubernetes_devices,
        serverDevices: row.server_devices,
        computeCapability: row.compute_capability,
        productName: row.product_name,
        pciDeviceIds: row.pci_device_ids,
        karpenterName: row.karpenter_name,
        karpenterMemoryMib: row.karpenter_memory_mib,
        cpuModel: row.cpu_model,
        socketThreads: row.socket_threads,
        colour: row.colour,
        machines: [],
      },
    }),
  );

const machineRow = z
  .object({
    seller: required,
    type: required,
    accelerator: required,
    count,
    cpu: positive,
    memory_gib: positive,
    source: required,
  })
  .transform(
    (row): Machine => ({
      seller: row.seller,
      type: row.type,
      accelerator: row.accelerator,
      accelerators: row.count,
      cpu: row.cpu,
      memoryGib: row.memory_gib,
      source: row.source,
    }),
  );

const modelRow = z
  .object({
    id: required,
    display_name: required,
    family: optionalText,
    total_parameters_billions: optionalPositive,
    active_parameters_billions: optionalPositive,
    context_length_tokens: optionalPositive,
    weights_precision: optionalText,
    weight_bytes: optionalPositive,
    quantised_checkpoints: z
      .string()
      .regex(/^([^=;\s]+=[^=;\s]+(;[^=;\s]+=[^=;\s]+)*)?$/, "expected precision=owner/name, several separated by ;")
      .default(""),
    licence: optionalText,
    gated: z.enum(["yes", "no", ""]),
    source: required,
  })
  .transform(
    (row): Model => ({
      id: row.id,
      displayName: row.display_name,
      family: row.family,
      totalParametersBillions: row.total_parameters_billions,
      activeParametersBillions: row.active_parameters_billions,
      contextLengthTokens: row.context_length_tokens,
      weightsPrecision: row.weights_precision,
      weightBytes: row.weight_bytes,
      quantisedCheckpoints: checkpointsFromText(row.quantised_checkpoints),
      licence: row.licence,
      gated: row.gated === "" ? null : row.gated === "yes",
      source: row.source,
    }),
  );

const priceRow = z
  .object({
    provider: required,
    instance_type: optionalText,
    region: optionalText,
    accelerator: required,
    accelerator_count: count,
    usd_per_hour: positive,
    kind: z.enum(PRICE_KINDS),
    accelerator_only: z.enum(["yes", "no"]),
    as_of: optionalText,
    source: required,
    notes: optionalText,
  })
  .transform((row): Price => {
    // The offer is the identity, not its amount or date: a new amount replaces the old one. Estimates of one chip
    // differ in nothing but their notes.
    const offer = [row.provider, row.instance_type, row.region, row.accelerator, row.accelerator_count, row.kind];
    const identity = row.kind === "tco" ? [...offer, row.notes] : offer;
    return {
      priceId: sha256Hex(JSON.stringify(identity)).slice(0, PRICE_ID_DIGITS),
      provider: row.provider,
      instanceType: row.instance_type,
      region: row.region,
      acceleratorId: row.accelerator,
      acceleratorCount: row.accelerator_count,
      usdPerHour: row.usd_per_hour,
      kind: row.kind,
      acceleratorOnly: row.accelerator_only === "yes",
      asOf: row.as_of,
      source: row.source,
      notes: row.notes,
    };
  });

function readRows<T>(file: string, schema: z.ZodType<T>): T[] {
  const records: unknown = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });
  const parsed = z.array(schema).safeParse(records);
  if (parsed.success) return parsed.data;
  throw new Error(`${file} cannot be read:\n${z.prettifyError(parsed.error)}`);
}

function requireUnique(file: string, ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new Error(`${file} has two rows for ${id}.`);
    seen.add(id);
  }
}

function requireKnown(file: string, known: ReadonlySet<string>, ids: readonly string[]): void {
  for (const id of ids) if (!known.has(id)) throw new Error(`${file} names an unknown accelerator ${id}.`);
}

/** Checks that a price for a known machine names the same accelerators as the machine's own row. */
function requireSameMachine(machines: readonly Machine[], prices: readonly Price[]): void {
  const byName = new Map(machines.map((machine) => [`${machine.seller} ${machine.type}`, machine]));
  for (const { provider, instanceType, acceleratorId, acceleratorCount } of prices) {
    const machine = byName.get(`${provider} ${instanceType}`);
    if (machine === undefined) continue;
    if (machine.accelerator !== acceleratorId || machine.accelerators !== acceleratorCount) {
      throw new Error(
        `prices.csv says ${acceleratorCount} × ${acceleratorId} of ${provider} ${instanceType}, machines.csv ${machine.accelerators} × ${machine.accelerator}.`,
      );
    }
  }
}

/**
 * Reads accelerators.csv, machines.csv, models.csv and prices.csv of a data folder.
 * @throws when a row is wrong: these files come with the program, so that is a mistake in the program
 */
export function readCatalogue(directory: string): Catalogue {
  const file = (name: (typeof CATALOGUE_FILES)[number]) => path.join(/* turbopackIgnore: true */ directory, name);
  const accelerators = readRows(file("accelerators.csv"), acceleratorRow);
  const machines = readRows(file("machines.csv"), machineRow).sort(compareMachines);
  const models = readRows(file("models.csv"), modelRow);
  const prices = readRows(file("prices.csv"), priceRow);
  const known = accelerators.map((row) => row.id);
  requireUnique("accelerators.csv", known);
  requireUnique(
    "machines.csv",
    machines.map((row) => `${row.seller} ${row.type}`),
  );
  requireUnique(
    "models.csv",
    models.map((row) => row.id),
  );
  requireUnique(
    "prices.csv",
    prices.map((row) => row.priceId),
  );
  requireKnown(
    "machines.csv",
    new Set(known),
    machines.map((row) => row.accelerator),
  );
  requireKnown(
    "prices.csv",
    new Set(known),
    prices.map((row) => row.acceleratorId),
  );
  requireSameMachine(machines, prices);
  return { models, accelerators: withMachines(accelerators, machines), prices };
}
