import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { EXPLORER_PARAMS, explorerWords } from "@/lib/params/explorer-params";
import type { ParamTable, WordsTable } from "@/lib/params/param";
import { RUN_PARAMS, runWords } from "@/lib/params/run-params";

const page = readFileSync(path.join(import.meta.dirname, "../../../docs/api.md"), "utf8");

/** Cells of the rows of a table whose header begins with these cells. */
function tableRows(...header: string[]): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => header.every((cell, index) => cellsOf(line)[index] === cell));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function rowsOf<T extends object>(table: ParamTable<T>, words: WordsTable<T>): string[][] {
  return (Object.keys(table) as (keyof T)[]).map((key) => {
    const { values, otherwise } = words[key];
    return [`\`${table[key].name}\``, values, ...(otherwise === undefined ? [] : [otherwise])];
  });
}

describe("the documented parameters", () => {
  it("are those an address of the explorer may say, with their values and defaults", () => {
    expect(tableRows("parameter", "values", "default")).toEqual(rowsOf(EXPLORER_PARAMS, explorerWords()));
  });

  it("are those the list of runs may be asked for", () => {
    const rows = tableRows("parameter", "runs with");
    expect(rows.slice(0, -1)).toEqual(rowsOf(RUN_PARAMS, runWords()));
    expect(rows.at(-1)?.[0]).toBe("`limit`, `offset`");
  });
});
