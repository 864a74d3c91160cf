import type { QualityFlag } from "../../measurement/quality-flags";
import { isSettings, type Settings, type SettingValue, type SettingValues } from "../../measurement/settings";
import { BLANKED } from "../../redact/edits";
import { redactText, withoutSecrets } from "../../redact/redact";
import { isSecretValue, kindOfKey } from "../../redact/secret-keys";
import type { ReadPoint, ReadRun } from "../report";

/** Flag of a run that had a secret in one of its texts. */
const REDACTED_FLAG: QualityFlag = "secrets_redacted";

/** Texts known to hold no secret, because thousands of runs repeat the same few. */
const CLEAN_TEXTS = new Set<string>();
const MAX_CLEAN_TEXTS = 10_000;
const MAX_CLEAN_TEXT_LENGTH = 200;

function isKnownClean(text: string): boolean {
  if (CLEAN_TEXTS.has(text)) return true;
  if (redactText(text, "text").redacted.length > 0) return false;
  if (text.length <= MAX_CLEAN_TEXT_LENGTH && CLEAN_TEXTS.size < MAX_CLEAN_TEXTS) CLEAN_TEXTS.add(text);
  return true;
}

/**
 * A run without secrets in any text that is stored or shown: what looks like a token or key in a series name, a source, a
 * location or an extra is blanked, and the run says so.
 */
export function withoutSecretTexts(run: ReadRun): ReadRun {
  if (!mayHoldSecrets(run)) return run;
  const found: Found = { any: false };
  const { configuration, source, workload } = run;
  const cleaned: ReadRun = {
    ...run,
    tool: clean(run.tool, found),
    toolVersion: clean(run.toolVersion, found),
    seriesKey: clean(run.seriesKey, found),
    source: {
      name: clean(source.name, found),
      url: clean(source.url, found),
      licence: clean(source.licence, found),
    },
    configuration: {
      ...configuration,
      model: clean(configuration.model, found),
      checkpoint: clean(configuration.checkpoint, found),
      serverVersion: clean(configuration.serverVersion, found),
      parallelism: { ...configuration.parallelism, label: clean(configuration.parallelism.label, found) },
      speculative: clean(configuration.speculative, found),
      settings: cleanSettings(configuration.settings, found),
    },
    workload: {
      ...workload,
      dataset: clean(workload.dataset, found),
      workloadId: clean(workload.workloadId, found),
    },
    points: run.points.map((point) => cleanPoint(point, found)),
  };
  if (!found.any) return run;
  return { ...cleaned, qualityFlags: [...new Set([...run.qualityFlags, REDACTED_FLAG])] };
}

/** Settings known to hold no secret: all runs of one configuration share them. */
const CLEAN_SETTINGS = new WeakSet<Settings>();

/** Facts that are known to hold no secret: runs of the same facts share them. */
const CLEAN_FACTS = new WeakSet<object>();

/** False where a quick look shows that none of a run's texts holds a secret. */
function mayHoldSecrets(run: ReadRun): boolean {
  const { configuration, source, workload } = run;
  if (![run.tool, run.toolVersion, run.seriesKey].every(isClean) || !run.points.every(isCleanPoint)) return true;
  if (!CLEAN_FACTS.has(source)) {
    if (![source.name, source.url, source.licence].every(isClean)) return true;
    CLEAN_FACTS.add(source);
  }
  if (!CLEAN_FACTS.has(configuration)) {
    const { model, checkpoint, serverVersion, parallelism, speculative, settings } = configuration;
    if (![model, checkpoint, serverVersion, parallelism.label, speculative].every(isClean)) return true;
    const found: Found = { any: false };
    cleanSettings(settings, found);
    if (found.any) return true;
    CLEAN_FACTS.add(configuration);
  }
  return !isClean(workload.dataset) || !isClean(workload.workloadId);
}

function isClean(text: string | null): boolean {
  return text === null || isKnownClean(text);
}

/** Places in a table, of which each row has its own. */
const LINE = /^line \d+$/;

function isCleanPoint({ sourceRef, location, extras }: ReadPoint): boolean {
  if (!isClean(sourceRef) || !(LINE.test(location) || isKnownClean(location))) return false;
  if (extras === undefined) return true;
  const found: Found = { any: false };
  cleanExtras(extras, found);
  return !found.any;
}

function cleanSettings(settings: Settings, found: Found): Settings {
  if (CLEAN_SETTINGS.has(settings)) return settings;
  const own: Found = { any: false };
  const cleaned = blankedSettings(settings, own);
  if (own.any) found.any = true;
  else CLEAN_SETTINGS.add(settings);
  return own.any ? cleaned : settings;
}

function blankedSettings(settings: Settings, found: Found): Settings {
  const group = (values: SettingValues | null) => (values === null ? null : cleanValues(values, found));
  return {
    serverArguments: group(settings.serverArguments),
    environment: group(settings.environment),
    engineOptions: group(settings.engineOptions),
    image: clean(settings.image, found),
  };
}

function cleanValues(values: SettingValues, found: Found): SettingValues {
  const entries = Object.entries(values).map(([name, value]): [string, SettingValue] => {
    const isSecret = typeof value === "string" && value !== "" && isSecretValue(kindOfKey(name), value);
    if (isSecret && value !== BLANKED) found.any = true;
    return [clean(name, found), isSecret ? BLANKED : cleanValue(value, found)];
  });
  return Object.fromEntries(entries);
}

function cleanValue(value: SettingValue, found: Found): SettingValue {
  if (typeof value === "string") return clean(value, found);
  if (isSettings(value)) return cleanValues(value, found);
  return value !== null && typeof value === "object" ? value.map((item) => cleanValue(item, found)) : value;
}

/** Whether a secret was found. */
interface Found {
  any: boolean;
}

function clean<T extends string | null>(text: T, found: Found): T {
  if (text === null || isKnownClean(text)) return text;
  found.any = true;
  return withoutSecrets(text) as T;
}

function cleanPoint(read: ReadPoint, found: Found): ReadPoint {
  const sourceRef = clean(read.sourceRef, found);
  const location = clean(read.location, found);
  const extras = read.extras === undefined ? undefined : cleanExtras(read.extras, found);
  if (sourceRef === read.sourceRef && location === read.location && extras === read.extras) return read;
  return { ...read, sourceRef, location, ...(extras === undefined ? {} : { extras }) };
}

type Extras = NonNullable<ReadPoint["extras"]>;

function cleanExtras(extras: Extras, found: Found): Extras {
  let isClean = true;
  const cleaned: Record<string, Extras[string]> = {};
  for (const [key, value] of Object.entries(extras)) {
    const name = clean(key, found);
    const text =
      typeof value !== "string" ? value : isSecretValue(kindOfKey(key), value) ? BLANKED : clean(value, found);
    isClean &&= name === key && text === value;
    cleaned[name] = text;
  }
  if (!isClean) found.any = true;
  return isClean ? extras : cleaned;
}
