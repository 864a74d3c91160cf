import { type Dirent, readdirSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { compareText } from "../../lib/compare-text";
import { isSideFile } from "../../lib/ingest/parse/paths";
import { problem } from "../../lib/ingest/problem";
import type { Problem } from "../../lib/ingest/report";
import { diskSource, type IntakeFile } from "../../server/intake/byte-source";
import { UsageError } from "./usage-error";

export interface NamedFiles {
  files: IntakeFile[];
  /** Files that cannot be opened. */
  problems: Problem[];
}

/** A path as typed; started through npm in a subfolder, it is meant from there. @throws UsageError unless it is a file or a folder */
export function resolveNamed(named: string): string {
  // An empty variable of a script must not mean the folder one happens to be in.
  if (named === "") throw new UsageError("A path is empty: expected a file or a folder.");
  const here = path.resolve(named);
  const started = process.env.INIT_CWD;
  for (const full of started === undefined ? [here] : [here, path.resolve(started, named)]) {
    const found = look(full);
    if (typeof found === "string") throw new UsageError(`${named} cannot be opened: ${found}.`);
    if (found === undefined) continue;
    if (found.isFile() || found.isDirectory()) return full;
    throw new UsageError(`${named} is a device or a pipe: send what comes from it to standard input (-).`);
  }
  throw new UsageError(`There is no file ${named}.`);
}

/** What lies at a path; `undefined` = nothing, a text = why nobody can tell. */
function look(full: string): Stats | undefined | string {
  try {
    return statSync(full, { throwIfNoEntry: false });
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Files of a folder, sorted by name, those of its subfolders with them; hidden ones, links to folders and to nothing, devices and
 * pipes are left out.
 * @param onClosed called for a folder that cannot be read, with the reason
 */
function walk(folder: string, recursive: boolean, onClosed: (folder: string, reason: string) => void): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    onClosed(folder, reasonOf(error));
    return [];
  }
  return entries
    .filter((entry) => !entry.name.startsWith("."))
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return recursive ? walk(full, recursive, onClosed) : [];
      return isFile(full) ? [full] : [];
    });
}

function isFile(full: string): boolean {
  const found = look(full);
  return typeof found === "object" && found.isFile();
}

/** Side files in the folders of named files: they speak for what lies beside them, named or not. */
function sideFilesBeside(named: readonly string[], found: readonly string[]): string[] {
  const folders = new Set(named.filter((item) => statSync(item).isFile()).map((item) => path.dirname(item)));
  return [...folders]
    .flatMap((folder) =>
      readdirSync(folder)
        .filter(isSideFile)
        .sort()
        .map((name) => path.join(folder, name)),
    )
    .filter((full) => !found.includes(full) && isFile(full));
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
 * Every file the user named, folders walked, and the side files (`iq.yaml`, `iq.columns.yaml`) beside files that were named.
 * Paths are kept relative to the folder that holds what was named, so that files that lie together stay together and nothing
 * else of the user's disk is told.
 * @throws UsageError where a path does not exist or holds no file
 */
export function readPaths(named: readonly string[], options: { recursive: boolean }): NamedFiles {
  const resolved = named.map(resolveNamed);
  const base = commonFolder(resolved.map((item) => path.dirname(item)));
  const nameOf = (full: string) => path.relative(base, full).split(path.sep).join("/");
  const problems: Problem[] = [];
  const closed = (full: string, reason: string) => {
    const name = nameOf(full);
    problems.push(problem(name, "", "", "a readable file", `${name} cannot be opened: ${reason}.`));
  };
  const found = [
    ...new Set(
      resolved.flatMap((item) => (statSync(item).isDirectory() ? walk(item, options.recursive, closed) : [item])),
    ),
  ];
  if (found.length === 0 && problems.length === 0) throw new UsageError(`There is no file in ${named.join(", ")}.`);

  const files: IntakeFile[] = [];
  for (const full of [...found, ...sideFilesBeside(resolved, found)]) {
    try {
      files.push({ path: nameOf(full), named: resolved.includes(full), source: diskSource(full) });
    } catch (error) {
      closed(full, reasonOf(error));
    }
  }
  return { files, problems };
}
