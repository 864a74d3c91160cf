import { MAX_YAML_BYTES } from "../limits";
import { applyEdits, type Edit, type Redaction } from "./edits";
import { plainView } from "./escaped-text";
import { secretsInJson, withoutTextSecrets } from "./json-secrets";
import type { KeyKind } from "./secret-keys";
import { secretsInTable } from "./table-secrets";
import { mayHoldSecret, secretsInText } from "./text-secrets";
import { secretsInYaml } from "./yaml-secrets";

/**
 * The file with its secrets blanked (values of keys such as `api_key`, `token`, `authorization`, `password`, cells under such
 * headings, and text that looks like a token anywhere), and what was blanked. Everything else stays byte for byte; a file
 * without secrets comes back as the very same bytes. JSON, YAML and tables are told by content, a path that ends in `.csv` only
 * spares the search for YAML. Never throws.
 */
export function redactSecrets(bytes: Uint8Array, path: string): { bytes: Uint8Array; redacted: string[] } {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { bytes, redacted: [] };
  }
  const isYaml = !/\.csv$/i.test(path) && bytes.length <= MAX_YAML_BYTES;
  const result = /^\uFEFF?\s*[[{]/.test(text) ? redactJson(text, isYaml) : redactOther(text, isYaml);
  const { redacted } = result;
  return redacted.length === 0 ? { bytes, redacted } : { bytes: new TextEncoder().encode(result.text), redacted };
}

/** A short text with what looks like a secret blanked. */
export function withoutSecrets(text: string): string {
  return redactText(text, "text").text;
}

/** The text with its secrets blanked: values of keys that name secrets, and what looks like a secret anywhere. */
export function redactText(text: string, kind: "json" | "yaml" | "text"): Redaction {
  if (kind === "json") return redactJson(text, true);
  return kind === "yaml"
    ? redactOther(text, true)
    : mayHoldSecret(text)
      ? named(withoutTextSecrets(text))
      : clean(text);
}

/**
 * A part of JSON text with its secrets blanked as in the whole, where it is cut between values and not behind a text that names
 * the next one.
 * @param open kinds of the lists that are open where the part begins, outermost first
 */
export function redactJsonPart(text: string, open: readonly KeyKind[]): Redaction {
  if (open.length === 0 && !mayHold(text)) return clean(text);
  return edited(text, secretsInJson(text, open).edits);
}

function redactJson(text: string, isYaml: boolean): Redaction {
  if (!mayHold(text)) return clean(text);
  const { edits, isJson } = secretsInJson(text.replace(/^\uFEFF/, " "));
  return isJson ? edited(text, edits) : redactOther(text, isYaml);
}

/** A plain letter that is written as an escape: the quick search cannot see the word it belongs to. */
const ESCAPED_LETTER = /\\(?:u00[2-7]|\/)/i;

function mayHold(json: string): boolean {
  return mayHoldSecret(json) || ESCAPED_LETTER.test(json);
}

function redactOther(text: string, isYaml: boolean): Redaction {
  const table = edited(text, secretsInTable(text));
  const view = plainView(table.text);
  if (!mayHoldSecret(view?.text ?? table.text)) return table;
  const structure = edited(table.text, isYaml ? secretsInYaml(table.text) : []);
  const plain = structure.redacted.length === 0 ? view : plainView(structure.text);
  const found = secretsInText(plain?.text ?? structure.text).map((edit) => ({
    ...edit,
    start: plain?.written(edit.start) ?? edit.start,
    end: plain?.written(edit.end) ?? edit.end,
  }));
  const rest = edited(structure.text, found);
  return { text: rest.text, redacted: [...table.redacted, ...structure.redacted, ...rest.redacted] };
}

function clean(text: string): Redaction {
  return { text, redacted: [] };
}

function edited(text: string, edits: readonly Edit[]): Redaction {
  if (edits.length === 0) return clean(text);
  return named({ text: applyEdits(text, edits), redacted: edits.map(({ name }) => name) });
}

/** What was blanked is named by its key, and a key may hold a secret itself. */
function named({ text, redacted }: Redaction): Redaction {
  return { text, redacted: redacted.map(withoutSecretName) };
}

const LONGEST_NAME = 200;

/** What was blanked, in words that hold no secret themselves. */
export function withoutSecretName(name: string): string {
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return mayHoldSecret(short) ? withoutTextSecrets(short).text : short;
}
