import { z } from "zod";
import { LOAD_KINDS } from "../../measurement/measurement";
import { nearestNames } from "../../nearest-names";
import { DECIMAL_MARKS } from "../parse/cell-number";
import { isRecord } from "../parse/fields";
import { documentsOf, type ParsedFile } from "../parse/parsed-file";
import { problemAtKey } from "../problem";
import type { Problem } from "../report";
import { type ColumnMapping, columnMapping, IGNORE, type WrittenColumn } from "./column-mapping";

const MAX_COLUMNS = 1000;
const NAME_MAX_LENGTH = 500;

const KEYS = ["columns", "load_kind", "decimal", "not_measured"];

const text = z.string().trim().min(1).max(NAME_MAX_LENGTH);
const columnSchema = z.union([
  text.transform((field) => ({ field, unit: null })),
  z.strictObject({ field: text, unit: text.nullish() }).transform(({ field, unit }) => ({ field, unit: unit ?? null })),
]);
const settingsSchema = z.strictObject({
  columns: z.unknown(),
  load_kind: z.enum(LOAD_KINDS).nullish(),
  decimal: z.enum(DECIMAL_MARKS).nullish(),
  not_measured: z.array(text).max(MAX_COLUMNS).nullish(),
});

const COLUMN_EXAMPLE = "a field, or { field: ttft_ms_p95, unit: s }";

/** Reads a column mapping (`iq.columns.yaml`), or says what is wrong with it: file, key, value, expected. */
export function readColumnMapping(file: ParsedFile): { mapping: ColumnMapping | null; problems: Problem[] } {
  const problems: Problem[] = [];
  const fail = (location: string, value: unknown, expected: string, sentence: string) => {
    problems.push(problemAtKey(file.path, location, value, expected, sentence));
  };
  const value = documentsOf(file)[0]?.value;
  if (!isRecord(value) || documentsOf(file).length > 1 || !isRecord(value.columns)) {
    const sentence =
      'a column mapping holds columns: and below it lines such as "TTFT p95 (s)": { field: …, unit: s }.';
    fail("", "", `columns: with one line a column: ${COLUMN_EXAMPLE}`, sentence);
    return { mapping: null, problems };
  }
  const settings = settingsSchema.safeParse(value);
  for (const issue of settings.error?.issues ?? []) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        const nearest = nearestNames(key, KEYS, 1)[0] ?? "";
        fail(key, value[key], `one of ${KEYS.join(", ")}`, `unknown key; did you mean ${nearest}?`);
      }
    } else {
      const key = String(issue.path[0] ?? "");
      const expected = EXPECTED[key] ?? "text";
      fail(key, value[key], expected, `expected ${expected}.`);
    }
  }
  const written: WrittenColumn[] = [];
  const entries = Object.entries(value.columns);
  if (entries.length > MAX_COLUMNS) {
    const expected = `at most ${MAX_COLUMNS} columns`;
    fail("columns", String(entries.length), expected, `expected ${expected}.`);
  }
  for (const [column, member] of entries.slice(0, MAX_COLUMNS)) {
    const parsed = columnSchema.safeParse(member);
    if (parsed.success) written.push({ column: column.trim(), ...parsed.data });
    else fail(columnLocation(column), member, COLUMN_EXAMPLE, `expected ${COLUMN_EXAMPLE}, or ${IGNORE}.`);
  }
  if (!settings.success || problems.length > 0) return { mapping: null, problems };
  const { load_kind: loadKind, decimal, not_measured: notMeasured } = settings.data;
  const made = columnMapping(written, {
    loadKind: loadKind ?? null,
    decimal: decimal ?? null,
    notMeasured: notMeasured ?? [],
  });
  for (const fault of made.faults) {
    const location = fault.column === null ? fault.key : columnLocation(fault.column);
    fail(location, fault.value, fault.expected, fault.sentence);
  }
  return { mapping: made.faults.length > 0 ? null : made.mapping, problems };
}

const EXPECTED: Record<string, string> = {
  load_kind: `one of ${LOAD_KINDS.join(", ")}`,
  decimal: `one of ${DECIMAL_MARKS.join(", ")}`,
  not_measured: 'a list of texts such as ["OOM"]',
};

function columnLocation(column: string): string {
  return `columns, ${JSON.stringify(column)}`;
}
