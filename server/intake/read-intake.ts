import type { FileToStore } from "../../db/store/file-to-store";
import type { OwnCatalogue } from "../../db/store/own-rows";
import { inTurns, turns } from "../../db/turns";
import type { Accelerator, Model } from "../../lib/catalogue/catalogue";
import { groupBy } from "../../lib/group-by";
import { isDescription } from "../../lib/ingest/files-elsewhere";
import type { ParseOutcome } from "../../lib/ingest/parse/parse-file";
import { isCatalogueFile, isSideFile, parentsFirst, runDirectoryOf } from "../../lib/ingest/parse/paths";
import { problem } from "../../lib/ingest/problem";
import { reportsReader } from "../../lib/ingest/read-reports";
import type { GivenFacts, Problem, ReadResult } from "../../lib/ingest/report";
import { MAX_HELD_JSON_BYTES } from "../../lib/limits";
import { BYTES_PER_MIB } from "../../lib/units";
import type { IntakeFile } from "./byte-source";
import { expandContainers, type UnpackedFile } from "./containers";
import { ownRows } from "./own-catalogue";
import { type ReadFile, readUnpackedFile, shelf } from "./read-unpacked-file";
import { Spool } from "./spool";

/** Reports of one directory are read together; more than this would not fit in memory. */
const MAX_DIRECTORY_BYTES = 256 * BYTES_PER_MIB;

/** Bytes of one directory's files that are held in memory; more are moved to the spool. */
const MAX_HELD_BYTES = 32 * BYTES_PER_MIB;

/** Bytes of compressed files that wait in memory to be stored; more wait in the spool. */
const MAX_KEPT_BYTES = 8 * BYTES_PER_MIB;

export interface IntakeProgress {
  filesDone: number;
  /** Archives counted by what lies in them. */
  files: number;
  bytesDone: number;
  /** `null` where a compressed file does not say. */
  bytes: number | null;
}

export interface IntakeOptions {
  given: GivenFacts;
  catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] };
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: IntakeProgress) => void) | undefined;
}

/** What was read, with the content that waits to be stored. Close it when that is done. */
export interface Intake {
  result: ReadResult;
  files: FileToStore[];
  /** Rows of the catalogue that came with the reports. */
  ownRows: OwnCatalogue;
  /** Files seen, those in archives one by one. */
  fileCount: number;
  close(): void;
}

/**
 * Reads files and all that lies in their archives, a run directory at a time: memory holds the results and one directory's
 * files, whatever the size of the whole.
 * @throws only when `signal` is aborted; nothing was stored then
 */
export async function readIntake(files: readonly IntakeFile[], options: IntakeOptions): Promise<Intake> {
  const spool = new Spool();
  try {
    const expanded = await expandContainers(files, spool);
    try {
      return await readUnpacked(withOwnPaths(expanded.unpacked), expanded, spool, options);
    } finally {
      expanded.close();
    }
  } catch (error) {
    spool.close();
    throw error;
  }
}

async function readUnpacked(
  files: readonly UnpackedFile[],
  expanded: { problems: Problem[]; skipped: ReadResult["skipped"] },
  spool: Spool,
  options: IntakeOptions,
): Promise<Intake> {
  const { signal, onProgress } = options;
  const sides = files.filter((file) => isSideFile(file.path));
  const reports = files.filter((file) => !isSideFile(file.path));
  const progress: IntakeProgress = {
    filesDone: 0,
    files: files.length,
    bytesDone: 0,
    bytes: files.some((file) => file.sizeBytes === null)
      ? null
      : files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0),
  };
  const kept = new Map<string, FileToStore>();
  const putAway = shelf(spool, MAX_KEPT_BYTES);
  const unreadable: Problem[] = [];
  // Reading small files never awaits anything by itself.
  const takeTurns = turns();
  const read = async (file: UnpackedFile, holdBytes: number): Promise<ReadFile | null> => {
    await takeTurns();
    signal?.throwIfAborted();
    const onBytes = (count: number) => {
      progress.bytesDone += count;
      onProgress?.(progress);
    };
    try {
      return await readUnpackedFile(file, spool, holdBytes, onBytes, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      unreadable.push(problem(file.path, "", "", "a readable file", `${file.path} cannot be read: ${message}.`));
      return null;
    } finally {
      progress.filesDone++;
      onProgress?.(progress);
    }
  };

  // What no run of its own folder was read from: runs of folders below or beside it may still be described by it.
  const elsewhere = new Map<string, FileToStore>();
  const own = ownRows();
  const sideParses: ParseOutcome[] = [];
  for (const file of sides) {
    const side = await read(file, MAX_HELD_JSON_BYTES);
    if (side === null) continue;
    if (isCatalogueFile(file.path)) own.add(side.parse);
    sideParses.push(side.parse);
    if (side.toStore !== null) kept.set(file.path, side.toStore);
  }
  const reader = reportsReader(options.given, own.over(options.catalogue), reports.length, (given) => {
    const problems = own.addRows(given.path, given.location, given.rows);
    return { catalogue: own.over(options.catalogue), problems };
  });
  for (const parse of sideParses) reader.addSideFile(parse);
  for (const [directory, members] of parentsFirst(groupBy(reports, ({ path }) => runDirectoryOf(path)))) {
    const parsed: ParseOutcome[] = [];
    const held = new Map<string, { file: FileToStore; isAway: boolean; mayDescribe: boolean }>();
    let heldBytes = 0;
    let togetherBytes = 0;
    for (const file of members) {
      // If a directory is large, files that can be read in pieces are not held whole.
      const item = await read(file, togetherBytes > MAX_HELD_BYTES ? 0 : MAX_HELD_JSON_BYTES);
      if (item === null) continue;
      togetherBytes += item.parsedBytes;
      if (togetherBytes > MAX_DIRECTORY_BYTES) {
        unreadable.push(tooMuchTogether(file.path));
        continue;
      }
      parsed.push(item.parse);
      if (item.toStore === null) continue;
      heldBytes += item.heldBytes;
      // What came through in pieces is in the spool already.
      const isAway = item.heldBytes === 0 || heldBytes > MAX_HELD_BYTES;
      held.set(file.path, {
        file: isAway && item.heldBytes > 0 ? putAway(item.toStore) : item.toStore,
        isAway,
        mayDescribe: mayDescribeOthers(item.parse),
      });
    }
    const runs = await inTurns(reader.addDirectory(directory, parsed), takeTurns, signal);
    await takeTurns();
    const used = new Set(runs.flatMap((run) => (run.carriedFiles === undefined ? run.files : [])));
    for (const path of used) {
      const item = held.get(path);
      const file = item === undefined ? elsewhere.get(path) : item.isAway ? item.file : putAway(item.file);
      if (file !== undefined) kept.set(path, file);
    }
    for (const [path, { file, isAway, mayDescribe }] of held) {
      if (mayDescribe && !used.has(path)) elsewhere.set(path, isAway ? file : putAway(file));
    }
  }
  const result = reader.finish();
  return {
    result: {
      runs: result.runs,
      problems: withoutGeneralProblem([...expanded.problems, ...unreadable, ...own.problems], result),
      skipped: [...expanded.skipped, ...result.skipped],
      carried: result.carried,
      notes: result.notes ?? [],
    },
    ownRows: own.rows,
    files: [...kept.values()],
    fileCount: files.length,
    close: () => spool.close(),
  };
}

/** True for a file that the reader may still read runs of other folders with: see `companionsOf` in `read-reports`. */
function mayDescribeOthers(parse: ParseOutcome): boolean {
  return parse.kind === "parsed" && isDescription(parse.file);
}

function tooMuchTogether(path: string): Problem {
  const limit = `at most ${MAX_DIRECTORY_BYTES / BYTES_PER_MIB} MiB of reports in one folder`;
  const message = `${path} lies in a folder that holds more than can be read together (${limit}): give each run its own.`;
  return problem(path, "", "", limit, message);
}

/** Drops the problem that nothing was found where others say why. */
function withoutGeneralProblem(own: Problem[], result: ReadResult): Problem[] {
  const nothingRead = result.runs.length === 0 && result.problems.length === 1 && result.problems[0]?.at === "";
  return own.length > 0 && nothingRead && result.skipped.length === 0 ? own : [...own, ...result.problems];
}

/** Gives files that have the same path (`a.json` and the unpacked `a.json.gz`, one name dropped twice) paths of their own. */
function withOwnPaths(files: readonly UnpackedFile[]): UnpackedFile[] {
  const taken = new Set<string>();
  const copies = new Map<string, number>();
  return files.map((file) => {
    let { path } = file;
    while (taken.has(path)) {
      const copy = (copies.get(file.path) ?? 1) + 1;
      copies.set(file.path, copy);
      path = file.path.replace(/(\.[^./]*)?$/, ` (${copy})$1`);
    }
    taken.add(path);
    return path === file.path ? file : { ...file, path };
  });
}
