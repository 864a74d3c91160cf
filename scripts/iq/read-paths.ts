import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { MAX_FILE_BYTES } from "../../lib/ingest/limits";
import type { Problem, ReportFile } from "../../lib/ingest/report";
import { UsageError } from "./usage-error";

export interface NamedFiles {
  files: ReportFile[];
  /** Files too large to be a report; they were not read. */
  problems: Problem[];
}

/** A path as typed; started through npm in a subfolder, it is meant from there. */
function resolveNamed(named: string): string {
  const here = path.resolve(named);
  if (statSync(here, { throwIfNoEntry: false }) !== undefined) return here;
  const started = process.env.INIT_CWD;
  const there = started === undefined ? here : path.resolve(started, named);
  if (statSync(there, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file ${named}.`);
  return there;
}

/** Files below a folder, sorted by name; hidden ones and links to folders are left out. */
function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return walk(full);
      return statSync(full, { throwIfNoEntry: false })?.isFile() === true ? [full] : [];
    });
}

/** The deepest folder all of the given folders lie in. */
function commonFolder(folders: readonly string[]): string {
  let common = folders[0] ?? path.sep;
  for (const folder of folders) {
    while (path.relative(common, folder).startsWith("..") && common !== path.dirname(common)) {
      common = path.dirname(common);
    }
  }
  return common;
}

/**
 * Reads every file the user named, folders walked. Paths are kept relative to the folder that holds what was named,
 * so that files that lie together stay together and nothing else of the user's disk is told.
 * @throws UsageError where a path does not exist or holds no file
 */
export function readPaths(named: readonly string[]): NamedFiles {
  const resolved = named.map(resolveNamed);
  const base = commonFolder(resolved.map((item) => path.dirname(item)));
  const found = [...new Set(resolved.flatMap((item) => (statSync(item).isDirectory() ? walk(item) : [item])))];
  if (found.length === 0) throw new UsageError(`There is no file in ${named.join(", ")}.`);

  const files: ReportFile[] = [];
  const problems: Problem[] = [];
  for (const full of found) {
    const name = path.relative(base, full).split(path.sep).join("/");
    const { size } = statSync(full);
    if (size > MAX_FILE_BYTES) {
      const expected = `a file of at most ${MAX_FILE_BYTES} bytes`;
      const message = `${name} is ${size} bytes; a report is ${expected}. It may hold raw requests instead of results.`;
      problems.push({ file: name, at: "", value: `${size} bytes`, expected, message });
    } else {
      files.push({ path: name, bytes: new Uint8Array(readFileSync(full)), named: resolved.includes(full) });
    }
  }
  return { files, problems };
}
