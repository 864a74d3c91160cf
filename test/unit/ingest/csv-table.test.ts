import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRecords, piecesBetweenLines } from "../../../lib/ingest/csv-table";
import { parseFile } from "../../../lib/ingest/parse-file";
import { wholeOf } from "../../../lib/ingest/steps";
import { read, textFile } from "./support";

const rowsOf = (text: string): string[][] => parse(text, { relax_column_count: true, skip_empty_lines: true });

function csvOf(rows: readonly (readonly string[])[], lineEnd: string): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(cell).join(",")}${lineEnd}`).join("");
}

describe("a table read in pieces", () => {
  it("says the same as read whole, wherever it is cut", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "1", '"', "\n", ",", "é"), minLength: 1, maxLength: 8 });
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 40 }), fc.constantFrom("\n", "\r\n"), (cells, size, lineEnd) => {
        const text = csvOf(cells, lineEnd);
        const pieces = [...piecesBetweenLines(text, size)];
        expect(pieces.join("")).toBe(text);
        expect(pieces.flatMap(rowsOf)).toEqual(rowsOf(text));
      }),
    );
  });

  it("names the line of the file, far behind the first piece and behind cells of several lines", () => {
    const header = "model,accelerator,accelerator_count,source_ref,load_kind,load_value,ttft_ms_p50";
    for (const lineEnd of ["\n", "\r\n"]) {
      const row = `org/m,h100-sxm-80gb,1,"two\nlines, ""said""",concurrency,1,5${lineEnd}`;
      const text = `${header}${lineEnd}${row.repeat(5000)}org/m,h100-sxm-80gb,1,x,concurrency,1,-5${lineEnd}`;
      expect(read([textFile("a.csv", text)]).problems).toMatchObject([{ at: "line 10002, column ttft_ms_p50" }]);
      const broken = `${header}${lineEnd}${row.repeat(5000)}org/m,"h100"x,1,x,concurrency,1,5${lineEnd}`;
      expect(read([textFile("a.csv", broken)]).problems).toMatchObject([{ at: "line 10002", expected: "CSV" }]);
    }
  });

  it("has its header and every row, with the lines they stand on", () => {
    const parsed = parseFile({ ...textFile("a.csv", `a,b\n${"1,2\n".repeat(1000)}`), named: true });
    if (parsed.kind !== "parsed" || parsed.file.kind !== "csv") throw new Error("no table");
    const { records } = wholeOf(csvRecords(parsed.file));
    expect(records).toHaveLength(1001);
    expect(records.at(-1)).toEqual({ line: 1001, cells: ["1", "2"] });
  });
});
