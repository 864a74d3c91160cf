import { appendAll } from "../../../append-all";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { type FieldSink, isRecord, type JsonRecord, memberPath, own, recordAt } from "../../parse/fields";
import { documentsOf, type RecordFormat, type RecordReader } from "../../parse/parsed-file";
import { readRecordFile } from "../../parse/records";
import type { CarriedReport } from "../../report";
import type { Adapter } from "../adapter";
import { CarriedReports } from "./carried-reports";
import { EXPORT_KEY, EXPORT_VERSION, refuse } from "./exported-fields";
import { readExportedRun } from "./exported-run";

const records: RecordFormat = {
  sniff: (first) => isRecord(first) && isRecord(own(first, EXPORT_KEY)),
  reader: ({ path }) => new ExportReader(path),
};

/**
 * Our own export (`iq export`, `GET /api/v1/export`): one JSON value a line, rows of the catalogue that are a person's own, every
 * run as stored and the reports it was read from. A file written by hand may hold `{"inferenceQuickstart": {"version": 1}, "runs": […]}` instead; its points then come
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
    const catalogue: NonNullable<AdapterResult["catalogue"]> = [];
    for (const file of files) {
      const read = readRecordFile(file, records, companions);
      appendAll(result.drafts, read.drafts);
      appendAll(result.problems, read.problems);
      appendAll(carried, read.carried ?? []);
      appendAll(catalogue, read.catalogue ?? []);
    }
    return { ...result, carried, catalogue };
  },
};

class ExportReader implements RecordReader {
  private readonly sink: FieldSink;
  private readonly drafts: DraftRun[] = [];
  private readonly catalogue: NonNullable<AdapterResult["catalogue"]> = [];
  private readonly reports: CarriedReports;

  constructor(path: string) {
    this.sink = { file: path, problems: [] };
    this.reports = new CarriedReports(this.sink);
  }

  add(value: unknown, location: string): void {
    if (!isRecord(value)) {
      refuse(this.sink, location, value, "an object with run, report or reportPart");
      return;
    }
    const header = recordAt(value, EXPORT_KEY);
    if (header !== null && own(header, "version") !== EXPORT_VERSION) {
      refuse(this.sink, memberPath(location, EXPORT_KEY), own(header, "version"), `version ${EXPORT_VERSION}`);
      return;
    }
    const run = recordAt(value, "run");
    const report = recordAt(value, "report");
    const part = recordAt(value, "reportPart");
    const runs = own(value, "runs");
    const rows = recordAt(value, "catalogue");
    if (rows !== null) this.catalogue.push({ path: this.sink.file, location: memberPath(location, "catalogue"), rows });
    if (run !== null) this.addRun(run, memberPath(location, "run"));
    else if (report !== null) this.reports.addReport(report, memberPath(location, "report"));
    else if (part !== null) this.reports.addPart(part, memberPath(location, "reportPart"));
    else if (Array.isArray(runs)) {
      runs.forEach((item: unknown, index) => {
        const runLocation = `${memberPath(location, "runs")}[${index}]`;
        if (isRecord(item)) this.addRun(item, runLocation);
        else refuse(this.sink, runLocation, item, "a run");
      });
    } else if (header === null && rows === null) {
      refuse(this.sink, location, value, "an object with run, report, reportPart or catalogue");
    }
  }

  finish(): AdapterResult {
    const carried = this.reports.whole();
    const whole = new Set(carried.map((report) => report.sha256));
    const drafts = this.drafts.map((draft) => {
      const complete = draft.carriedFiles?.every((file) => whole.has(file.sha256)) === true;
      if (complete && draft.points.every((point) => whole.has(point.reportSha256 ?? ""))) return draft;
      // Without its reports the file itself is what the points were read from.
      const { carriedFiles: _, ...rest } = draft;
      return { ...rest, points: draft.points.map(({ reportSha256: _hash, ...point }) => point) };
    });
    return { drafts, problems: this.sink.problems, skipped: [], carried, catalogue: this.catalogue };
  }

  private addRun(run: JsonRecord, location: string): void {
    const draft = readExportedRun(this.sink, inferenceQuickstartExport.format, run, location);
    if (draft !== null) this.drafts.push(draft);
  }
}
