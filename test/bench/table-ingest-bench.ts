import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import type { Database } from "../../db/handle";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels } from "../../db/queries/list-models";
import { commitIngest } from "../../db/store/commit-ingest";
import { fileToStore } from "../../db/store/file-to-store";
import { readReports } from "../../lib/ingest/read-reports";
import type { HeldFile } from "../../lib/ingest/report";
import { generatedCsv } from "./generated-reports";
import { median } from "./statistics";

const TIMES = 3;
const MS_PER_S = 1000;

/** Rows a second of one figures CSV. */
export interface TableIngestRates {
  rows: number;
  /** Read, checked and stored. */
  ingested: number;
  /** The same by processor time of this process, which others on the machine do not slow down. */
  ingestedByProcessor: number;
  /** Parsed with csv-parse and nothing else. */
  parsed: number;
  /** Loaded by the engine's own program into a table of texts without keys; `null` = the program is not there. */
  imported: number | null;
}

/** Takes tables of so many new rows into a database, with whatever is in it already. */
export async function tableIngestRates(db: Database, address: string, rows: number): Promise<TableIngestRates> {
  const revision = (await getCurrentRevision(db)).id;
  const accelerators = await listAccelerators(db, revision);
  const models = await listCatalogueModels(db, revision);
  const wall: number[] = [];
  const processor: number[] = [];
  const parsing: number[] = [];
  let file: HeldFile | undefined;
  for (let time = 0; time < TIMES; time += 1) {
    // Another model each time: the rows are new.
    file = generatedCsv(rows, accelerators, `example-org/Ingested-${revision}-${time}`);
    const used = process.cpuUsage();
    const start = performance.now();
    const result = readReports([file], {}, { accelerators, models });
    const outcome = await commitIngest(db, {
      result,
      files: [file].map(fileToStore),
      way: "cli",
      reason: "bench",
      origin: "user",
      dryRun: false,
      now: new Date(),
    });
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / MS_PER_S);
    if (outcome.loadPoints !== rows) throw new Error(`Of ${rows} rows ${outcome.loadPoints} were new.`);
    const text = new TextDecoder().decode(file.bytes);
    const parseStart = performance.now();
    parse(text);
    parsing.push(performance.now() - parseStart);
  }
  const perSecond = (milliseconds: number) => (rows / milliseconds) * MS_PER_S;
  const importMs = file === undefined ? null : importedMs(db.engine.kind, address, file);
  return {
    rows,
    ingested: perSecond(median(wall)),
    ingestedByProcessor: perSecond(median(processor)),
    parsed: perSecond(median(parsing)),
    imported: importMs === null ? null : perSecond(importMs),
  };
}

function importedMs(kind: Database["engine"]["kind"], address: string, file: HeldFile): number | null {
  const folder = mkdtempSync(path.join(tmpdir(), "iq-bench-"));
  try {
    const csv = path.join(folder, "rows.csv");
    writeFileSync(csv, file.bytes);
    const header = new TextDecoder().decode(file.bytes.subarray(0, file.bytes.indexOf(10))).trim();
    const columns = header.split(",").map((name) => `${name} text`);
    const [program, ...args] =
      kind === "sqlite"
        ? ["sqlite3", path.join(folder, "import.db"), ".mode csv", `.import ${csv} imported`]
        : [
            "psql",
            address,
            "-q",
            ...["-c", `CREATE TEMPORARY TABLE imported (${columns.join(", ")})`],
            ...["-c", `\\copy imported FROM '${csv}' WITH (FORMAT csv, HEADER)`],
          ];
    const start = performance.now();
    const { status } = spawnSync(program, args, { stdio: "ignore" });
    return status === 0 ? performance.now() - start : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
