import type { Accelerator, AcceleratorHardware, Machine, Model, Price } from "../../lib/domain";
import type { Database } from "../handle";
import { acceleratorFromRow, hardwareFromRow, machineFromRow, modelFromRow, priceFromRow, textFromList } from "../rows";
import type { AcceleratorRow, HardwareRow, MachineRow, ModelRow, PriceRow } from "../schema";
import type { PendingRevision } from "./current-revision";
import { insertRow } from "./insert-row";
import type { Catalogue } from "./read-catalogue";

type Validity = "origin" | "row_id" | "added_in_revision" | "left_in_revision";

function modelToRow(model: Model): Omit<ModelRow, Validity> {
  return {
    model_id: model.id,
    display_name: model.displayName,
    family: model.family,
    total_parameters_billions: model.totalParametersBillions,
    active_parameters_billions: model.activeParametersBillions,
    context_length_tokens: model.contextLengthTokens,
    weights_precision: model.weightsPrecision,
    weight_bytes: model.weightBytes,
    quantised_checkpoints: textFromList(
      model.quantisedCheckpoints.map(({ precision, checkpoint }) => `${precision}=${checkpoint}`),
    ),
    licence: model.licence,
    gated: model.gated === null ? null : Number(model.gated),
    source: model.source,
  };
}

function acceleratorToRow(accelerator: Accelerator): Omit<AcceleratorRow, Validity> {
  return {
    accelerator_id: accelerator.id,
    name: accelerator.name,
    short_name: accelerator.shortName,
    vendor: accelerator.vendor,
    memory_gib: accelerator.memoryGib,
    memory_bandwidth_gb_per_second: accelerator.memoryBandwidthGbPerSecond,
    bf16_tflops: accelerator.bf16Tflops,
    fp8_tflops: accelerator.fp8Tflops,
    fp4_tflops: accelerator.fp4Tflops,
    tdp_watts: accelerator.tdpWatts,
    interconnect: accelerator.interconnect,
    kubernetes_resource: accelerator.kubernetesResource,
    gke_node_label: accelerator.gkeNodeLabel,
    gke_accelerator_label: accelerator.gkeAcceleratorLabel,
    aliases: textFromList(accelerator.aliases),
    source: accelerator.source,
    notes: accelerator.notes,
  };
}

/** Hardware with the accelerator it is of. */
interface HardwareOf {
  acceleratorId: string;
  hardware: AcceleratorHardware;
}

function hardwareToRow({ acceleratorId, hardware }: HardwareOf): Omit<HardwareRow, Validity> {
  const { cpuModel, colour } = hardware;
  return {
    accelerator_id: acceleratorId,
    architecture: hardware.architecture,
    maximum_per_machine: hardware.maximumPerMachine,
    pod_cpu: hardware.podCpu,
    pod_memory_gib: hardware.podMemoryGib,
    host_architecture: hardware.hostArchitecture,
    nvlink_rack: Number(hardware.isNvlinkRack),
    kubernetes_devices: hardware.kubernetesDevices,
    server_devices: hardware.serverDevices,
    compute_capability: hardware.computeCapability,
    product_name: hardware.productName,
    pci_device_ids: textFromList(hardware.pciDeviceIds),
    karpenter_name: hardware.karpenterName,
    karpenter_memory_mib: hardware.karpenterMemoryMib,
    cpu_model: cpuModel === null ? null : textFromList([cpuModel.vendor, cpuModel.family, cpuModel.model]),
    socket_threads: hardware.socketThreads,
    colour: colour === null ? null : textFromList([colour.light, colour.dark]),
  };
}

function machineToRow(machine: Machine): Omit<MachineRow, Validity> {
  return {
    seller: machine.seller,
    machine_type: machine.type,
    accelerator_id: machine.accelerator,
    accelerator_count: machine.accelerators,
    cpu: machine.cpu,
    memory_gib: machine.memoryGib,
    source: machine.source,
  };
}

function priceToRow(price: Price): Omit<PriceRow, Validity> {
  return {
    price_id: price.priceId,
    provider: price.provider,
    instance_type: price.instanceType,
    region: price.region,
    accelerator_id: price.acceleratorId,
    accelerator_count: price.acceleratorCount,
    usd_per_hour: price.usdPerHour,
    kind: price.kind,
    accelerator_only: Number(price.acceleratorOnly),
    as_of: price.asOf,
    source: price.source,
    notes: price.notes,
  };
}

interface Kind<Item, Row> {
  table: "model" | "accelerator" | "hardware" | "machine" | "price";
  idOf(item: Item): string;
  fromRow(row: Row): Item;
  toRow(item: Item): object;
}

const MODELS: Kind<Model, ModelRow> = {
  table: "model",
  idOf: (item) => item.id,
  fromRow: modelFromRow,
  toRow: modelToRow,
};
const ACCELERATORS: Kind<Accelerator, AcceleratorRow> = {
  table: "accelerator",
  idOf: (item) => item.id,
  fromRow: acceleratorFromRow,
  toRow: acceleratorToRow,
};
const HARDWARE: Kind<HardwareOf, HardwareRow> = {
  table: "hardware",
  idOf: (item) => item.acceleratorId,
  fromRow: (row) => ({ acceleratorId: row.accelerator_id, hardware: hardwareFromRow(row) }),
  toRow: hardwareToRow,
};
const MACHINES: Kind<Machine, MachineRow> = {
  table: "machine",
  idOf: (item) => `${item.seller} ${item.type}`,
  fromRow: machineFromRow,
  toRow: machineToRow,
};
const PRICES: Kind<Price, PriceRow> = {
  table: "price",
  idOf: (item) => item.priceId,
  fromRow: priceFromRow,
  toRow: priceToRow,
};

const ACCELERATORS_SPOKEN_OF = `SELECT DISTINCT configuration.accelerator AS id
  FROM run JOIN configuration USING (configuration_id) WHERE run.retired_in_revision IS NULL`;
const NONE_SPOKEN_OF = "SELECT NULL AS id WHERE FALSE";

/** Ids that valid runs still use: their rows stay even if they are gone from the files. */
const STILL_SPOKEN_OF: Record<Kind<unknown, unknown>["table"], string> = {
  model: `SELECT DISTINCT configuration.model AS id FROM run JOIN configuration USING (configuration_id)
          WHERE run.retired_in_revision IS NULL`,
  accelerator: ACCELERATORS_SPOKEN_OF,
  hardware: ACCELERATORS_SPOKEN_OF,
  machine: NONE_SPOKEN_OF,
  price: NONE_SPOKEN_OF,
};

function supersede<Item, Row extends { row_id: number; origin: string }>(
  db: Database,
  kind: Kind<Item, Row>,
  items: readonly Item[],
  revision: PendingRevision,
): void {
  const { table } = kind;
  const live = new Map<string, Row>();
  for (const row of db.$client.prepare<[], Row>(`SELECT * FROM ${table} WHERE left_in_revision IS NULL`).all()) {
    live.set(kind.idOf(kind.fromRow(row)), row);
  }
  const leave = db.$client.prepare(`UPDATE ${table} SET left_in_revision = ? WHERE row_id = ?`);
  const kept = new Set(items.map(kind.idOf));
  for (const item of items) {
    const row = live.get(kind.idOf(item));
    if (row !== undefined) {
      const same = JSON.stringify(kind.fromRow(row)) === JSON.stringify(kind.fromRow({ ...row, ...kind.toRow(item) }));
      if (same && row.origin === "shipped") continue;
      leave.run(revision.open(), row.row_id);
    }
    insertRow(db, table, { ...kind.toRow(item), origin: "shipped", added_in_revision: revision.open() });
  }
  const spokenOf = new Set(
    db.$client
      .prepare<[], { id: string | null }>(STILL_SPOKEN_OF[table])
      .all()
      .map((row) => row.id),
  );
  for (const [id, row] of live) {
    if (row.origin === "shipped" && !kept.has(id) && !spokenOf.has(id)) leave.run(revision.open(), row.row_id);
  }
}

/**
 * Makes the shipped part of the catalogue equal to what the files say: changed rows leave and come anew, new ones are
 * added, rows that are gone leave. What users added stays, unless the files now know better. Call inside a transaction.
 */
export function storeCatalogue(db: Database, catalogue: Catalogue, revision: PendingRevision): void {
  supersede(db, ACCELERATORS, catalogue.accelerators, revision);
  const hardware = catalogue.accelerators.flatMap(({ id, hardware: known }) =>
    known === null ? [] : [{ acceleratorId: id, hardware: known }],
  );
  supersede(db, HARDWARE, hardware, revision);
  supersede(
    db,
    MACHINES,
    catalogue.accelerators.flatMap((accelerator) => accelerator.hardware?.machines ?? []),
    revision,
  );
  supersede(db, MODELS, catalogue.models, revision);
  supersede(db, PRICES, catalogue.prices, revision);
}
