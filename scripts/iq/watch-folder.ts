import { statSync } from "node:fs";
import path from "node:path";
import { watch } from "chokidar";
import { closeDatabases } from "../../db/client";
import { isSideFile, runDirectoryOf } from "../../lib/ingest/parse/paths";
import type { Problem } from "../../lib/ingest/report";
import type { IntakeFile } from "../../server/intake/byte-source";
import { readPaths, resolveNamed } from "./read-paths";
import { EXIT_OK, UsageError } from "./usage-error";

/** A file that has not grown for this long is complete. */
const SETTLED_AFTER_MS = 800;

/** Files of one run arrive together. */
const GATHER_FOR_MS = 500;

/**
 * Ingests a folder and then, until the process is interrupted, every file that is added or changed: with the whole run directory
 * around it, so that configuration beside reports is found. What is stored already is recognised.
 * @throws UsageError where there is no such folder
 */
export async function watchFolder(
  named: string,
  ingest: (files: readonly IntakeFile[], problems: readonly Problem[]) => Promise<void>,
): Promise<void> {
  const folder = resolveNamed(named);
  if (!statSync(folder).isDirectory()) throw new UsageError(`${named} is not a folder.`);
  const base = path.dirname(folder);
  const relative = (full: string) => path.relative(base, full).split(path.sep).join("/");
  const everything = () => {
    try {
      return readPaths([folder], { recursive: true });
    } catch (error) {
      if (error instanceof UsageError) return { files: [], problems: [] };
      throw error;
    }
  };

  let changed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let working: Promise<void> = Promise.resolve();
  const readChanged = async () => {
    const paths = changed;
    changed = new Set();
    const all = everything();
    // A side file speaks for all that lies below it.
    const wanted = [...paths].some(isSideFile) ? null : new Set([...paths].map(runDirectoryOf));
    const files = all.files.filter(
      (file) => wanted === null || isSideFile(file.path) || wanted.has(runDirectoryOf(file.path)),
    );
    if (files.some((file) => !isSideFile(file.path))) await ingest(files, all.problems);
  };
  const onChange = (full: string) => {
    changed.add(relative(full));
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      working = working.then(readChanged).catch((error: unknown) => {
        console.error(error instanceof Error ? error.message : error);
      });
    }, GATHER_FOR_MS);
  };
  const watcher = watch(folder, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: SETTLED_AFTER_MS, pollInterval: 100 },
    ignored: (full) => path.basename(full).startsWith(".") && full !== folder,
  });
  watcher.on("add", onChange).on("change", onChange);
  // Watching begins before the first reading: what comes in between is read twice rather than never.
  await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
  const first = everything();
  if (first.files.length > 0) working = ingest(first.files, first.problems);
  await working;
  console.error(`Watching ${named}: new results are read as they come. Ctrl-C ends it.`);

  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  if (timer !== null) clearTimeout(timer);
  await watcher.close();
  await working;
  await closeDatabases();
  process.exitCode = EXIT_OK;
}
