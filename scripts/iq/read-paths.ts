import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { diskSource, type IntakeFile } from "../../db/intake/byte-source";
import { isSideFile } from "../../lib/ingest/paths";
import { problem } from "../../lib/ingest/problem";
import type { Problem } from "../../lib/ingest/report";
import { UsageError } from "./usage-error";

export interface NamedFiles {
  files: IntakeFile[];
  /** Files that cannot be opened. */
  problems: Problem[];
}

/** A path as typed; started through npm in a subfolder, it is meant from there. */
export function resolveNamed(named: string): string {
  const here = path.resolve(named);
  if (statSync(here, { throwIfNoEntry: false }) !== undefined) return here;
  const started = process.env.INIT_CWD;
  const there = started === undefined ? here : path.resolve(started, named);
  if (statSync(there, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file ${named}.`);
  return there;
}

/** Files of a folder, sorted by name, those of its subfolders with them; hidden ones and links to folders are left out. */
function walk(folder: string, recursive: boolean): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return recursive ? walk(full, recursive) : [];
      return statSync(full, { throwIfNoEntry: false })?.isFile() === true ? [full] : [];
    });
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
    .filter((full) => !found.includes(full) && statSync(full, { throwIfNoEntry: false })?.isFile() === true);
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
  const found = [
    ...new Set(resolved.flatMap((item) => (statSync(item).isDirectory() ? walk(item, options.recursive) : [item]))),
  ];
  if (found.length === 0) throw new UsageError(`There is no file in ${named.join(", ")}.`);

  const files: IntakeFile[] = [];
  const problems: Problem[] = [];
  for (const full of [...found, ...sideFilesBeside(resolved, found)]) {
    const name = path.relative(base, full).split(path.sep).join("/");
    try {
      files.push({ path: name, named: resolved.includes(full), source: diskSource(full) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(problem(name, "", "", "a readable file", `${name} cannot be opened: ${reason}.`));
    }
  }
  return { files, problems };
}
