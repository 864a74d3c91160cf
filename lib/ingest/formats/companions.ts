import { isList } from "../../is-list";
import { isRecord, own } from "../parse/fields";
import { documentsOf, type ParsedFile } from "../parse/parsed-file";

/** A kind of file that a tool writes beside its reports and that holds no load points we read, told by content. */
export interface Companion {
  /** Why it holds none, for the list of files without load points. */
  reason: string;
  /** True for a value of such a file. */
  isValue?(value: unknown): boolean;
  /** True for the columns of such a table. */
  isTable?(columns: ReadonlySet<string>): boolean;
}

/**
 * Why a file that no format claims holds no load points; `null` for one we know nothing about.
 * @param companions those of every format
 */
export function companionReason(file: ParsedFile, companions: readonly Companion[]): string | null {
  if (file.kind === "csv") {
    const columns = new Set(file.header);
    return companions.find(({ isTable }) => isTable?.(columns) === true)?.reason ?? null;
  }
  const values = documentsOf(file).map((document) => document.value);
  return companions.find(({ isValue }) => values.some((value) => isValue?.(value) === true))?.reason ?? null;
}

/** True for an object with all the keys. */
export function hasKeys(value: unknown, keys: readonly string[]): boolean {
  return isRecord(value) && keys.every((key) => own(value, key) !== undefined);
}

/** The first element of a list; `undefined` for anything else. */
export function firstOf(value: unknown): unknown {
  return isList(value) ? value[0] : undefined;
}
