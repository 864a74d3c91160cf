/** What a piece of YAML is, for colours. */
export type TokenKind = "key" | "text" | "number" | "word" | "comment" | "mark" | "plain";

export interface YamlToken {
  kind: TokenKind;
  text: string;
}

/** One line without its line break: its pieces in order, which joined are the line. */
export type YamlLine = YamlToken[];

/** Indent and list marks, then the rest. */
const LINE = /^(\s*(?:-(?: +|$))*)(.*)$/;
/** A key, quoted or not, with its colon; then its value. */
const KEY = /^((?:"(?:[^"\\]|\\.)*"|[^\s"#:-][^:"#]*):)((?:\s.*)?)$/;
const BLOCK = /^[|>][+-]?\d*$/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const WORD = /^(?:true|false|null|\[\]|\{\})$/;

function token(kind: TokenKind, text: string): YamlToken[] {
  return text === "" ? [] : [{ kind, text }];
}

function valueTokens(text: string): YamlToken[] {
  const value = text.trimStart();
  const kind = BLOCK.test(value) ? "mark" : WORD.test(value) ? "word" : NUMBER.test(value) ? "number" : "text";
  return [...token("plain", text.slice(0, text.length - value.length)), ...token(kind, value)];
}

/** A line outside block scalars, and the column its block scalar must be deeper than, where one begins. */
function outside(line: string): { tokens: YamlLine; block: number | null } {
  if (line === "---") return { tokens: [{ kind: "mark", text: line }], block: null };
  const [, lead = "", rest = ""] = LINE.exec(line) ?? [];
  if (rest.startsWith("#")) return { tokens: [...token("plain", lead), ...token("comment", rest)], block: null };
  const [, key = "", value = rest] = KEY.exec(rest) ?? [];
  const tokens = [...token("plain", lead), ...token("key", key), ...valueTokens(value)];
  const begins = BLOCK.test(value.trim());
  return { tokens, block: begins ? lead.length - (key === "" ? 1 : 0) : null };
}

/** A line of a file inside: comments of its own look like ours. */
function inside(line: string): YamlLine {
  const text = line.trimStart();
  const lead = line.slice(0, line.length - text.length);
  return [...token("plain", lead), ...token(text.startsWith("# ") ? "comment" : "text", text)];
}

/**
 * YAML in pieces, line by line, as its serializer here writes it: keys, texts, numbers, words, comments. Not a parser, for
 * colours only; whatever the text is, the pieces joined are the text.
 */
export function yamlLines(text: string): YamlLine[] {
  let block: number | null = null;
  return text.split("\n").map((line) => {
    const indent = line.length - line.trimStart().length;
    if (block !== null && (line.trim() === "" || indent > block)) return inside(line);
    const { tokens, block: begun } = outside(line);
    block = begun;
    return tokens;
  });
}
