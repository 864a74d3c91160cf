import type { Adapter } from "./formats/adapter";
import type { ParsedFile } from "./parse/parsed-file";
import { directoryOf } from "./parse/paths";
import type { ReadResult } from "./report";

/** Files that sum up the runs of a folder, by path. */
export type Summaries = ReadonlyMap<string, { format: string; folder: string }>;

/** True for a file of a form that describes runs: a configuration, a system. */
export function isDescription({ kind }: ParsedFile): boolean {
  return kind === "json" || kind === "yaml";
}

/**
 * Companions of a directory's files that lie elsewhere: at the paths of the tool's own layout, else in the nearest directory above
 * that has any; none where the directory has its own.
 */
export function companionsElsewhere(
  adapter: Adapter,
  directory: string,
  own: readonly ParsedFile[],
  companionsOf: ReadonlyMap<string, readonly ParsedFile[]>,
): ParsedFile[] {
  const { companionsAbove, companionPaths } = adapter;
  if (companionsAbove === undefined || own.some(companionsAbove)) return [];
  const laidOut = (companionPaths?.(directory) ?? []).flatMap((path) =>
    (companionsOf.get(directoryOf(path)) ?? []).filter((file) => file.path === path),
  );
  if (laidOut.length > 0) return laidOut;
  for (let above = directory; above !== ""; ) {
    above = directoryOf(above);
    const found = (companionsOf.get(above) ?? []).filter(companionsAbove);
    if (found.length > 0) return found;
  }
  return [];
}

/** Leaves out what only sums up runs that were read. */
export function leaveOutSummaries(summaries: Summaries, result: ReadResult): void {
  for (const [path, { format, folder }] of summaries) {
    const isBelow = (file: string) => file !== path && (folder === "" || file.startsWith(`${folder}/`));
    const areRead = result.runs.some(
      (run) => run.format === format && !summaries.has(run.files[0] ?? "") && run.files.some(isBelow),
    );
    if (!areRead) continue;
    result.runs = result.runs.filter(({ files }) => !files.includes(path));
    result.problems = result.problems.filter(({ file }) => file !== path);
    result.skipped.push({ file: path, reason: "sums up runs that are read themselves" });
  }
}

/** Each file with each reason once: a description above many results is explained by all of them. */
export function withoutRepeatedReasons(skipped: ReadResult["skipped"]): ReadResult["skipped"] {
  const seen = new Set<string>();
  return skipped.filter(({ file, reason }) => {
    const key = JSON.stringify([file, reason]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
