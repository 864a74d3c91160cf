import { redactText } from "./redact";
import type { ReadPoint, ReadRun } from "./report";

/** Caveat of a run in whose own texts a secret stood. */
const REDACTED_FLAG = "secrets_redacted";

/** Texts that hold no secret: the same few stand in thousands of runs. */
const CLEAN_TEXTS = new Set<string>();
const MAX_CLEAN_TEXTS = 10_000;
const MAX_CLEAN_TEXT_LENGTH = 200;

function isKnownClean(text: string | null): boolean {
  if (text === null || CLEAN_TEXTS.has(text)) return true;
  if (redactText(text, "text").redacted.length > 0) return false;
  if (text.length <= MAX_CLEAN_TEXT_LENGTH && CLEAN_TEXTS.size < MAX_CLEAN_TEXTS) CLEAN_TEXTS.add(text);
  return true;
}

/**
 * A run without secrets in any text that is stored or shown: what looks like a token or key in a series name, a source, a place
 * or an extra is blanked, and the run says so.
 */
export function withoutSecretTexts(run: ReadRun): ReadRun {
  if (textsOf(run).every(isKnownClean) && run.points.every(isCleanPoint)) return run;
  const { configuration, source } = run;
  return {
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
    points: run.points.map((read) => ({
      ...read,
      sourceRef: clean(read.sourceRef),
      at: clean(read.at),
      ...(read.extras === undefined ? {} : { extras: cleanExtras(read.extras) }),
    })),
    qualityFlags: [...new Set([...run.qualityFlags, REDACTED_FLAG])],
  };
}

/** Every text of a run that a report may fill. */
function textsOf({ tool, toolVersion, seriesKey, source, configuration, workload }: ReadRun): (string | null)[] {
  return [
    ...[tool, toolVersion, seriesKey, source.name, source.url, source.licence],
    ...[configuration.model, configuration.checkpoint, configuration.serverVersion, configuration.parallelism.label],
    ...[configuration.speculative, workload.dataset, workload.workloadId],
  ];
}

function isCleanPoint({ sourceRef, at, extras }: ReadPoint): boolean {
  if (!isKnownClean(sourceRef) || !isKnownClean(at)) return false;
  return (
    extras === undefined || Object.values(extras).every((value) => typeof value !== "string" || isKnownClean(value))
  );
}

function clean<T extends string | null>(text: T): T {
  return text === null ? text : (redactText(text, "text").text as T);
}

function cleanExtras(extras: NonNullable<ReadPoint["extras"]>): NonNullable<ReadPoint["extras"]> {
  return Object.fromEntries(
    Object.entries(extras).map(([key, value]) => [key, typeof value === "string" ? clean(value) : value]),
  );
}
