import type { Model } from "../../catalogue/catalogue";

const MODEL_NAME_MAX_LENGTH = 200;

/** Control, formatting (bidirectional marks included) and unassigned characters, and what breaks a line: never part of a name. */
const CONTROL_CHARACTERS = /[\p{C}\p{Zl}\p{Zp}]/u;
/** A spreadsheet would run a cell that begins so; no name does. */
const FORMULA_START = /^[=+@]/;

/** True for text that can stand as a name: not blank, no control characters, at most `maxLength` characters. */
export function isPlainText(text: string, maxLength: number): boolean {
  return (
    text.trim() !== "" && text.length <= maxLength && !CONTROL_CHARACTERS.test(text) && !FORMULA_START.test(text.trim())
  );
}

/**
 * Canonical model id: the catalogue's spelling where it differs only in case, else the text as given (a Hugging Face id or
 * a path). `null` if it cannot be a model name.
 */
export function resolveModel(text: string, models: readonly Model[]): string | null {
  const name = text.trim();
  if (!isPlainText(name, MODEL_NAME_MAX_LENGTH) || !/[\p{L}\p{N}]/u.test(name)) return null;
  const lowered = name.toLowerCase();
  return models.find((model) => model.id.toLowerCase() === lowered)?.id ?? name;
}
