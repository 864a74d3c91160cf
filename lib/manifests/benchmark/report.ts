import { FACT_NAMES, type FactValue, factValue, IN_CLUSTER_SOURCE_NAME } from "../../ingest/facts/facts";
import type { GivenFacts } from "../../ingest/report";
import { isSettings } from "../../measurement/settings";
import type { BundleContext } from "../plan/bundle-context";
import { yamlText } from "../write/yaml-serializer";
import type { BenchmarkLoad } from "./load";

/** `v0.23.0` is the release 0.23.0. */
function deployedVersion({ server, choice }: BundleContext): string | null {
  return server.image.asMeasured ? choice.configuration.serverVersion : server.image.tag.replace(/^v(?=\d)/, "");
}

/** Where several deployments as measured take the load together: so many replicas of the shape. */
function parallelismFacts({ choice, layout }: BundleContext, { deployments, pods }: BenchmarkLoad): GivenFacts {
  const { label, tensor, pipeline, data, expert, context } = choice.configuration.parallelism;
  if (deployments > 1) return { parallelism: { label: `${pods}x(tp${layout.tensor})` } };
  const known = Object.entries({ label, tensor, pipeline, data, expert, context }).filter(
    ([, value]) => value !== null,
  );
  return known.length === 0 ? {} : { parallelism: Object.fromEntries(known) };
}

/** What the report does not say: on what it was measured. Equal facts make it a run of the same configuration. */
export function reportFacts(context: BundleContext, load: BenchmarkLoad, sameWorkload: boolean): GivenFacts {
  const { configuration, workload } = context.choice;
  const optional: { [K in keyof GivenFacts]?: GivenFacts[K] | null } = {
    checkpoint: configuration.checkpoint,
    nodes: load.deployments === 1 ? configuration.nodes : null,
    server: configuration.server,
    serverVersion: deployedVersion(context),
    precision: configuration.precision,
    speculative: configuration.speculative,
    speculativeTokens: configuration.speculativeTokens,
    ...(sameWorkload
      ? {
          dataset: workload.dataset,
          inputTokens: workload.inputTokens === null ? null : Math.max(1, Math.round(workload.inputTokens)),
          outputTokens: workload.outputTokens === null ? null : Math.max(1, Math.round(workload.outputTokens)),
          workloadId: workload.workloadId,
        }
      : {}),
  };
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null && value !== ""));
  return {
    model: configuration.model,
    accelerator: configuration.accelerator,
    acceleratorCount: configuration.acceleratorCount * load.deployments,
    servingMode: configuration.servingMode,
    sourceName: IN_CLUSTER_SOURCE_NAME,
    ...known,
    ...parallelismFacts(context, load),
  };
}

/** Facts by the names reports carry them under. */
function factEntries(facts: GivenFacts): [key: string, value: FactValue][] {
  return FACT_NAMES.flatMap(({ field, key }): [string, FactValue][] => {
    const value = factValue(facts, field);
    return value === undefined ? [] : [[key, value]];
  });
}

/**
 * Where this server takes reports, with the facts as parameters; `null` where its address is not known: a share link that is
 * a path only. The address is what stands before the page of a configuration or a share.
 */
export function reportUrl(shareUrl: string | null, facts: GivenFacts): string | null {
  if (shareUrl === null || !/^https?:\/\//.test(shareUrl) || !URL.canParse(shareUrl)) return null;
  const { origin, pathname } = new URL(shareUrl);
  const prefix = pathname.replace(/\/(?:configurations|s)\/[^/]*\/?$/, "").replace(/\/+$/, "");
  const parameters = new URLSearchParams([["fileName", "results.tar.gz"]]);
  for (const [key, value] of factEntries(facts))
    parameters.set(key, isSettings(value) ? JSON.stringify(value) : String(value));
  return `${origin}${prefix}/api/v1/reports?${parameters}`;
}

/** The same facts as the side file that travels with reports. */
export function sideFile(facts: GivenFacts): string {
  return yamlText(Object.fromEntries(factEntries(facts)));
}
