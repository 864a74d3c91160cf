import { groupBy } from "../group-by";
import { fittingMapping, type MappingFile, mappedCsv } from "./columns/mapped-csv";
import { figuresCsv } from "./figures/figures-csv";
import type { Adapter } from "./formats/adapter";
import { ADAPTERS, detectFormat } from "./formats/detect-format";
import type { ParsedFile } from "./parse/parsed-file";
import { problem } from "./problem";
import type { GivenFacts, ReadResult } from "./report";

/**
 * Assigns the files of a directory to the adapters that read them. A column mapping is used for tables that no format
 * recognises, and for those that would be a figures CSV but for some unknown columns. It never overrides another format, which
 * knows its own columns.
 * @param facts given by the person for these files
 */
export function claimFiles(
  members: readonly ParsedFile[],
  mappings: readonly MappingFile[],
  facts: GivenFacts,
): { claimed: Map<Adapter, ParsedFile[]>; companions: ParsedFile[] } {
  const mapped = new Map(mappings.map((mapping) => [mapping.path, mappedCsv(mapping, facts)]));
  const groups = groupBy(members, (file): Adapter | null => {
    const known = detectFormat(file);
    const mapping = known === null || known === figuresCsv ? fittingMapping(file, mappings) : null;
    return mapping === null ? known : (mapped.get(mapping.path) ?? known);
  });
  // Adapters in their own order, then the mappings.
  const claimed = new Map<Adapter, ParsedFile[]>(ADAPTERS.map((adapter) => [adapter, []]));
  for (const [adapter, files] of groups) if (adapter !== null) claimed.set(adapter, files);
  return { claimed, companions: groups.get(null) ?? [] };
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
 * Refuses files that were too large to hold whole and lost a list that their format may need. Lists are left out by the keys
 * under which any format keeps single requests; another format may keep its results under the same key.
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
