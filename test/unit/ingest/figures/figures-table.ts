import { figuresHeaderLine, figuresRowLine } from "../../../../lib/export/figures-csv-write";

/** A whole figures CSV, as an export writes it line by line. */
export function figuresTable(rows: readonly Parameters<typeof figuresRowLine>[0][]): string {
  return [figuresHeaderLine, ...rows.map(figuresRowLine)].join("");
}
