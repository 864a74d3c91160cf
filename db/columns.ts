import { getTableColumns } from "drizzle-orm";
import { accelerator, configuration, hardware, machine, model, price, run } from "./schema";

/** Columns to select, named and nested as the domain has them: what such a query gives is the value, with nothing to map. */

/** The tables of the catalogue. */
export type CatalogueTable = typeof model | typeof accelerator | typeof hardware | typeof machine | typeof price;

/** The columns of a catalogue table that say something, without those that say from when to when it holds. */
function described<T extends CatalogueTable>(table: T) {
  const { rowId: _row, origin: _origin, addedInRevision: _from, leftInRevision: _to, ...own } = getTableColumns(table);
  return own;
}

export const modelColumns = described(model);
export const acceleratorColumns = described(accelerator);
export const hardwareColumns = described(hardware);
export const machineColumns = described(machine);
export const priceColumns = described(price);

export const configurationColumns = {
  configurationId: configuration.configurationId,
  model: configuration.model,
  checkpoint: configuration.checkpoint,
  accelerator: configuration.accelerator,
  acceleratorCount: configuration.acceleratorCount,
  nodes: configuration.nodes,
  server: configuration.server,
  serverVersion: configuration.serverVersion,
  precision: configuration.precision,
  parallelism: {
    label: configuration.parallelism,
    tensor: configuration.tensorParallelism,
    pipeline: configuration.pipelineParallelism,
    data: configuration.dataParallelism,
    expert: configuration.expertParallelism,
    context: configuration.contextParallelism,
  },
  speculative: configuration.speculative,
  speculativeTokens: configuration.speculativeTokens,
  servingMode: configuration.servingMode,
  prefillAccelerators: configuration.prefillAccelerators,
  decodeAccelerators: configuration.decodeAccelerators,
  settings: {
    serverArguments: configuration.serverArguments,
    environment: configuration.environment,
    engineOptions: configuration.engineOptions,
    image: configuration.image,
  },
};

/** A run without its points, and which configuration and workload it is of. */
export const runColumns = {
  runId: run.runId,
  configurationId: run.configurationId,
  workloadId: run.workloadId,
  format: run.format,
  tool: run.tool,
  toolVersion: run.toolVersion,
  measuredOn: run.measuredOn,
  source: { name: run.sourceName, url: run.sourceUrl, licence: run.licence },
  seriesKey: run.seriesKey,
  qualityFlags: run.qualityFlags,
  addedInRevision: run.addedInRevision,
};
