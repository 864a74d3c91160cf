import type { Configuration, Parallelism } from "../../domain";
import { argumentName } from "../../measurement/server-arguments/argument-table";
import { argumentTable } from "../../measurement/server-arguments/tables";
import type { SettingValues } from "../../measurement/settings";
import { serverLabel } from "../../words";
import { nvidiaHarness, serverSettings } from "./mlperf-harness";

/** A configuration with what its own settings say of the start, and how that is known, as whole sentences. */
export interface RecordedStart {
  configuration: Configuration;
  notes: readonly string[];
}

const SIZES = ["tensor", "pipeline", "data", "expert"] as const;

/** Sizes among arguments, by the names the server has for them. */
function sizesAmong(server: string, values: SettingValues | null): Partial<Parallelism> {
  const table = argumentTable(server);
  const found: Partial<Parallelism> = {};
  for (const [written, value] of Object.entries(values ?? {})) {
    const fact = table.facts[argumentName(table, written)];
    const size = SIZES.find((name) => name === fact);
    if (size !== undefined && typeof value === "number") found[size] = value;
  }
  return found;
}

/** Words only vLLM has: variables of its own beside arguments of its own. */
function isVllm({ serverArguments, environment }: Configuration["settings"]): boolean {
  return (
    Object.keys(environment ?? {}).some((name) => name.startsWith("VLLM_")) &&
    serverArguments !== null &&
    ["max-num-seqs", "max_num_seqs"].some((name) => Object.hasOwn(serverArguments, name))
  );
}

/** AMD's harness of MLPerf (`harness_llm`) starts one engine for each group of tensor-parallel GPUs, over all of them. */
function isAmdHarness({ environment }: Configuration["settings"]): boolean {
  return Object.keys(environment ?? {}).some((name) => name.startsWith("HARNESS_"));
}

/** `tp2-pp2-x4`: replicas of one shape, as labels of reports have it. */
function replicasLabel({ tensor, pipeline, data, expert }: Parallelism, replicas: number): string {
  const sizes = [
    ["tp", tensor],
    ["pp", pipeline],
    ["dp", data],
    ["ep", expert],
    ["x", replicas],
  ] as const;
  return sizes
    .flatMap(([name, size]) => (size === null || (size === 1 && name !== "tp") ? [] : [`${name}${size}`]))
    .join("-");
}

/**
 * The layout with its replicas, where a harness is known to start as many servers as the accelerators hold: one that takes fewer
 * than were measured stands there several times. `null` where there is nothing to add.
 */
function asReplicas(configuration: Configuration, sizes: Parallelism): Parallelism | null {
  const each = (sizes.tensor ?? 1) * (sizes.pipeline ?? 1) * (sizes.data ?? 1);
  const replicas = configuration.acceleratorCount / each;
  if (sizes.tensor === null || !Number.isInteger(replicas) || replicas < 2) return null;
  return { ...sizes, label: replicasLabel(sizes, replicas) };
}

/**
 * What the settings say that the report's own columns leave open: which server it was, by words only that one has; how it was
 * split; and how many of it there were, where MLPerf's harnesses were used. Nothing a column says is overruled.
 */
export function recordedStart(configuration: Configuration): RecordedStart {
  const { settings } = configuration;
  const harness = nvidiaHarness(settings);
  const server =
    configuration.server ?? (harness !== null ? "trtllm" : isVllm(settings) ? "vllm" : configuration.server);
  if (server === null) return { configuration, notes: [] };
  const notes: string[] = [];
  if (configuration.server === null) {
    notes.push(
      `The source names no server; it was started with words that only ${serverLabel(server)} has (${harness?.words ?? "its variables and arguments"}).`,
    );
  }
  const isHarness = harness !== null || isAmdHarness(settings);
  if (!isHarness && configuration.server !== null) return { configuration, notes };
  const recorded: Partial<Parallelism> = harness?.sizes ?? sizesAmong(server, settings.serverArguments);
  const parallelism = { ...configuration.parallelism };
  for (const size of SIZES) parallelism[size] ??= recorded[size] ?? null;
  const replicas = isHarness && configuration.nodes !== null ? asReplicas(configuration, parallelism) : null;
  if (replicas !== null) {
    notes.push(
      `MLPerf's harness starts as many servers as the accelerators hold: here ${replicas.label}, where the source counts ${configuration.acceleratorCount} accelerators.`,
    );
  }
  return {
    configuration: {
      ...configuration,
      server,
      parallelism: replicas ?? parallelism,
      precision: configuration.precision ?? harness?.precision ?? null,
      settings: harness === null ? settings : serverSettings(settings),
    },
    notes,
  };
}
