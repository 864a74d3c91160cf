import { nearestNames } from "../../nearest-names";
import { recognisedFormats } from "../formats/detect-format";
import { cellNumber } from "../parse/cell-number";
import { type CsvFile, tableColumns } from "../parse/csv-table";
import { problem } from "../problem";
import type { Problem } from "../report";
import { WHOLE_HEADER } from "./asked-tables";
import { neededColumns } from "./column-mapping";
import type { MappingFile } from "./mapped-csv";
import { looksLikeResults, suggestMapping } from "./suggest-mapping";

/** Columns named in a message; the rest is counted. */
const MAX_COLUMNS_NAMED = 20;

/** A table no format claims: whether it holds results, and what to do about it. */
export interface UnmappedTable {
  /** True where it has a load and a measurement, whatever they are called. */
  isResults: boolean;
  problem: Problem;
}

/**
 * A table whose columns are unknown; `null` for one without a number, which no mapping could turn into results.
 * @param mappings those in reach, none of which fits it
 */
export function unmappedTable(file: CsvFile, mappings: readonly MappingFile[]): UnmappedTable | null {
  const columns = tableColumns(file);
  const isNumber = (cell: string) => cellNumber(cell, "point", []).kind === "number";
  if (columns === null || !columns.sample.some((row) => row.some(isNumber))) return null;
  const names = file.header.filter((name) => name !== "").map((name) => `"${name}"`);
  const more = names.length - MAX_COLUMNS_NAMED;
  const listed = `${names.slice(0, MAX_COLUMNS_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const fileName = file.path.slice(file.path.lastIndexOf("/") + 1);
  const message = [
    `${file.path} is a table in no format we read; its columns are ${listed}.`,
    ...misfit(file, mappings),
    `Say what they mean in a column mapping, iq.columns.yaml, beside the table: "iq columns ${fileName} -o iq.columns.yaml" writes a suggestion to check, and so does the upload page.`,
  ].join(" ");
  const expected = `a column mapping (iq.columns.yaml), or one of: ${recognisedFormats()}`;
  return {
    isResults: looksLikeResults(suggestMapping(columns.header, columns.sample)),
    problem: { ...problem(file.path, WHOLE_HEADER, listed, expected, message), columns },
  };
}

/** Names the mapping that nearly fits, and the columns the table lacks for it: often one was only renamed. */
function misfit(file: CsvFile, mappings: readonly MappingFile[]): string[] {
  const candidates = mappings
    .map(({ path, mapping }) => {
      const needed = neededColumns(mapping);
      return { path, needed, absent: needed.filter((name) => !file.header.includes(name)) };
    })
    .filter(({ needed, absent }) => absent.length < needed.length)
    .sort((a, b) => a.absent.length - b.absent.length);
  const [nearest] = candidates;
  if (nearest === undefined) return [];
  const absent = nearest.absent.map((name) => {
    const other = nearestNames(name, file.header, 1)[0] ?? "";
    return `"${name}" (nearest in the table: "${other}")`;
  });
  return [`${nearest.path} does not fit it: the table has no column ${absent.join(", no column ")}.`];
}
