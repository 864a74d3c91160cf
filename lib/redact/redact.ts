import { isAlias, isPair, isScalar, parseAllDocuments, visit } from "yaml";
import { isSpace, stringEnd } from "../ingest/json-text";
import { MAX_YAML_BYTES } from "../ingest/limits";
import { plainView } from "./escaped-text";

/** What stands in place of a secret. Valid as JSON and as YAML. */
const REDACTED = '"[redacted]"';
/** The same for a part of a text. */
const BLANKED = "[redacted]";

/** Keys (letters and digits only, lower case) whose value is a secret whatever it is. */
const SECRET_KEY =
  /(?:apikey|secret|secretkey|password|passwd|passphrase|authorization|credentials?|privatekey|accesskey|accesskeyid|cookie)$/;

/** Keys whose value is a secret where it is text; `time_per_output_token` and `tokenizer` are none. */
const TOKEN_KEY =
  /^(?:token|(?:hf|hub|huggingface|huggingfacehub|access|auth|api|bearer|id|refresh|session|github|tokenizer)token)$/;

const ADDRESS = "://";
const ADDRESS_TRIGGER = /:\/\//;

/** An option of a command line whose value is a secret. */
const FLAG = "--(?:[a-z]{1,20}[-_]){0,3}(?:api[-_]?key|token|password|secret)";
/** A text that ends with one: its value is the next item of a list. */
export const SECRET_FLAG_AT_END = new RegExp(`${FLAG}$`, "i");

/** Secrets by their own look, wherever they stand (command lines, headers, addresses). */
// A text without the trigger is not searched for the pattern. Behind a written line break (`\nhf_…`) there is no `\b`;
// what stands before is looked at last, so that the search is for plain letters.
const SECRET_TEXT: { name: string; trigger: RegExp; pattern: RegExp }[] = [
  { name: "Hugging Face token", trigger: /hf_/, pattern: /hf_(?<=(?:\b|\\[bfnrt])hf_)[A-Za-z0-9]{20,}\b/g },
  { name: "API key", trigger: /sk-/, pattern: /sk-(?<=(?:\b|\\[bfnrt])sk-)[A-Za-z0-9_-]{20,}/g },
  {
    name: "bearer token",
    trigger: /[Bb][Ee][Aa][Rr][Ee][Rr] /,
    pattern: /(?<=(?:\b|\\[bfnrt])Bearer[ ])[A-Za-z0-9._~+/-]{8,}=*/gi,
  },
  {
    name: "GitHub token",
    trigger: /gh[pousr]_/,
    pattern: /gh[pousr]_(?<=(?:\b|\\[bfnrt])gh[pousr]_)[A-Za-z0-9]{20,}\b/g,
  },
  {
    name: "GitHub token",
    trigger: /github_pat_/,
    pattern: /github_pat_(?<=(?:\b|\\[bfnrt])github_pat_)[A-Za-z0-9_]{20,}/g,
  },
  { name: "GitLab token", trigger: /glpat-/, pattern: /glpat-(?<=(?:\b|\\[bfnrt])glpat-)[A-Za-z0-9_-]{16,}/g },
  { name: "NVIDIA API key", trigger: /nvapi-/, pattern: /nvapi-(?<=(?:\b|\\[bfnrt])nvapi-)[A-Za-z0-9_-]{20,}/g },
  { name: "Slack token", trigger: /xox/, pattern: /xox(?<=(?:\b|\\[bfnrt])xox)[abeprs]-[A-Za-z0-9-]{10,}/g },
  { name: "AWS access key", trigger: /AKIA/, pattern: /AKIA(?<=(?:\b|\\[bfnrt])AKIA)[0-9A-Z]{16}\b/g },
  { name: "Google API key", trigger: /AIza/, pattern: /AIza(?<=(?:\b|\\[bfnrt])AIza)[0-9A-Za-z_-]{35}/g },
  {
    name: "command-line key",
    trigger: /--/,
    // Also as the next item of a list, in JSON or in YAML.
    pattern: new RegExp(
      `(?<=${FLAG}${String.raw`(?:[= ]|["'],\s{0,100}["']|["']?\r?\n[ \t]{0,100}- ["']?))(?:[^\s"',\]\\]|\\[^\s"'])+`}`,
      "gi",
    ),
  },
  { name: "password in an address", trigger: ADDRESS_TRIGGER, pattern: /(?<=:\/\/[^\s:@/"']{1,100}:)[^\s@/"']+(?=@)/g },
  {
    name: "key in an address",
    trigger: ADDRESS_TRIGGER,
    pattern:
      /(?<=:\/\/[^\s"'<>]{1,500}[?&](?:api[_-]?key|key|token|access_token|sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature)=)(?:[^\s&"'<>#\\]|\\[^\s"'])+/gi,
  },
];

/** Says quickly that a text holds nothing to search for: most texts hold none of the triggers. */
const ANY_TRIGGER = new RegExp(SECRET_TEXT.map(({ trigger }) => trigger.source).join("|"));

/** Says quickly that a text has no key whose value is a secret; where it might, every key is looked at. */
const MAY_HOLD_SECRET_KEY =
  /(?:key(?:[_-]?id)?|secret|passwd|password|passphrase|authorization|credentials?|cookie|token)["']?\s*:|\\u/i;

const MAY_BE_SECRET_KEYS = new RegExp(MAY_HOLD_SECRET_KEY.source, "gi");

interface Edit {
  start: number;
  end: number;
  text: string;
  path: string;
}

/**
 * The file with its secrets blanked (values of keys such as `api_key`, `token`, `authorization`, `password`, and text that
 * looks like a token anywhere), and the paths of what was blanked. Everything else stays byte for byte; a file without
 * secrets comes back as the very same bytes. `path` decides nothing: JSON or YAML is told by content. Never throws.
 */
export function redactSecrets(bytes: Uint8Array, path: string): { bytes: Uint8Array; redacted: string[] } {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { bytes, redacted: [] };
  }
  const json = /^\uFEFF?\s*[[{]/.test(text);
  const skipKeys = !json && (/\.csv$/i.test(path) || bytes.length > MAX_YAML_BYTES);
  const result = redactText(text, skipKeys ? "text" : json ? "json" : "yaml");
  const { redacted } = result;
  return redacted.length === 0 ? { bytes, redacted } : { bytes: new TextEncoder().encode(result.text), redacted };
}

/** A short text with what looks like a secret blanked. */
export function withoutSecrets(text: string): string {
  return redactText(text, "text").text;
}

/** The text with its secrets blanked: values of secret keys where it is JSON or YAML, and what looks like a secret anywhere. */
export function redactText(text: string, kind: "json" | "yaml" | "text"): { text: string; redacted: string[] } {
  const edits = kind === "json" ? jsonEdits(text) : kind === "yaml" ? yamlEdits(text) : [];
  const redacted = edits.map((edit) => edit.path);
  const result = applyEdits(text, edits);
  const plain = kind === "text" ? null : plainView(result);
  const secrets = secretsIn(plain?.text ?? result);
  if (secrets.length === 0) return { text: result, redacted };
  const found = secrets.map(({ start, end, path }) => ({
    start: plain?.written(start) ?? start,
    end: plain?.written(end) ?? end,
    text: BLANKED,
    path,
  }));
  return { text: applyEdits(result, found), redacted: [...redacted, ...found.map(({ path }) => path)] };
}

/** Where in the text something looks like a secret, in order; what overlaps is one. */
function secretsIn(text: string): { start: number; end: number; path: string }[] {
  const all: { start: number; end: number; path: string }[] = [];
  if (!ANY_TRIGGER.test(text)) return all;
  for (const { name, trigger, pattern } of SECRET_TEXT) {
    if (!(trigger === ADDRESS_TRIGGER ? mayHoldAddressSecret(text) : trigger.test(text))) continue;
    for (const { index, 0: secret } of text.matchAll(pattern)) {
      all.push({ start: index, end: index + secret.length, path: name });
    }
  }
  if (all.length === 0) return all;
  const found: typeof all = [];
  for (const secret of all.sort((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last !== undefined && secret.start < last.end) last.end = Math.max(last.end, secret.end);
    else found.push(secret);
  }
  return found;
}

/** Different keys a report may have before their judgement is no longer remembered. */
const MAX_JUDGED_KEYS = 10_000;
const JUDGED_KEYS = new Map<string, "secret" | "secret text" | "open">();

/** True unless every address in the text is a plain one, without credentials and without a query: most are. */
function mayHoldAddressSecret(text: string): boolean {
  for (let start = text.indexOf(ADDRESS); start >= 0; start = text.indexOf(ADDRESS, start + 1)) {
    for (let index = start + ADDRESS.length; index < text.length && index < start + LONGEST_ADDRESS; index++) {
      const character = text.charCodeAt(index);
      if (character === AT || character === QUESTION_MARK || character === AMPERSAND) return true;
      if (isSpace(character) || character === QUOTE) break;
    }
  }
  return false;
}

/** True where the value of a key is a secret. */
export function isSecretKey(key: string, isText: boolean): boolean {
  let judgement = JUDGED_KEYS.get(key);
  if (judgement === undefined) {
    const plain = key.toLowerCase().replace(/[^a-z0-9]/g, "");
    judgement = SECRET_KEY.test(plain) ? "secret" : TOKEN_KEY.test(plain) ? "secret text" : "open";
    if (JUDGED_KEYS.size < MAX_JUDGED_KEYS) JUDGED_KEYS.set(key, judgement);
  }
  return judgement === "secret" || (judgement === "secret text" && isText);
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  const pieces: string[] = [];
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < from) continue;
    pieces.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  return [...pieces, text.slice(from)].join("");
}

const QUOTE = 0x22;
const AT = 0x40;
const QUESTION_MARK = 0x3f;
const AMPERSAND = 0x26;
/** As far as the patterns of addresses look. */
const LONGEST_ADDRESS = 700;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Values of secret keys in JSON text (also several values after one another), found without building the values. */
function jsonEdits(text: string): Edit[] {
  if (!mayHoldSecretKey(text)) return [];
  const edits: Edit[] = [];
  const keys: string[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (isOpening(character)) keys.push("");
    else if (isClosing(character)) keys.pop();
    if (character !== QUOTE) continue;
    const end = stringEnd(text, index);
    const colon = skipSpace(text, end + 1);
    if (text.charCodeAt(colon) !== COLON) {
      index = end;
      continue;
    }
    const key = unquoted(text.slice(index, end + 1));
    if (keys.length > 0) keys[keys.length - 1] = key;
    const start = skipSpace(text, colon + 1);
    index = colon;
    if (!isSecretKey(key, text.charCodeAt(start) === QUOTE) || isBlank(text, start)) continue;
    const stop = valueEnd(text, start);
    edits.push({ start, end: stop, text: REDACTED, path: keys.filter((step) => step !== "").join(".") });
    index = stop - 1;
  }
  return edits;
}

function isOpening(character: number): boolean {
  return character === 0x7b || character === 0x5b;
}

function isClosing(character: number): boolean {
  return character === 0x7d || character === 0x5d;
}

/** A key as meant, from the text it is written as, quotes included. */
export function unquoted(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

function isBlank(text: string, start: number): boolean {
  return (
    text.startsWith('""', start) ||
    text.startsWith(REDACTED, start) ||
    text.startsWith("null", start) ||
    text.startsWith("false", start)
  );
}

function skipSpace(text: string, from: number): number {
  let index = from;
  while (index < text.length && isSpace(text.charCodeAt(index))) index++;
  return index;
}

/** End of the JSON value that starts at `start`. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === QUOTE) {
      index = stringEnd(text, index);
      if (depth === 0) return Math.min(index + 1, text.length);
    } else if (isOpening(character)) depth++;
    else if (isClosing(character)) {
      if (depth === 0) return index;
      depth--;
      if (depth === 0) return index + 1;
    } else if (depth === 0 && (character === COMMA || isSpace(character))) return index;
  }
  return text.length;
}

/** True unless no key of the JSON text names a secret; of `time_to_first_token` and the like there are many in any report. */
function mayHoldSecretKey(text: string): boolean {
  for (const match of text.matchAll(MAY_BE_SECRET_KEYS)) {
    const quote = text.lastIndexOf('"', match.index - 1);
    const key = text.slice(quote + 1, match.index + match[0].length).replace(/["']?\s*:$/, "");
    if (quote < 0 || key.includes("\\") || isSecretKey(key, true)) return true;
  }
  return false;
}

/** Values of secret keys in YAML text, by the parser's own source ranges. */
function yamlEdits(text: string): Edit[] {
  if (!MAY_HOLD_SECRET_KEY.test(text)) return [];
  const edits: Edit[] = [];
  try {
    for (const document of [...parseAllDocuments(text, { logLevel: "silent" })]) {
      visit(document, {
        Pair(_, pair, ancestors) {
          const key = isScalar(pair.key) ? String(pair.key.value) : "";
          const target = isAlias(pair.value) ? pair.value.resolve(document) : pair.value;
          const node = target as { range?: [number, number, number] | null; value?: unknown } | null | undefined;
          const value = isScalar(target) ? target.value : target;
          if (
            value === null ||
            value === undefined ||
            value === "" ||
            value === false ||
            value === JSON.parse(REDACTED)
          )
            return undefined;
          if (!isSecretKey(key, typeof value === "string") || !node?.range) return undefined;
          const [start, end] = node.range;
          const parents = ancestors.flatMap((step) =>
            isPair(step) && isScalar(step.key) ? [String(step.key.value)] : [],
          );
          const newline = text.slice(start, end).endsWith("\n") ? "\n" : "";
          edits.push({ start, end, text: `${REDACTED}${newline}`, path: [...parents, key].join(".") });
          return visit.SKIP;
        },
      });
    }
  } catch {
    return edits;
  }
  return edits;
}
