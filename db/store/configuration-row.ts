import type { Configuration } from "../../lib/domain";
import { configurationKey } from "../../lib/measurement/identity";
import type { configuration as configurationTable } from "../schema";

/**
 * A configuration as its table holds it. Each field is named: an object this wide that is put together of several becomes a hash
 * table of 5 kB to V8, and a large ingest has one for every configuration.
 */
export function configurationRow(configuration: Configuration): typeof configurationTable.$inferSelect {
  const { parallelism, settings } = configuration;
  return {
    configurationId: configuration.configurationId,
    canonicalKey: configurationKey(configuration),
    model: configuration.model,
    checkpoint: configuration.checkpoint,
    accelerator: configuration.accelerator,
    acceleratorCount: configuration.acceleratorCount,
    nodes: configuration.nodes,
    server: configuration.server,
    serverVersion: configuration.serverVersion,
    precision: configuration.precision,
    parallelism: parallelism.label,
    tensorParallelism: parallelism.tensor,
    pipelineParallelism: parallelism.pipeline,
    dataParallelism: parallelism.data,
    expertParallelism: parallelism.expert,
    speculative: configuration.speculative,
    servingMode: configuration.servingMode,
    prefillAccelerators: configuration.prefillAccelerators,
    decodeAccelerators: configuration.decodeAccelerators,
    contextParallelism: parallelism.context,
    speculativeTokens: configuration.speculativeTokens,
    serverArguments: settings.serverArguments,
    environment: settings.environment,
    engineOptions: settings.engineOptions,
    image: settings.image,
  };
}
