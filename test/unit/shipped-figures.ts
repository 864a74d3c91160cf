import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { readCatalogue } from "../../db/store/read-catalogue";
import type { Run } from "../../lib/domain";
import { readReports } from "../../lib/ingest/read-reports";
import type { ReadResult } from "../../lib/ingest/report";
import { configurationId, effectiveWorkloadId } from "../../lib/measurement/identity";

/** The catalogue and the figures that come with the program. Tests only read them, so a worker reads them once for all its files. */
export const DATA = path.resolve(import.meta.dirname, "../../data");

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Names of the files of figures, sorted. */
export const figureFiles = once(() => readdirSync(path.join(DATA, "figures")).sort());

export const shippedCatalogue = once(() => readCatalogue(DATA));

const isSettings = (name: string) => name.endsWith(".settings.csv");

function rowsOf(names: readonly string[]): Map<string, Record<string, string>[]> {
  return new Map(
    names.map((name) => [name, parse(readFileSync(path.join(DATA, "figures", name)), { columns: true, bom: true })]),
  );
}

/** Rows of each file of figures by column name, texts as they stand. */
export const figureRows = once(() => rowsOf(figureFiles().filter((name) => !isSettings(name))));

/** Rows of each settings table by column name, texts as they stand. */
export const settingsRows = once(() => rowsOf(figureFiles().filter(isSettings)));

/** What the reader of users' files makes of all of them together. */
export const shippedReading = once((): ReadResult => {
  const reports = figureFiles().map((name) => ({
    path: `figures/${name}`,
    bytes: new Uint8Array(readFileSync(path.join(DATA, "figures", name))),
  }));
  return readReports(reports, {}, shippedCatalogue());
});

/** The same as runs, as a new database would hold them; ids of runs and points are made up. */
export const shippedRuns = once((): Run[] =>
  shippedReading().runs.map((run, index) => {
    const runId = `run-${index}`;
    return {
      runId,
      configuration: { ...run.configuration, configurationId: configurationId(run.configuration) },
      workload: { ...run.workload, workloadId: effectiveWorkloadId(run.workload) },
      format: run.format,
      tool: run.tool,
      toolVersion: run.toolVersion,
      measuredOn: run.measuredOn,
      source: run.source,
      seriesKey: run.seriesKey,
      qualityFlags: run.qualityFlags,
      addedInRevision: 1,
      points: run.points.map((point, ordinal) => ({
        ...point,
        pointId: `${runId}#${ordinal}`,
        runId,
        ordinal,
        reportSha256: "",
      })),
    };
  }),
);
