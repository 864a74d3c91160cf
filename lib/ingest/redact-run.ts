import { redactText } from "./redact";
import type { ReadPoint, ReadRun } from "./report";

/** Caveat of a run in whose own texts a secret stood. */
const REDACTED_FLAG = "secrets_redacted";

/**
 * A run without secrets in any text that is stored or shown: what looks like a token or key in a series name, a source, a place
 * or an extra is blanked, and the run says so.
 */
export function withoutSecretTexts(run: ReadRun): ReadRun {
  let found = false;
  const clean = <T extends string | null>(text: T): T => {
    if (text === null) return text;
    const { text: result, redacted } = redactText(text, "text");
    if (redacted.length === 0) return text;
    found = true;
    return result as T;
  };
  const point = (read: ReadPoint): ReadPoint => {
    const sourceRef = clean(read.sourceRef);
    const at = clean(read.at);
    const extras = read.extras === undefined ? undefined : cleanExtras(read.extras, clean);
    if (sourceRef === read.sourceRef && at === read.at && extras === read.extras) return read;
    return { ...read, sourceRef, at, ...(extras === undefined ? {} : { extras }) };
  };
  const { configuration, source } = run;
  const cleaned: ReadRun = {
    ...run,
    tool: clean(run.tool),
    toolVersion: clean(run.toolVersion),
    seriesKey: clean(run.seriesKey),
    source: { name: clean(source.name), url: clean(source.url), licence: clean(source.licence) },
    configuration: {
      ...configuration,
      model: clean(configuration.model),
      checkpoint: clean(configuration.checkpoint),
      serverVersion: clean(configuration.serverVersion),
      parallelism: { ...configuration.parallelism, label: clean(configuration.parallelism.label) },
      speculative: clean(configuration.speculative),
    },
    workload: {
      ...run.workload,
      dataset: clean(run.workload.dataset),
      workloadId: clean(run.workload.workloadId),
    },
    points: run.points.map(point),
  };
  if (!found) return run;
  return { ...cleaned, qualityFlags: [...new Set([...run.qualityFlags, REDACTED_FLAG])] };
}

function cleanExtras(
  extras: NonNullable<ReadPoint["extras"]>,
  clean: (text: string) => string,
): NonNullable<ReadPoint["extras"]> {
  let changed = false;
  const entries = Object.entries(extras).map(([key, value]): [string, typeof value] => {
    if (typeof value !== "string") return [key, value];
    const result = clean(value);
    changed ||= result !== value;
    return [key, result];
  });
  return changed ? Object.fromEntries(entries) : extras;
}
