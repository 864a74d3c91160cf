import { copyFileSync, rmSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { openDatabase, shippedDataDirectory } from "../../db/client";
import { countLoadPoints } from "../../db/queries/count-load-points";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels } from "../../db/queries/list-models";
import { commitIngest } from "../../db/store/commit-ingest";
import { fileToStore } from "../../db/store/file-to-store";
import { seedShipped } from "../../db/store/seed-shipped";
import type { Accelerator, Model } from "../../lib/catalogue/catalogue";
import { readReports } from "../../lib/ingest/read-reports";
import type { HeldFile } from "../../lib/ingest/report";
import { startPostgres } from "../support/postgres-server";
import { generatedCsv } from "./generated-reports";
import { figures, ms, type Row, type Section } from "./report";
import { median, medianMs } from "./statistics";
import { tableIngestRates } from "./table-ingest-bench";

const TIMES = 3;
const CSV_ROWS = 20_000;
/** Of the generated reports; not in the catalogue, like the models of most people's own reports. */
const MODEL = "example-org/Example-70B";
const MS_PER_S = 1000;

export interface Catalogue {
  accelerators: readonly Accelerator[];
  models: Model[];
}

function removeDatabase(file: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${file}${suffix}`, { force: true });
}

/** The accelerators and models of a seeded database. */
export async function catalogueOf(seeded: string): Promise<Catalogue> {
  const db = await openDatabase(seeded);
  const revision = (await getCurrentRevision(db)).id;
  const catalogue = {
    accelerators: await listAccelerators(db, revision),
    models: await listCatalogueModels(db, revision),
  };
  await db.engine.close();
  return catalogue;
}

/** First start's seeding and a second start, and a seeded database file for everything after. */
export async function benchSeeding(
  folder: string,
): Promise<{ section: Section; seeded: string; catalogue: Catalogue }> {
  const seeded = path.join(folder, "seeded.db");
  const first: number[] = [];
  const second: number[] = [];
  let loadPoints = 0;
  for (let time = 0; time < TIMES; time += 1) {
    removeDatabase(seeded);
    for (const into of [first, second]) {
      const start = performance.now();
      const db = await openDatabase(seeded);
      await seedShipped(db, shippedDataDirectory(), new Date());
      into.push(performance.now() - start);
      loadPoints = await countLoadPoints(db, (await getCurrentRevision(db)).id);
      await db.engine.close();
    }
  }
  const catalogue = await catalogueOf(seeded);
  const rows: Row[] = [
    {
      what: "first start: database made and shipped data taken in",
      value: ms(median(first)),
      compared: `${loadPoints.toLocaleString("en-US")} load points`,
      how: `a database file that does not exist is opened, migrated and seeded with data/ in this process; median of ${TIMES}.`,
    },
    {
      what: "second start: database opened, data found to be in",
      value: ms(median(second)),
      how: `the same on the file the first start left; median of ${TIMES}.`,
    },
  ];
  return { section: { title: "Database", rows }, seeded, catalogue };
}

/** Rows a second through reading and storing, beside what parsing the same bytes alone takes. */
export async function benchIngest(folder: string, seeded: string, catalogue: Catalogue): Promise<Section> {
  const csv = [generatedCsv(CSV_ROWS, catalogue.accelerators, MODEL)];
  const decoder = new TextDecoder();
  const csvFloorMs = await medianMs(
    TIMES,
    () => undefined,
    () => csv.map((file) => parse(decoder.decode(file.bytes))),
  );
  const postgres = await postgresRow();
  return {
    title: "Ingest of a table",
    rows: [
      await ingestRow(`figures CSV of ${CSV_ROWS.toLocaleString("en-US")} rows`, "csv-parse alone", csvFloorMs, csv),
      await ratesRow("SQLite", sqliteCopy()),
      ...(postgres === null ? [] : [postgres]),
    ],
  };

  function sqliteCopy(): string {
    const file = path.join(folder, "rates.db");
    removeDatabase(file);
    copyFileSync(seeded, file);
    return file;
  }

  async function postgresRow(): Promise<Row | null> {
    const server = await startPostgres();
    if (server === null) return null;
    try {
      return await ratesRow("PostgreSQL", server.url);
    } finally {
      await server.stop();
    }
  }

  async function ratesRow(engine: string, address: string): Promise<Row> {
    const db = await openDatabase(address);
    try {
      if ((await getCurrentRevision(db)).id === 0) await seedShipped(db, shippedDataDirectory(), new Date());
      const rates = await tableIngestRates(db, address, CSV_ROWS);
      const own = engine === "SQLite" ? "sqlite3 .import" : "\\copy";
      const rowsPerSecond = (value: number | null) => (value === null ? "not there" : `${figures(value)} rows/s`);
      return {
        what: `the same into ${engine}, by processor time`,
        value: rowsPerSecond(rates.ingestedByProcessor),
        compared: `csv-parse alone: ${rowsPerSecond(rates.parsed)}; ${own}: ${rowsPerSecond(rates.imported)}`,
        how: `rows divided by the processor time this process used, which others on the machine do not lengthen; beside it wall time: ${rowsPerSecond(rates.ingested)}. The engine's own program loads texts into a table without keys or checks.`,
      };
    } finally {
      await db.engine.close();
    }
  }

  async function ingestRow(what: string, floor: string, floorMs: number, files: HeldFile[]): Promise<Row> {
    const reading: number[] = [];
    const storing: number[] = [];
    let loadPoints = 0;
    for (let time = 0; time < TIMES; time += 1) {
      const file = path.join(folder, "ingest.db");
      removeDatabase(file);
      copyFileSync(seeded, file);
      const db = await openDatabase(file);
      const start = performance.now();
      const result = readReports(files, {}, catalogue);
      const read = performance.now();
      const outcome = await commitIngest(db, {
        result,
        files: files.map(fileToStore),
        way: "cli",
        reason: "bench",
        origin: "user",
        dryRun: false,
        now: new Date(),
      });
      storing.push(performance.now() - read);
      reading.push(read - start);
      await db.engine.close();
      removeDatabase(file);
      const problem = outcome.problems[0];
      if (problem !== undefined) throw new Error(`The generated reports are wrong: ${problem.message}`);
      loadPoints = outcome.loadPoints;
    }
    const wholeMs = median(reading.map((value, index) => value + (storing[index] ?? 0)));
    const perSecond = (milliseconds: number) => `${figures((loadPoints / milliseconds) * MS_PER_S)} rows/s`;
    return {
      what: `${what}, read and stored`,
      value: perSecond(wholeMs),
      compared: `${floor}: ${perSecond(floorMs)}`,
      how: `${loadPoints.toLocaleString("en-US")} new load points from generated files held in memory, detected, read, checked and committed with their bytes in one transaction to a copy of the seeded database; ${ms(wholeMs)} in all, of which reading ${ms(median(reading))} and storing ${ms(median(storing))}; median of ${TIMES}.`,
    };
  }
}
