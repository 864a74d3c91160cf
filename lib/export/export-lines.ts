import type { LoadPoint, Run } from "../domain";
import { EXPORT_KEY, EXPORT_VERSION } from "../ingest/formats/inference-quickstart-export/exported-fields";
import type { CarriedReport, ReadPoint, RunFile } from "../ingest/report";

/** A load point with what only an export needs of it. */
export interface ExportedPoint extends LoadPoint {
  /** Location in its report. */
  reportAt: string;
  /** See {@link ReadPoint.measuredOn}; left out = the run's date. */
  measuredOn?: string | null;
  extras?: ReadPoint["extras"];
}

/** A run with everything that is stored of it. */
export interface ExportedRun extends Omit<Run, "points"> {
  points: readonly ExportedPoint[];
  files: readonly RunFile[];
}

/** First line of an export: the version of the format, and the revision that is exported. */
export function exportHeaderLine(revision: { id: number; createdAt: string }): string {
  return line({ [EXPORT_KEY]: { version: EXPORT_VERSION, revision: revision.id, createdAt: revision.createdAt } });
}

/** Rows of the catalogue that did not come with the program, by kind and column: what a file of own rows would say. */
export function exportCatalogueLine(rows: Readonly<Record<string, readonly object[]>>): string {
  return line({ catalogue: rows });
}

/** One run a line. Ids and revisions are left out: they follow from the rest, or belong to the database it came from. */
export function exportRunLine(run: ExportedRun): string {
  const { runId: _run, addedInRevision: _revision, configuration, points, ...rest } = run;
  const { configurationId: _configuration, ...facts } = configuration;
  return line({
    run: {
      ...rest,
      configuration: facts,
      points: points.map(({ pointId: _point, runId: _owner, ordinal: _ordinal, ...point }) => point),
    },
  });
}

/** A report: one line that says what it is, then one for each part. */
export async function* exportReportLines(
  report: Omit<CarriedReport, "parts"> & { parts: AsyncIterable<Uint8Array> },
): AsyncGenerator<string> {
  const { parts, ...rest } = report;
  yield line({ report: rest });
  let ordinal = 0;
  for await (const part of parts) {
    yield line({ reportPart: { sha256: report.sha256, ordinal, gzipBase64: Buffer.from(part).toString("base64") } });
    ordinal++;
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
