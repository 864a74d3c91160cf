import type { Configuration } from "../../lib/domain";
import { configurationKey } from "../../lib/measurement/identity";
import type { configuration as configurationTable } from "../schema";

/** A configuration as its table holds it. */
export function configurationRow(configuration: Configuration): typeof configurationTable.$inferSelect {
  const { parallelism, settings, ...facts } = configuration;
  return {
    ...facts,
    ...settings,
    canonicalKey: configurationKey(configuration),
    parallelism: parallelism.label,
    tensorParallelism: parallelism.tensor,
    pipelineParallelism: parallelism.pipeline,
    dataParallelism: parallelism.data,
    expertParallelism: parallelism.expert,
    contextParallelism: parallelism.context,
  };
}
