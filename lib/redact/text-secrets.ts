import { QUOTE } from "../characters";
import { isSpace } from "../json-scan";
import { BLANKED, type Edit, joinedEdits } from "./edits";
import { ADDRESS_TRIGGER, SECRET_FORMS } from "./secret-forms";
import { isSecretValue, KEY_WORD, type KeyKind, kindOfKey, LONGEST_JUDGED, SCHEME } from "./secret-keys";

/**
 * A quick test whether a text can hold a secret of a known form: most hold none of the triggers. Prefixes that start with a
 * letter are searched for together; each of the others is found many times as fast alone.
 */
const TRIGGERS = quickTriggers(SECRET_FORMS.map(({ trigger }) => trigger));

function quickTriggers(triggers: readonly RegExp[]): RegExp[] {
  const byLetter = triggers.filter(({ source, flags }) => flags === "" && /^[A-Za-z[]/.test(source));
  const together = [...new Set(byLetter.map(({ source }) => source))].join("|");
  const alone = new Map(triggers.filter((one) => !byLetter.includes(one)).map((one) => [one.source, one]));
  return [new RegExp(together), ...alone.values()];
}

function holdsTrigger(text: string): boolean {
  return TRIGGERS.some((trigger) => trigger.test(text));
}

/** How many letters on either side of the word are taken for part of the key. */
const KEY_REACH = 100;

/** How far the patterns of addresses look. */
const LONGEST_ADDRESS = 700;

/** False where a quick look shows that the text, JSON or not, holds no secret. */
export function mayHoldSecret(text: string): boolean {
  return holdsTrigger(text) || namesSecret(text);
}

/** True where a word of the text is a key whose value would be a secret. */
function namesSecret(text: string): boolean {
  for (const word of keyWords(text)) if (word.kind !== "open") return true;
  return false;
}

interface Word {
  start: number;
  end: number;
  kind: KeyKind;
}

/** The words of a text that may be keys of secrets, judged. Each letter is looked at a few times at most. */
function* keyWords(text: string): Generator<Word> {
  const search = new RegExp(KEY_WORD.source, "gi");
  let done = 0;
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    let start = found.index;
    const first = Math.max(done, start - KEY_REACH);
    while (start > first && isKeyCharacter(text.charCodeAt(start - 1))) start--;
    // Not the `n` of a written line break.
    if (text.charAt(start - 1) === "\\" && start < found.index && /[bfnrt]/.test(text.charAt(start))) start++;
    let end = found.index + found[0].length;
    const last = Math.min(text.length, end + KEY_REACH);
    while (end < last && isKeyCharacter(text.charCodeAt(end))) end++;
    done = end;
    search.lastIndex = end;
    yield { start, end, kind: kindOfKey(text.slice(start, end)) };
  }
}

function isKeyCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  );
}

/** Where secrets stand in a text that is no JSON, in order: by their own look, and behind what names them. */
export function secretsInText(text: string): Edit[] {
  const found: Edit[] = [];
  addForms(text, found);
  addNamed(text, found);
  return found.length === 0 ? found : joinedEdits(found);
}

function addForms(text: string, found: Edit[]): void {
  if (!holdsTrigger(text)) return;
  for (const { name, trigger, pattern } of SECRET_FORMS) {
    if (!(trigger === ADDRESS_TRIGGER ? mayHoldAddressSecret(text) : trigger.test(text))) continue;
    for (const { index, 0: secret } of text.matchAll(pattern)) {
      if (secret.startsWith(BLANKED)) continue;
      found.push({ start: index, end: index + secret.length, text: BLANKED, name });
    }
  }
}

/** True unless every address in the text is a plain one, without credentials and without a query: most are. */
function mayHoldAddressSecret(text: string): boolean {
  let seen = 0;
  for (let start = text.indexOf("://"); start >= 0; start = text.indexOf("://", start + 1)) {
    const end = Math.min(text.length, start + LONGEST_ADDRESS);
    for (seen = Math.max(seen, start + 3); seen < end; seen++) {
      const character = text.charCodeAt(seen);
      if (character === AT || character === QUESTION_MARK || character === AMPERSAND) return true;
      if (isSpace(character) || character === QUOTE) break;
    }
  }
  return false;
}

const AMPERSAND = 0x26;
const QUESTION_MARK = 0x3f;
const AT = 0x40;

/** Secrets behind their key: `KEY=value`, `key: value`, `'key': 'value'`, `--key value`, in whatever quotes. */
function addNamed(text: string, found: Edit[]): void {
  const brackets = { steps: text.length + 10_000 };
  let done = 0;
  for (const { start, end, kind } of keyWords(text)) {
    if (kind === "open" || start < done) continue;
    const value = valueBehind(text, start, end, kind, brackets);
    if (value === null) continue;
    done = value.end;
    found.push({ ...value, text: BLANKED, name: text.slice(start, end).replace(/^-+/, "") });
  }
}

interface Span {
  start: number;
  end: number;
}

const QUOTES = /[\\"']{0,8}/y;
const BLANKS = /[ \t]{0,40}/y;
/** What stands between a flag and its value, also as the next item of a list in JSON or YAML. */
const AFTER_FLAG = /["'`\\]{0,4},\s{0,100}|["']?\r?\n[ \t]{0,100}- |[ \t]{1,40}/y;
/** Ends a value without quotes. */
const WORD = /(?:[^\s"'`,;&)\]}<>|\\]|\\[^\s"'])*/y;
/** The same where the text is nothing but the key and its value. */
const ITEM = /[^\s"'`]*$/y;
const LINE = /[^\n"'`]*/y;

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** The value named by the key at `start`, where it is a secret. */
function valueBehind(
  text: string,
  start: number,
  end: number,
  kind: KeyKind,
  brackets: { steps: number },
): Span | null {
  const isFlag = text.charAt(start) === "-";
  let from = skip(BLANKS, text, skip(QUOTES, text, end));
  const sign = text.charAt(from);
  if (sign === "=" || sign === ":") {
    from++;
    if (text.charAt(from) === ">") from++;
    if (text.charAt(from) === "=" || text.charAt(from) === ":") return null;
  } else {
    const behind = isFlag ? skip(AFTER_FLAG, text, end) : end;
    if (behind === end || text.charAt(skip(QUOTES, text, behind)) === "-") return null;
    from = behind;
  }
  from = skip(BLANKS, text, from);
  if (/^[bruf]$/i.test(text.charAt(from)) && /["']/.test(text.charAt(from + 1))) from++;
  const opening = text.charAt(from);
  if (opening === "[" || opening === "{" || opening === "(") {
    if (text.startsWith(BLANKED, from) || kind === "doubtful" || kind === "random") return null;
    const close = closingBracket(text, from, brackets);
    return close < 0 ? null : { start: from, end: close };
  }
  const inside = skip(QUOTES, text, from);
  if (inside > from) return quotedValue(text, from, inside, kind);
  return bareValue(text, { key: { start, end }, from, sign, isFlag }, kind);
}

function quotedValue(text: string, from: number, inside: number, kind: KeyKind): Span | null {
  const opened = text.slice(from, inside).replaceAll("\\", "");
  const quote = opened.charAt(opened.length - 1);
  if (quote === "") return null;
  const isEmpty = opened.length === 2 && opened.charAt(0) === quote && !/[^\s,;&)\]}]/.test(text.charAt(inside));
  if (isEmpty) return null;
  const endBefore = (limit: number): number => {
    let end = inside;
    while (end < limit && text.charAt(end) !== quote && text.charAt(end) !== "\n") end++;
    while (end > inside && text.charAt(end - 1) === "\\") end--;
    return end;
  };
  const judged = text.slice(inside, endBefore(Math.min(text.length, inside + LONGEST_JUDGED)));
  return isSecretValue(kind, judged) ? { start: inside, end: endBefore(text.length) } : null;
}

function bareValue(
  text: string,
  found: { key: Span; from: number; sign: string; isFlag: boolean },
  kind: KeyKind,
): Span | null {
  const { key, from, sign, isFlag } = found;
  const isHeader = /authorization|cookie/i.test(text.slice(key.start, key.end));
  let start = from;
  const scheme = SCHEME.exec(text.slice(from, from + 40));
  if (scheme !== null) start += scheme[0].length;
  // An item of an environment: all of it is the value.
  const isItem = key.start === 0 && sign === "=" && !isFlag;
  // `token: 5 words` is how people write; a token they write down looks like one.
  const isProse = sign === ":" && (kind === "token" || text.slice(key.start, key.end).includes(" "));
  const valueIn = (part: string): string => {
    const word = textOf(isHeader ? LINE : WORD, part);
    return (isItem ? textOf(ITEM, part) || word : word).trimEnd();
  };
  // Only what is found to be a secret is read to its end, and then passed over: no letter is looked at again and again.
  if (!isSecretValue(isProse ? "doubtful" : kind, valueIn(text.slice(start, start + LONGEST_JUDGED)))) return null;
  return { start, end: start + valueIn(text.slice(start)).length };
}

function textOf(pattern: RegExp, text: string): string {
  pattern.lastIndex = 0;
  return pattern.exec(text)?.[0] ?? "";
}

/** Index behind the bracket that closes the one at `from`; -1 if there is none, or if the budget for looking is used up. */
function closingBracket(text: string, from: number, budget: { steps: number }): number {
  let depth = 0;
  for (let index = from; index < text.length && budget.steps > 0; index++, budget.steps--) {
    const character = text.charAt(index);
    if (character === "[" || character === "{" || character === "(") depth++;
    else if (character === "]" || character === "}" || character === ")") {
      depth--;
      if (depth === 0) return index + 1;
    }
  }
  return -1;
}

/** What a text says of the text that follows it in a list. */
export interface NextNamed {
  kind: KeyKind;
  /** A flag's value is the next item whatever it looks like; behind a mere name (`Authorization`) it has to look like one. */
  isFlag: boolean;
}

const FLAG_AT_END = /(?:^|[\s"'])(--?[A-Za-z][\w.-]{0,60})$/;
const NAME_ALONE = /^[A-Za-z][\w. -]{0,60}$/;
/** No longer text names the next item; of a longer one the end is enough. */
export const LONGEST_NAME = 100;

/** What a text says of the next item of its list; `null` = nothing. Of a long text the last {@link LONGEST_NAME} letters do. */
export function nextNamed(text: string): NextNamed | null {
  const tail = text.slice(-LONGEST_NAME);
  const last = tail.charCodeAt(tail.length - 1);
  if (!isKeyCharacter(last)) return null;
  const flag = FLAG_AT_END.exec(tail)?.[1];
  if (flag === "-u" || flag === "--user" || flag === "--proxy-user") return { kind: "secret", isFlag: false };
  const kind = kindOfKey(flag ?? (text.length < LONGEST_NAME && NAME_ALONE.test(text) ? text : ""));
  return kind === "open" || kind === "random" ? null : { kind, isFlag: flag !== undefined };
}
