import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { LOAD_KINDS, latencyField, METRICS } from "../../domain";
import type { Adapter, AdapterResult } from "../adapter";
import { appendAll } from "../append-all";
import type { DraftRun } from "../complete-run";
import { EXPORT_KEY, EXPORT_VERSION, type ExportedFile } from "../export-lines";
import {
  countAt,
  emptyMeasurement,
  type FieldSink,
  isRecord,
  type JsonRecord,
  measuredAt,
  memberPath,
  own,
  recordAt,
  statisticsFrom,
  textAt,
} from "../fields";
import { MAX_FILE_BYTES } from "../limits";
import { documentsOf } from "../parse-file";
import { problem } from "../problem";
import { type RecordFormat, type RecordReader, readRecordFile } from "../records";
import { redactSecrets } from "../redact";
import type { CarriedReport, GivenFacts, ReadPoint } from "../report";

const COUNT_FIELDS = ["requestsCompleted", "requestsFailed"] as const;
const NUMBER_FIELDS = [
  "durationS",
  "requestRateAchieved",
  "outputTokensPerSecond",
  "inputTokensPerSecond",
  "totalTokensPerSecond",
  "outputTokensPerSecondDerived",
  "inputTokensMean",
  "outputTokensMean",
] as const;

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
const CONFIGURATION_COUNTS = ["acceleratorCount", "nodes", "prefillAccelerators", "decodeAccelerators"] as const;

const MAX_TEXT_LENGTH = 4000;

/** A file held whole is one part; larger ones are written in parts of a few MiB. */
const MAX_PART_BYTES = MAX_FILE_BYTES;

const records: RecordFormat = {
  sniff: (first) => isRecord(first) && isRecord(own(first, EXPORT_KEY)),
  reader: ({ path }) => new ExportReader(path),
};

/**
 * Our own export (`iq export`, `GET /api/v1/export`): one JSON value a line, every run as stored and the reports it was read
 * from. A file written by hand may hold `{"inferenceQuickstart": {"version": 1}, "runs": […]}` instead; its points then come
 * from that file itself.
 */
export const inferenceQuickstartExport: Adapter = {
  format: "inference-quickstart",
  label: "Inference Quickstart's own JSON",
  factsWin: "report",
  keepsRunsApart: true,
  sniff: (file) => {
    const first = documentsOf(file)[0]?.value;
    return first !== undefined && records.sniff(first);
  },
  records,
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    const carried: CarriedReport[] = [];
    for (const file of files) {
      const read = readRecordFile(file, records, companions);
      appendAll(result.drafts, read.drafts);
      appendAll(result.problems, read.problems);
      appendAll(carried, read.carried ?? []);
    }
    return { ...result, carried };
  },
};

interface OpenReport {
  meta: Omit<CarriedReport, "parts">;
  parts: Uint8Array[];
}

class ExportReader implements RecordReader {
  private readonly sink: FieldSink;
  private readonly drafts: DraftRun[] = [];
  private readonly reports = new Map<string, OpenReport>();

  constructor(private readonly path: string) {
    this.sink = { file: path, problems: [] };
  }

  add(value: unknown, at: string): void {
    if (!isRecord(value)) {
      this.refuse(at, value, "an object with run, report or reportPart");
      return;
    }
    const header = recordAt(value, EXPORT_KEY);
    if (header !== null && own(header, "version") !== EXPORT_VERSION) {
      this.refuse(memberPath(at, EXPORT_KEY), own(header, "version"), `version ${EXPORT_VERSION}`);
      return;
    }
    const run = recordAt(value, "run");
    const report = recordAt(value, "report");
    const part = recordAt(value, "reportPart");
    const runs = own(value, "runs");
    if (run !== null) this.addRun(run, memberPath(at, "run"));
    else if (report !== null) this.addReport(report, memberPath(at, "report"));
    else if (part !== null) this.addPart(part, memberPath(at, "reportPart"));
    else if (Array.isArray(runs)) {
      runs.forEach((item: unknown, index) => {
        const place = `${memberPath(at, "runs")}[${index}]`;
        if (isRecord(item)) this.addRun(item, place);
        else this.refuse(place, item, "a run");
      });
    } else if (header === null) this.refuse(at, value, "an object with run, report or reportPart");
  }

  finish(): AdapterResult {
    const carried = [...this.reports.values()].flatMap((report) => this.wholeReport(report));
    const whole = new Set(carried.map((report) => report.sha256));
    const drafts = this.drafts.map((draft) => {
      const complete = draft.carriedFiles?.every((file) => whole.has(file.sha256)) === true;
      if (complete && draft.points.every((point) => whole.has(point.reportSha256 ?? ""))) return draft;
      // Without its reports the file itself is what the points were read from.
      const { carriedFiles: _, ...rest } = draft;
      return { ...rest, points: draft.points.map(({ reportSha256: _hash, ...point }) => point) };
    });
    return { drafts, problems: this.sink.problems, skipped: [], carried };
  }

  private refuse(at: string, value: unknown, expected: string): void {
    this.sink.problems.push(problem(this.path, at, value, expected, `${this.path}, ${at}: expected ${expected}.`));
  }

  private addRun(run: JsonRecord, at: string): void {
    const points = own(run, "points");
    const configuration = recordAt(run, "configuration");
    if (!Array.isArray(points) || points.length === 0) {
      this.refuse(memberPath(at, "points"), points, "a list of load points");
      return;
    }
    const before = this.sink.problems.length;
    const read = points.map((point: unknown, index) => this.point(point, `${memberPath(at, "points")}[${index}]`));
    if (this.sink.problems.length > before) return;
    const carriedFiles = this.files(own(run, "files"));
    this.drafts.push({
      format: this.text(run, "format") ?? inferenceQuickstartExport.format,
      tool: this.text(run, "tool"),
      toolVersion: this.text(run, "toolVersion"),
      measuredOn: this.text(run, "measuredOn"),
      stated: this.facts(run, configuration),
      hints: {},
      seriesKey: this.text(run, "seriesKey"),
      qualityFlags: this.flags(run),
      points: read.filter((point) => point !== null),
      files: [this.path],
      ...(carriedFiles.length === 0 ? {} : { carriedFiles }),
      place: () => at,
    });
  }

  private facts(run: JsonRecord, configuration: JsonRecord | null): GivenFacts {
    const workload = recordAt(run, "workload");
    const source = recordAt(run, "source");
    const parallelism = recordAt(configuration, "parallelism");
    const entries: [string, unknown][] = [
      ...CONFIGURATION_TEXTS.map((key): [string, unknown] => [key, textAt(configuration, key) ?? undefined]),
      ...CONFIGURATION_COUNTS.map((key): [string, unknown] => [key, given(configuration, key)]),
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
        ...["tensor", "pipeline", "data", "expert"].map((key): [string, unknown] => [key, given(parallelism, key)]),
      ].filter(([, value]) => value !== undefined);
      if (parts.length > 0) facts.parallelism = Object.fromEntries(parts);
    }
    return facts;
  }

  private point(value: unknown, at: string): ReadPoint | null {
    if (!isRecord(value)) {
      this.refuse(at, value, "a load point");
      return null;
    }
    const sink = this.sink;
    const kindText = own(value, "loadKind") ?? null;
    const loadKind = LOAD_KINDS.find((kind) => kind === kindText) ?? null;
    if (kindText !== null && loadKind === null) {
      this.refuse(memberPath(at, "loadKind"), kindText, `one of ${LOAD_KINDS.join(", ")}, or null`);
    }
    const point: ReadPoint = {
      ...emptyMeasurement(),
      loadKind,
      loadValue: measuredAt(sink, value, "loadValue", at),
      qualityFlags: this.flags(value),
      sourceRef: this.text(value, "sourceRef"),
      file: this.path,
      at: this.text(value, "reportAt") ?? at,
    };
    for (const field of COUNT_FIELDS) point[field] = countAt(sink, value, field, at);
    for (const field of NUMBER_FIELDS) point[field] = measuredAt(sink, value, field, at);
    for (const metric of METRICS) {
      const field = latencyField(metric);
      const statistics = recordAt(value, field);
      point[field] = statisticsFrom((statistic) => measuredAt(sink, statistics, statistic, memberPath(at, field)));
    }
    const sha256 = this.text(value, "reportSha256");
    if (sha256 !== null && /^[0-9a-f]{64}$/.test(sha256)) point.reportSha256 = sha256;
    const measuredOn = own(value, "measuredOn");
    if (measuredOn === null || typeof measuredOn === "string") point.measuredOn = measuredOn;
    const extras = recordAt(value, "extras");
    if (extras !== null) point.extras = flat(extras);
    return point;
  }

  private flags(record: JsonRecord): string[] {
    const flags = own(record, "qualityFlags");
    return Array.isArray(flags)
      ? flags.filter((flag): flag is string => typeof flag === "string" && /^[A-Za-z0-9_.]{1,80}$/.test(flag))
      : [];
  }

  private files(value: unknown): ExportedFile[] {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item: unknown): ExportedFile[] => {
      const record = isRecord(item) ? item : null;
      const sha256 = textAt(record, "sha256");
      const fileName = textAt(record, "fileName");
      const role = textAt(record, "role");
      if (sha256 === null || !/^[0-9a-f]{64}$/.test(sha256) || fileName === null) return [];
      return [{ sha256, fileName, role: role === "context" ? "context" : "points" }];
    });
  }

  private text(record: JsonRecord, key: string): string | null {
    const text = textAt(record, key);
    return text !== null && text.length <= MAX_TEXT_LENGTH ? text : null;
  }

  private addReport(record: JsonRecord, at: string): void {
    const sha256 = textAt(record, "sha256");
    const byteLength = countAt(this.sink, record, "byteLength", at);
    if (sha256 === null || !/^[0-9a-f]{64}$/.test(sha256)) {
      this.refuse(memberPath(at, "sha256"), own(record, "sha256"), "a sha256 in lower-case hex");
      return;
    }
    const redacted = own(record, "redacted");
    this.reports.set(sha256, {
      meta: {
        sha256,
        fileName: this.text(record, "fileName") ?? "report",
        mediaType: this.text(record, "mediaType") ?? "application/octet-stream",
        byteLength: byteLength ?? 0,
        redacted: Array.isArray(redacted) ? redacted.filter((item): item is string => typeof item === "string") : [],
      },
      parts: [],
    });
  }

  private addPart(record: JsonRecord, at: string): void {
    const report = this.reports.get(textAt(record, "sha256") ?? "");
    const content = textAt(record, "gzipBase64");
    if (report === undefined || content === null || own(record, "ordinal") !== report.parts.length) {
      this.refuse(at, own(record, "ordinal"), "the next part of a report named before");
      return;
    }
    report.parts.push(new Uint8Array(Buffer.from(content, "base64")));
  }

  /** A report whose bytes are what its hash says; of a redacted one only the length of its list can be known. */
  private wholeReport({ meta, parts }: OpenReport): CarriedReport[] {
    if (parts.length === 0) return [];
    const hash = createHash("sha256");
    const found: string[] = [];
    const clean: Uint8Array[] = [];
    try {
      for (const part of parts) {
        // No part of an honest export is larger; what swells beyond is let go unread.
        const bytes = gunzipSync(part, { maxOutputLength: MAX_PART_BYTES });
        hash.update(bytes);
        // An export carries what another database blanked; a forged one may not.
        const redacted = redactSecrets(bytes, meta.fileName);
        found.push(...redacted.redacted);
        clean.push(redacted.redacted.length === 0 ? part : gzipSync(redacted.bytes));
      }
    } catch {
      this.refuse(`report ${meta.sha256}`, "", `gzip data of at most ${MAX_PART_BYTES / 1024 / 1024} MiB a part`);
      return [];
    }
    if (meta.redacted.length === 0 && hash.digest("hex") !== meta.sha256) {
      this.refuse(`report ${meta.sha256}`, "", "bytes that have the report's sha256");
      return [];
    }
    return [{ ...meta, redacted: [...meta.redacted, ...found], parts: clean }];
  }
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
