import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import { type GuidellmLoad, loadOfArguments } from "../guidellm/guidellm-load";

const UNKNOWN: GuidellmLoad = { loadKind: null, loadValue: null, cap: null, rampsUp: false };

/** The tool a report was converted from, lower case; `null` where it does not say. */
export function loadTool(scenario: JsonRecord | null): string | null {
  const load = recordAt(scenario, "load");
  return (textAt(recordAt(load, "standardized"), "tool") ?? textAt(load, "name"))?.toLowerCase() ?? null;
}

/** True where sessions, not requests, were started at the given rate. */
export function isSessionLoad(scenario: JsonRecord | null): boolean {
  const load = recordAt(scenario, "load");
  const native = recordAt(recordAt(load, "native"), "config") ?? recordAt(load, "args");
  return textAt(recordAt(native, "load"), "type")?.toLowerCase().includes("session") === true;
}

/** The offered load of a report of v0.2: `rate_qps` and `concurrency` of `scenario.load.standardized`. */
export function standardizedLoad(scenario: JsonRecord | null): GuidellmLoad {
  const load = recordAt(recordAt(scenario, "load"), "standardized");
  if (load === null) return UNKNOWN;
  const rate = numberOf(own(load, "rate_qps"));
  const concurrency = numberOf(own(load, "concurrency"));
  // With a concurrency inference-perf sets the requested rate to the number of requests: not a rate.
  const rateIsMadeUp = loadTool(scenario) === "inference-perf" && positiveIntegerOf(concurrency) !== null;
  return loadOf(rateIsMadeUp ? null : rate, concurrency);
}

/**
 * The offered load of a report of v0.1: `scenario.load.args` are the converted tool's own, in a shape known for three tools. For
 * any other (`qps_values` …) it stays unknown.
 */
export function argumentLoad(scenario: JsonRecord | null): GuidellmLoad {
  const load = recordAt(scenario, "load");
  const args = recordAt(load, "args");
  const tool = loadTool(scenario);
  const metadata = recordAt(load, "metadata");
  const stage = metadata === null ? null : numberOf(own(metadata, "stage"));
  if (args === null) return UNKNOWN;
  if (tool === "guidellm") return loadOfArguments(args, stage);
  if (tool === "vllm-benchmark" || tool === "inferencemax") {
    return loadOf(numberOf(own(args, "request_rate")), numberOf(own(args, "max_concurrency")));
  }
  if (tool === "inference-perf" && stage !== null) {
    const native = recordAt(args, "load");
    const stages = native === null ? undefined : own(native, "stages");
    const entry: unknown = Array.isArray(stages) ? stages[stage] : undefined;
    if (!isRecord(entry)) return UNKNOWN;
    const isConcurrent = textAt(native, "type")?.toLowerCase() === "concurrent";
    return isConcurrent
      ? loadOf(null, numberOf(own(entry, "concurrency_level")))
      : loadOf(numberOf(own(entry, "rate")), null);
  }
  return UNKNOWN;
}

/** A finite rate is the load, with a concurrency beside it as its cap; without one the concurrency is; neither bounded is all at once. */
function loadOf(rate: number | null, concurrency: number | null): GuidellmLoad {
  const inFlight = positiveIntegerOf(concurrency);
  if (rate !== null && rate > 0 && Number.isFinite(rate)) {
    return { ...UNKNOWN, loadKind: "request_rate", loadValue: rate, cap: inFlight };
  }
  if (inFlight !== null) return { ...UNKNOWN, loadKind: "concurrency", loadValue: inFlight };
  const unbounded = rate === Number.POSITIVE_INFINITY || concurrency === Number.POSITIVE_INFINITY;
  return unbounded ? { ...UNKNOWN, loadKind: "max" } : UNKNOWN;
}
