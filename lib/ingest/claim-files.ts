import { fittingMapping, type MappingFile, mappedCsv } from "./columns/mapped-csv";
import { figuresCsv } from "./figures/figures-csv";
import type { Adapter } from "./formats/adapter";
import { ADAPTERS, detectFormat } from "./formats/detect-format";
import type { ParsedFile } from "./parse/parsed-file";
import { problem } from "./problem";
import type { GivenFacts, ReadResult } from "./report";

/**
 * The files of a directory by who reads them. A column mapping speaks for tables no format knows, and for those that are a figures
 * CSV but for some columns; other formats know better what their columns mean.
 * @param facts what the person says beside the files
 */
export function claimFiles(
  members: readonly ParsedFile[],
  mappings: readonly MappingFile[],
  facts: GivenFacts,
): { claimed: Map<Adapter, ParsedFile[]>; companions: ParsedFile[] } {
  const claimed = new Map<Adapter, ParsedFile[]>(ADAPTERS.map((adapter) => [adapter, []]));
  const mapped = new Map(mappings.map((mapping) => [mapping.path, mappedCsv(mapping, facts)]));
  const companions: ParsedFile[] = [];
  for (const file of members) {
    const known = detectFormat(file);
    const mapping = known === null || known === figuresCsv ? fittingMapping(file, mappings) : null;
    const adapter = mapping === null ? known : (mapped.get(mapping.path) ?? known);
    const before = adapter === null ? companions : claimed.get(adapter);
    if (before !== undefined) before.push(file);
    else if (adapter !== null) claimed.set(adapter, [file]);
  }
  return { claimed, companions };
}

/** A converted report beside the native one it was made from would count every point twice. */
export function leaveOutCopies(claimed: Map<Adapter, ParsedFile[]>, result: Pick<ReadResult, "skipped">): void {
  const mayCopy = [...claimed].filter(([adapter, files]) => adapter.copyOf !== undefined && files.length > 0);
  if (mayCopy.length === 0) return;
  const paths = new Set([...claimed.values()].flatMap((files) => files.map((file) => file.path)));
  for (const [adapter, files] of mayCopy) {
    const kept = files.filter((file) => {
      const native = adapter.copyOf?.(file.path) ?? null;
      if (native === null || !paths.has(native)) return true;
      result.skipped.push({ file: file.path, reason: `repeats ${native} in another form: that file is read instead` });
      return false;
    });
    claimed.set(adapter, kept);
  }
}

/**
 * Takes out files too large to be held whose format may need what was left out of them: a list of that name is another format's
 * list of single requests, and to this one it may be its results.
 */
export function refuseLostLists(
  claimed: Map<Adapter, ParsedFile[]>,
  result: Pick<ReadResult, "problems"> & { notes: string[] },
): void {
  for (const [adapter, files] of claimed) {
    const spare = adapter.spareLists ?? [];
    const known = new Set([...(adapter.requestLists ?? []), ...spare]);
    const kept = files.filter(({ path, leftOut = [] }) => {
      const lost = leftOut.filter((key) => !known.has(key));
      const spared = leftOut.filter((key) => spare.includes(key)).map((key) => `"${key}"`);
      if (lost.length === 0 && spared.length > 0) {
        result.notes.push(
          `${path} is too large to be held: ${spared.join(", ")} was left out, and its totals are read.`,
        );
      }
      if (lost.length === 0) return true;
      const expected = "a smaller file, so that it is read whole";
      const names = lost.map((key) => `"${key}"`).join(" and ");
      const message = `${path} is too large to be held, and what it lists under ${names} is left out then, which ${adapter.label} may need; split it.`;
      result.problems.push(problem(path, "", lost.join(", "), expected, message));
      return false;
    });
    if (kept.length < files.length) claimed.set(adapter, kept);
  }
}
