import type { LoadKind } from "../../../measurement/measurement";
import type { QualityFlag } from "../../../measurement/quality-flags";
import { isRecord, type JsonRecord, numberOf, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";

/** The parts of a report that say which load was offered. */
export interface LoadInputs {
  /** The strategy of this benchmark with its `streams` or `rate`. */
  strategy: JsonRecord | null;
  /** Its type, where only that is written. */
  strategyType: string | null;
  /** What the user asked for: the loads of all benchmarks. */
  profile: JsonRecord | null;
  /** Which of the profile's loads this is. */
  index: number | null;
}

/** The offered load; kind `null` where the report does not say it. */
export interface GuidellmLoad {
  loadKind: LoadKind | null;
  loadValue: number | null;
  /** Requests in flight the user allowed at most, where the load is a rate. */
  cap: number | null;
  rampsUp: boolean;
}

/** A sweep runs one request at a time first, then everything at once, then the rates between the two. */
const SWEEP_STEPS_BEFORE_RATES = 2;

/**
 * The load of one benchmark. `max_concurrency` of a strategy is filled in by the tool (10240 …) and no load; the one of the
 * profile is the user's: with it, "everything at once" is a closed loop of that many requests.
 */
export function offeredLoad(inputs: LoadInputs): GuidellmLoad {
  const { profile } = inputs;
  const completed = profile === null ? undefined : own(profile, "completed_strategies");
  const listed: unknown =
    Array.isArray(completed) && inputs.index !== null && inputs.strategy === null ? completed[inputs.index] : undefined;
  const listedType = isRecord(listed) ? typeOf(listed) : null;
  const strategy =
    inputs.strategy ?? (isRecord(listed) && listedType === (inputs.strategyType ?? listedType) ? listed : null);
  const type = typeOf(strategy) ?? inputs.strategyType;
  const cap = profile === null ? null : positiveIntegerOf(own(profile, "max_concurrency"));
  const rampsUp = ["rampup_duration", "startup_duration"].some(
    (key) => strategy !== null && (numberOf(own(strategy, key)) ?? 0) > 0,
  );
  const load = (loadKind: LoadKind | null, loadValue: number | null): GuidellmLoad => ({
    loadKind,
    loadValue,
    cap: loadKind === "request_rate" ? cap : null,
    rampsUp,
  });
  if (type === "synchronous") return load("concurrency", 1);
  if (type === "throughput") return cap === null ? load("max", null) : load("concurrency", cap);
  if (type === "concurrent") {
    const streams = positiveIntegerOf(memberOf(strategy, "streams") ?? inProfile(inputs, "streams"));
    return streams === null ? load(null, null) : load("concurrency", streams);
  }
  if (type === "constant" || type === "poisson" || type === "async") {
    const rate = numberOf(memberOf(strategy, "rate") ?? inProfile(inputs, "rate"));
    return rate !== null && rate > 0 && Number.isFinite(rate) ? load("request_rate", rate) : load(null, null);
  }
  return load(null, null);
}

/** Quality flags of a load. */
export function loadFlags(load: GuidellmLoad): QualityFlag[] {
  const flags: QualityFlag[] = [];
  if (load.loadKind === null) flags.push("load_unknown");
  if (load.cap !== null) flags.push(`max_concurrency_${load.cap}`);
  if (load.rampsUp) flags.push("ramp_up");
  return flags;
}

/** The profile's load of this benchmark: `streams` are also called `rate`; a sweep lists its rates elsewhere. */
function inProfile({ profile, index }: LoadInputs, key: "streams" | "rate"): unknown {
  if (profile === null) return undefined;
  if (typeOf(profile) === "sweep") {
    const rates = own(profile, "measured_rates");
    return Array.isArray(rates) && index !== null ? rates[index - SWEEP_STEPS_BEFORE_RATES] : undefined;
  }
  const values = own(profile, key) ?? own(profile, "rate");
  if (!Array.isArray(values)) return index === null || index === 0 ? values : undefined;
  return index === null ? undefined : values[index];
}

function memberOf(record: JsonRecord | null, key: string): unknown {
  return record === null ? undefined : (own(record, key) ?? undefined);
}

function typeOf(record: JsonRecord | null): string | null {
  return textAt(record, "type_") ?? textAt(record, "kind");
}

/** The load the arguments of a whole run name for its benchmark `index`: `profile` or `rate_type` and `rate`. */
export function loadOfArguments(args: JsonRecord | null, index: number | null): GuidellmLoad {
  const strategy = recordAt(args, "strategy");
  const rates = args === null ? undefined : own(args, "rate");
  return offeredLoad({
    strategy,
    strategyType: textAt(args, "profile") ?? textAt(args, "rate_type"),
    profile: strategy === null ? { rate: rates } : recordAt(args, "profile"),
    index: index ?? 0,
  });
}
