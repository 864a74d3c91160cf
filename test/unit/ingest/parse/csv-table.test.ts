import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { csvPieces } from "../../../../lib/ingest/parse/csv-pieces";
import { type CsvFile, csvRecords } from "../../../../lib/ingest/parse/csv-table";
import { parseFile } from "../../../../lib/ingest/parse/parse-file";
import { wholeOf } from "../../../../lib/ingest/parse/steps";
import { read, textFile } from "../support";

const HEADER = "model,accelerator,accelerator_count,load_kind,load_value,output_tokens_per_second";

/** The pieces of a text, and what is wrong with it behind them. */
function piecesOf(text: string, size: number) {
  const steps = csvPieces(text, ",", size);
  const pieces: { text: string; lines: number }[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { pieces, fault: step.value };
    pieces.push(step.value);
  }
}

/** How many characters are looked at, by whatever way, while something is done. */
function charactersLookedAt(work: () => void): number {
  let count = 0;
  const text = String.prototype;
  const { charCodeAt, indexOf } = text;
  const at = vi.spyOn(text, "charCodeAt").mockImplementation(function (this: string, index) {
    count++;
    return charCodeAt.call(this, index);
  });
  const find = vi.spyOn(text, "indexOf").mockImplementation(function (this: string, wanted, from = 0) {
    const found = indexOf.call(this, wanted, from);
    count += (found < 0 ? this.length : found) - from + 1;
    return found;
  });
  try {
    work();
    return count;
  } finally {
    at.mockRestore();
    find.mockRestore();
  }
}

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
        const { pieces, fault } = piecesOf(text, size);
        expect(fault).toBeNull();
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        expect(pieces.flatMap((piece) => rowsOf(piece.text))).toEqual(rowsOf(text));
        const lines = pieces.reduce((sum, piece) => sum + piece.lines, 0);
        expect(lines).toBe(text.match(/\r\n|\n/g)?.length ?? 0);
      }),
    );
  });

  it("is refused only where it is no CSV for others either", () => {
    const parts = fc.constantFrom("a", "1", '"', '""', "\n", "\r\n", "\r", ",", " ", "\t", "é");
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (all, size) => {
        const text = all.join("");
        const whole = () =>
          parse(text, {
            record_delimiter: ["\r\n", "\n", "\r"],
            relax_column_count: true,
            skip_empty_lines: true,
            trim: true,
          });
        const { pieces, fault } = piecesOf(text, size);
        if (fault !== null) expect(whole).toThrow();
        else expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it("has the records that csv-parse reads, on the same lines, where the text is CSV", () => {
    const parts = fc.constantFrom(
      "a",
      "1",
      '"',
      '""',
      '"b"',
      "\n",
      "\r\n",
      "\r",
      ",",
      " ",
      "\t",
      "\f",
      "\u00a0",
      "\ufeff",
      "é",
    );
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 30 }),
        fc.constantFrom(",", "\t", ";"),
        fc.constantFrom("trimmed" as const, "as written" as const),
        (all, delimiter, cells) => {
          const text = all.join("").replaceAll(",", delimiter);
          const file = { kind: "csv", path: "a.csv", text, delimiter, header: [] } as unknown as CsvFile;
          const { records, problems } = wholeOf(csvRecords(file, { cells }));
          if (problems.length > 0) return;
          const read = parse(text, {
            delimiter,
            record_delimiter: ["\r\n", "\n", "\r"],
            info: true,
            relax_column_count: true,
            skip_empty_lines: true,
            trim: cells === "trimmed",
          }) as unknown as { record: string[]; info: { lines: number } }[];
          expect(records).toEqual(read.map(({ record, info }) => ({ line: info.lines, cells: record })));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["nothing but line breaks behind an open quote", `${HEADER}\n"${"\n".repeat(20_000)}`],
    ["rows behind an open quote", `${HEADER}\n"${"a,b,c,d,e,f\n".repeat(2000)}`],
    ["an inch mark in its second line", `${HEADER}\n5" disk,b,c,d,e,f\n${"a,b,c,d,e,f\n".repeat(2000)}`],
    ["quotes in every row", `${HEADER}\n${'"a, b","c ""d""",e,f,g,h\n'.repeat(1000)}`],
    ["commas only", `${HEADER}\n${",".repeat(20_000)}`],
    ["old line breaks only", `${HEADER}\n${"\r".repeat(20_000)}`],
    ["one line of blanks", `${HEADER}\n${" ".repeat(20_000)}`],
    ["quotes only", `${HEADER}\n${'"'.repeat(20_001)}`],
    ["one line of text", `${HEADER}\n${"x".repeat(20_000)}`],
  ])("looks at each character a few times at most: %s", (_what, text) => {
    const looked = charactersLookedAt(() => piecesOf(text, 1000));
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThan(6 * text.length);
  });

  it.each([
    [
      "a quote that never closes",
      `"h100,1,concurrency\n${"a,b\n".repeat(3)}`,
      "line 3",
      /a quote opens here and never closes; put/,
    ],
    ["an inch mark", `5" disk,1\n`, "line 3", /a quote stands within a cell that does not begin with one; put/],
    [
      "an open quote before others",
      `"5,1\na,b\n"c",d\n`,
      "line 3",
      /a quoted cell opens here, and text follows its closing quote in line 5; put/,
    ],
    ["too many cells", `${",".repeat(2001)}\n`, "line 3", /more than 2000 columns/],
    ["too long a row", `${"x".repeat(1_000_001)},b\n`, "line 3", /a row of more than 1000000 characters begins here/],
  ])("says where %s stands and what to do", (_what, rows, at, message) => {
    const { problems } = read([textFile("a.csv", `${HEADER}\nm,h100-sxm-80gb,1,concurrency,1,5\n${rows}`)]);
    expect(problems).toMatchObject([{ file: "a.csv", at, expected: "CSV", message: expect.stringMatching(message) }]);
  });

  it("is no table where its first line is longer or wider than any header", () => {
    for (const text of [`a,${"b".repeat(70_000)}\n1,2\n`, `a${",b".repeat(2001)}\n1,2\n`]) {
      const parsed = parseFile({ ...textFile("a.csv", text), named: true });
      expect(parsed.kind === "parsed" ? parsed.file.kind : parsed.kind).not.toBe("csv");
    }
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
