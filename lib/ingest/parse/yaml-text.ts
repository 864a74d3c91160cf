import { type Document, isScalar, Lexer, parseAllDocuments, visit } from "yaml";
import { MAX_NESTING_DEPTH, MAX_YAML_ALIASES, MAX_YAML_BYTES, MAX_YAML_TOKENS, MAX_YAML_TOP_KEYS } from "../../limits";
import { ok, type Result, refused } from "../../result";
import { BYTES_PER_MIB } from "../../units";
import type { TextFault } from "./text-fault";

/**
 * Parses the documents of a YAML text. Its tokens are counted first, which costs a fraction of parsing: what holds more than any
 * report (the log of a server looks like YAML too) is not parsed. Keys stated twice, aliases that multiply and values nested
 * deeper than the limit come back as broken, with the line.
 */
export function parseYamlValues(text: string): Result<unknown[], TextFault> {
  const fault = excess(text);
  if (fault !== null) return refused(fault);
  try {
    const values: unknown[] = [];
    // The parser compares each key with all before it, and writes the line beside each of its errors: both are quadratic.
    for (const document of parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false, prettyErrors: false })) {
      const index = Math.min(document.errors[0]?.pos[0] ?? Number.POSITIVE_INFINITY, repeatedKey(document));
      if (Number.isFinite(index)) return refused({ line: lineAt(text, index), message: "is not valid YAML here" });
      const value: unknown = document.toJS({ maxAliasCount: MAX_YAML_ALIASES });
      if (exceedsDepth(value, MAX_NESTING_DEPTH)) return refused({ line: 1, message: TOO_DEEP });
      values.push(value);
    }
    return ok(values);
  } catch {
    // yaml throws on alias bombs, on self-references and (stack) on absurd nesting.
    return refused({ line: 1, message: TOO_MANY_ALIASES });
  }
}

const TOO_MANY_ALIASES = "has too many or circular YAML aliases, or is nested too deeply";
const TOO_DEEP = `is nested deeper than ${MAX_NESTING_DEPTH} levels`;

/** Why a text holds more than a report can, found without parsing it; `null` if it does not. */
function excess(text: string): TextFault | null {
  if (text.length > MAX_YAML_BYTES) {
    const message = `is larger than a report in YAML form can be (${MAX_YAML_BYTES / BYTES_PER_MIB} MiB); give it as JSON`;
    return { line: 1, message };
  }
  let line = 1;
  let tokens = 0;
  let topKeys = 0;
  let aliases = 0;
  /** Open brackets, and dashes and question marks on this line: each of them is a level of nesting. */
  let brackets = 0;
  let indicators = 0;
  let isLineStart = true;
  let isTopLine = false;
  for (const token of new Lexer().lex(text)) {
    tokens++;
    const character = token[0] ?? "";
    if (tokens > MAX_YAML_TOKENS) {
      const message = `has more than ${MAX_YAML_TOKENS} words and marks up to here, more than are read as YAML; give a report of this size as JSON`;
      return { line, message };
    }
    if (character === "*" && token.length > 1) aliases++;
    // Finding what an alias stands for may take the parser a walk over all the document.
    if (aliases > MAX_YAML_ALIASES) return { line, message: TOO_MANY_ALIASES };
    if (token === "[" || token === "{") brackets++;
    else if (token === "]" || token === "}") brackets--;
    else if (token === "-" || token === "?") indicators++;
    if (brackets > MAX_NESTING_DEPTH || indicators > MAX_NESTING_DEPTH) return { line, message: TOO_DEEP };
    if (isLineStart) isTopLine = !/^[\s#-]/.test(character);
    if (token === ":" && isTopLine && brackets === 0) topKeys++;
    if (topKeys > MAX_YAML_TOP_KEYS) {
      const message = `has more than ${MAX_YAML_TOP_KEYS} keys at its top, as a log has and no report`;
      return { line, message };
    }
    isLineStart = token.endsWith("\n");
    if (!isLineStart && !token.includes("\n")) continue;
    if (isLineStart) indicators = 0;
    for (let index = token.indexOf("\n"); index >= 0; index = token.indexOf("\n", index + 1)) line++;
  }
  return null;
}

/** Index of the first key that its map states twice; infinite if there is none. */
function repeatedKey(document: Document.Parsed): number {
  let index = Number.POSITIVE_INFINITY;
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) index = Math.min(index, key.range?.[0] ?? 0);
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return index;
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let lineEnd = text.indexOf("\n"); lineEnd >= 0 && lineEnd < index; lineEnd = text.indexOf("\n", lineEnd + 1))
    line++;
  return line;
}

/** True where a value (possibly circular, through YAML aliases) nests deeper than `limit`. */
function exceedsDepth(value: unknown, limit: number): boolean {
  if (value === null || typeof value !== "object") return false;
  if (limit === 0) return true;
  return Object.values(value).some((member) => exceedsDepth(member, limit - 1));
}
