import { csvRecords } from "../../parse/csv-table";
import { markdownTables } from "../../parse/markdown-table";
import type { ParsedDocument, ParsedFile } from "../../parse/parsed-file";
import { wholeOf } from "../../parse/steps";

const CSV_COLUMNS = ["build_commit", "model_filename", "n_prompt", "n_gen", "avg_ns", "avg_ts"];

/** Columns of its table that say something else than what the test was set to. */
const TABLE_FIGURES: ReadonlySet<string> = new Set(["model", "size", "params", "backend", "test", "t/s"]);

/** Short column names of its table and the settings they stand for. */
const TABLE_SETTINGS: ReadonlyMap<string, string> = new Map([
  ["ngl", "n_gpu_layers"],
  ["threads", "n_threads"],
  ["fa", "flash_attn"],
  ["sm", "split_mode"],
  ["ts", "tensor_split"],
  ["nkvo", "no_kv_offload"],
]);

/** `pp512`, `tg 128`, `pp512+tg128`, each with `@ d4096` behind. */
const TEST = /^(?:pp ?(\d{1,7}))?\s*\+?\s*(?:tg ?(\d{1,7}))?(?:\s*@\s*d(\d{1,7}))?$/;

/** True for what `llama-bench -o csv` or `-o md` writes: told by its columns. */
export function isLlamaBenchTable(file: ParsedFile): boolean {
  if (file.kind === "csv") return CSV_COLUMNS.every((name) => file.header.includes(name));
  return file.kind === "text" && file.text.includes("t/s |") && tablesOf(file.text).length > 0;
}

/** The tests of such a file under the names its JSON gives them, values as texts. */
export function llamaBenchTests(file: ParsedFile): ParsedDocument[] {
  if (file.kind === "csv") return csvTests(file);
  if (file.kind !== "text") return [];
  const build = /^build: (\w+) \((\d+)\)/m.exec(file.text);
  return tablesOf(file.text).flatMap(({ header, rows }) =>
    rows.map(({ line, cells }): ParsedDocument => {
      const cell = (name: string) => cells[header.indexOf(name)] ?? "";
      const test = TEST.exec(cell("test"));
      const settings = header.flatMap((name, index): [string, string][] =>
        TABLE_FIGURES.has(name) ? [] : [[TABLE_SETTINGS.get(name) ?? name, cells[index] ?? ""]],
      );
      const value = {
        ...Object.fromEntries(settings),
        build_commit: build?.[1] ?? "",
        ...(build === null ? {} : { build_number: build[2] }),
        model_filename: "",
        model_type: cell("model"),
        n_prompt: test?.[1] ?? "0",
        n_gen: test?.[2] ?? "0",
        n_depth: test?.[3] ?? "0",
        // Only the mean rate is printed: no time of a test.
        avg_ns: null,
        avg_ts: cell("t/s").split("±")[0]?.trim() ?? "",
      };
      return { location: `line ${line}`, value };
    }),
  );
}

function tablesOf(text: string): ReturnType<typeof markdownTables> {
  return markdownTables(text).filter(({ header }) =>
    ["model", "params", "test", "t/s"].every((name) => header.includes(name)),
  );
}

function csvTests(file: Extract<ParsedFile, { kind: "csv" }>): ParsedDocument[] {
  const { records, problems } = wholeOf(csvRecords(file));
  if (problems.length > 0) return [{ location: problems[0]?.at ?? "line 2", value: null }];
  const names = records[0]?.cells ?? [];
  return records.slice(1).map(({ cells }, index) => ({
    location: `row ${index + 1}`,
    value: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""])),
  }));
}
