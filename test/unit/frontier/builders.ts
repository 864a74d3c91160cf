import fc from "fast-check";
import type { Accelerator, Model, Price } from "@/lib/catalogue/catalogue";
import type { Configuration, LoadPoint, Run, Slo } from "@/lib/domain";
import { loadCurves } from "@/lib/frontier/curve";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import type { LatencyStatistics, Statistic } from "@/lib/measurement/latency";
import { emptyMeasurement } from "@/lib/measurement/measurement";
import type { QualityFlag } from "@/lib/measurement/quality-flags";
import { UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";

/** Latency statistics with only what is said; a number alone is the mean. */
export function latency(given: number | Partial<LatencyStatistics>): LatencyStatistics {
  const none = { mean: null, p50: null, p90: null, p95: null, p99: null };
  return typeof given === "number" ? { ...none, mean: given } : { ...none, ...given };
}

let made = 0;

/** A closed-loop load point with only what is said. */
export function point(given: Partial<LoadPoint> = {}): LoadPoint {
  made++;
  return {
    pointId: `point-${made}`,
    runId: "run",
    ordinal: 0,
    reportSha256: "0".repeat(64),
    ...emptyMeasurement(),
    loadKind: "concurrency",
    loadValue: 1,
    outputTokensMean: 100,
    ...given,
  };
}

export function configuration(given: Partial<Configuration> = {}): Configuration {
  return {
    configurationId: "configuration",
    model: "example/model",
    checkpoint: null,
    accelerator: "h100",
    acceleratorCount: 1,
    nodes: 1,
    server: "vllm",
    serverVersion: "0.22.0",
    precision: "fp8",
    parallelism: { label: "tp1", tensor: 1, pipeline: null, data: null, expert: null, context: null },
    speculative: null,
    speculativeTokens: null,
    servingMode: "aggregated",
    prefillAccelerators: null,
    decodeAccelerators: null,
    settings: UNKNOWN_SETTINGS,
    ...given,
  };
}

/** A run; its points get its id and their place in it. */
export function run(given: Partial<Omit<Run, "configuration">> & { configuration?: Partial<Configuration> } = {}): Run {
  const runId = given.runId ?? "run";
  return {
    format: "figures-csv",
    tool: null,
    toolVersion: null,
    measuredOn: "2026-01-01",
    workload: { workloadId: "random-100-100", dataset: "random", inputTokens: 100, outputTokens: 100 },
    source: { name: "lab", url: null, licence: null },
    seriesKey: null,
    qualityFlags: [],
    addedInRevision: 1,
    ...given,
    runId,
    configuration: configuration(given.configuration),
    points: (given.points ?? []).map((at, ordinal) => ({ ...at, runId, ordinal })),
  };
}

/** The one curve of one run. */
export function curve(points: LoadPoint[], given: Partial<Configuration> = {}, of: Partial<Run> = {}): LoadCurve {
  const { configurationId } = configuration(given);
  const [only] = loadCurves([run({ runId: `run-of-${configurationId}`, ...of, configuration: given, points })]);
  if (only === undefined) throw new Error("a curve needs points");
  return only;
}

export function price(given: Partial<Price> = {}): Price {
  return {
    priceId: "price",
    provider: "cloud",
    instanceType: "instance-1",
    region: "region-1",
    acceleratorId: "h100",
    acceleratorCount: 1,
    usdPerHour: 3.6,
    kind: "on_demand",
    acceleratorOnly: false,
    asOf: "2026-01-01",
    source: "price list",
    notes: null,
    ...given,
  };
}

export function model(given: Partial<Model> = {}): Model {
  return {
    id: "example/model",
    displayName: "Example",
    family: null,
    totalParametersBillions: 100,
    activeParametersBillions: 10,
    contextLengthTokens: null,
    weightsPrecision: null,
    weightBytes: null,
    quantisedCheckpoints: [],
    licence: null,
    gated: null,
    source: "model card",
    ...given,
  };
}

export function accelerator(given: Partial<Accelerator> = {}): Accelerator {
  return {
    id: "h100",
    name: "Example accelerator",
    shortName: "H100",
    vendor: "Example",
    memoryGib: 80,
    memoryBandwidthGbPerSecond: 2000,
    bf16Tflops: null,
    fp8Tflops: null,
    fp4Tflops: null,
    tdpWatts: null,
    interconnect: null,
    kubernetesResource: null,
    gkeNodeLabel: null,
    gkeAcceleratorLabel: null,
    aliases: [],
    source: "data sheet",
    notes: null,
    hardware: null,
    ...given,
  };
}

const milliseconds = fc.double({ min: 0.5, max: 5000, noNaN: true });

/** Percentiles in order, each maybe missing, with a mean that may be missing too. */
function anyLatency(): fc.Arbitrary<LatencyStatistics> {
  const maybe = (value: number, there: boolean): number | null => (there ? value : null);
  return fc
    .tuple(
      milliseconds,
      fc.array(milliseconds, { minLength: 4, maxLength: 4 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    )
    .map(([mean, values, there]) => {
      const [p50 = 1, p90 = 1, p95 = 1, p99 = 1] = values.sort((a, b) => a - b);
      return {
        mean: maybe(mean, there[0] ?? true),
        p50: maybe(p50, there[1] ?? true),
        p90: maybe(p90, there[2] ?? true),
        p95: maybe(p95, there[3] ?? true),
        p99: maybe(p99, there[4] ?? true),
      };
    });
}

/** Any load point: noisy, incomplete, not even consistent with itself. Promises must hold on these too. */
export function anyPoint(loadKind: "concurrency" | "request_rate" = "concurrency"): fc.Arbitrary<LoadPoint> {
  const maybeTokens = fc.option(fc.double({ min: 1, max: 1e5, noNaN: true }), { freq: 8, nil: null });
  return fc
    .record({
      loadValue: fc.integer({ min: 1, max: 64 }),
      outputTokensPerSecond: maybeTokens,
      outputTokensPerSecondDerived: maybeTokens,
      outputTokensMean: fc.option(fc.double({ min: 1, max: 4000, noNaN: true }), { freq: 8, nil: null }),
      ttftMs: fc.option(anyLatency(), { freq: 8, nil: null }),
      tpotMs: fc.option(anyLatency(), { freq: 8, nil: null }),
      e2eMs: fc.option(anyLatency(), { freq: 2, nil: null }),
      qualityFlags: fc.constantFrom<QualityFlag[]>([], [], [], ["outlier_against_other_runs"]),
    })
    .map((given) => point({ ...given, loadKind }));
}

export function anyPoints(): fc.Arbitrary<LoadPoint[]> {
  return fc
    .constantFrom("concurrency" as const, "request_rate" as const)
    .chain((kind) => fc.array(anyPoint(kind), { minLength: 1, maxLength: 8 }));
}

export function anySlo(): fc.Arbitrary<Slo> {
  return fc.record({
    metric: fc.constantFrom("ttft" as const, "tpot" as const, "e2e" as const, "ntpot" as const),
    statistic: fc.constantFrom<Statistic[]>("mean", "p50", "p90", "p95", "p99"),
    limitMs: fc.double({ min: 0.5, max: 5000, noNaN: true }),
  });
}
