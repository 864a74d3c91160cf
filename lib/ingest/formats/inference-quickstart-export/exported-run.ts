import { statisticsFrom } from "../../../measurement/latency";
import { LOAD_KINDS, setMeasurement } from "../../../measurement/measurement";
import { flagFromText, type QualityFlag } from "../../../measurement/quality-flags";
import { QUANTITIES } from "../../../measurement/quantities";
import { SETTING_GROUPS } from "../../../measurement/settings";
import type { DraftRun } from "../../facts/draft-run";
import {
  countAt,
  emptyPoint,
  type FieldSink,
  isRecord,
  type JsonRecord,
  measuredAt,
  memberPath,
  own,
  recordAt,
  textAt,
} from "../../parse/fields";
import type { GivenFacts, ReadPoint, RunFile } from "../../report";
import { isSha256, refuse, shortText } from "./exported-fields";

/** Facts of a configuration that are texts or counts under their own names. */
const CONFIGURATION_TEXTS = [
  "model",
  "checkpoint",
  "accelerator",
  "server",
  "serverVersion",
  "precision",
  "speculative",
] as const;
const WHOLE_FIELDS: ReadonlySet<string> = new Set(
  QUANTITIES.filter(({ kind }) => kind === "count").map(({ field }) => field),
);
const CONFIGURATION_COUNTS = [
  "acceleratorCount",
  "nodes",
  "speculativeTokens",
  "prefillAccelerators",
  "decodeAccelerators",
] as const;

/**
 * A run as an export writes it.
 * @param format of a run that does not say in what format its report was
 * @returns the run, or `null` with its problems in the sink
 */
export function readExportedRun(sink: FieldSink, format: string, run: JsonRecord, location: string): DraftRun | null {
  const points = own(run, "points");
  const configuration = recordAt(run, "configuration");
  if (!Array.isArray(points) || points.length === 0) {
    refuse(sink, memberPath(location, "points"), points, "a list of load points");
    return null;
  }
  const before = sink.problems.length;
  const read = points.map((point: unknown, index) =>
    readExportedPoint(sink, point, `${memberPath(location, "points")}[${index}]`),
  );
  if (sink.problems.length > before) return null;
  const carriedFiles = exportedFiles(own(run, "files"));
  return {
    format: shortText(run, "format") ?? format,
    tool: shortText(run, "tool"),
    toolVersion: shortText(run, "toolVersion"),
    measuredOn: shortText(run, "measuredOn"),
    stated: statedFacts(run, configuration),
    hints: {},
    seriesKey: shortText(run, "seriesKey"),
    qualityFlags: flagsOf(run),
    points: read.filter((point) => point !== null),
    files: [sink.file],
    ...(carriedFiles.length === 0 ? {} : { carriedFiles }),
    locationOf: () => location,
  };
}

function statedFacts(run: JsonRecord, configuration: JsonRecord | null): GivenFacts {
  const workload = recordAt(run, "workload");
  const source = recordAt(run, "source");
  const parallelism = recordAt(configuration, "parallelism");
  const settings = recordAt(configuration, "settings");
  const entries: [string, unknown][] = [
    ...CONFIGURATION_TEXTS.map((key): [string, unknown] => [key, textAt(configuration, key) ?? undefined]),
    ...CONFIGURATION_COUNTS.map((key): [string, unknown] => [key, given(configuration, key)]),
    ...SETTING_GROUPS.map((group): [string, unknown] => [group, given(settings, group)]),
    ["image", textAt(settings, "image") ?? undefined],
    ["servingMode", textAt(configuration, "servingMode") ?? undefined],
    ["workloadId", textAt(workload, "workloadId") ?? undefined],
    ["dataset", textAt(workload, "dataset") ?? undefined],
    ["inputTokens", given(workload, "inputTokens")],
    ["outputTokens", given(workload, "outputTokens")],
    ["sourceName", textAt(source, "name") ?? undefined],
    ["sourceUrl", textAt(source, "url") ?? undefined],
    ["licence", textAt(source, "licence") ?? undefined],
  ];
  const facts: GivenFacts = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  if (parallelism !== null) {
    const parts = [
      ["label", textAt(parallelism, "label") ?? undefined],
      ...["tensor", "pipeline", "data", "expert", "context"].map((key): [string, unknown] => [
        key,
        given(parallelism, key),
      ]),
    ].filter(([, value]) => value !== undefined);
    if (parts.length > 0) facts.parallelism = Object.fromEntries(parts);
  }
  return facts;
}

function readExportedPoint(sink: FieldSink, value: unknown, location: string): ReadPoint | null {
  if (!isRecord(value)) {
    refuse(sink, location, value, "a load point");
    return null;
  }
  const kindText = own(value, "loadKind") ?? null;
  const loadKind = LOAD_KINDS.find((kind) => kind === kindText) ?? null;
  if (kindText !== null && loadKind === null) {
    refuse(sink, memberPath(location, "loadKind"), kindText, `one of ${LOAD_KINDS.join(", ")}, or null`);
  }
  const point = emptyPoint(sink.file, shortText(value, "reportAt") ?? location);
  setMeasurement(point, {
    loadKind,
    number: (field) => (WHOLE_FIELDS.has(field) ? countAt : measuredAt)(sink, value, field, location),
    latency: (field) => {
      const statistics = recordAt(value, field);
      return statisticsFrom((statistic) => measuredAt(sink, statistics, statistic, memberPath(location, field)));
    },
    qualityFlags: flagsOf(value),
    sourceRef: shortText(value, "sourceRef"),
  });
  const sha256 = shortText(value, "reportSha256");
  if (isSha256(sha256)) point.reportSha256 = sha256;
  const measuredOn = own(value, "measuredOn");
  if (measuredOn === null || typeof measuredOn === "string") point.measuredOn = measuredOn;
  const extras = recordAt(value, "extras");
  if (extras !== null) point.extras = flat(extras);
  return point;
}

function flagsOf(record: JsonRecord): QualityFlag[] {
  const flags = own(record, "qualityFlags");
  return Array.isArray(flags)
    ? flags
        .filter((flag): flag is string => typeof flag === "string" && /^[A-Za-z0-9_.]{1,80}$/.test(flag))
        .map(flagFromText)
    : [];
}

function exportedFiles(value: unknown): RunFile[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown): RunFile[] => {
    const record = isRecord(item) ? item : null;
    const sha256 = textAt(record, "sha256");
    const fileName = textAt(record, "fileName");
    const role = textAt(record, "role");
    if (!isSha256(sha256) || fileName === null) return [];
    return [{ sha256, fileName, role: role === "context" ? "context" : "points" }];
  });
}

/** A value as given; `null` counts as not given. Whether it is a count is checked with all facts. */
function given(record: JsonRecord | null, key: string): unknown {
  const value = record === null ? undefined : own(record, key);
  return value === null ? undefined : value;
}

function flat(record: JsonRecord): NonNullable<ReadPoint["extras"]> {
  const entries = Object.entries(record).filter(
    (entry): entry is [string, string | number | boolean | null] =>
      entry[1] === null || ["string", "number", "boolean"].includes(typeof entry[1]),
  );
  return Object.fromEntries(entries);
}
