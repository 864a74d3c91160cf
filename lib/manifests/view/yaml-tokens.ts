import { CST, Lexer } from "yaml";

/** What a piece of YAML is, for colours. */
export type TokenKind = "key" | "text" | "number" | "word" | "comment" | "mark" | "plain";

export interface YamlToken {
  kind: TokenKind;
  text: string;
}

/** One line without its line break: its pieces in order, which joined are the line. */
export type YamlLine = YamlToken[];

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const WORD = /^(?:true|false|null)$/;

/** What the lexer puts between the pieces of the text to say what comes next; they are no part of the text. */
const SIGNALS: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

function valueKind(text: string): TokenKind {
  return WORD.test(text) ? "word" : NUMBER.test(text) ? "number" : "text";
}

function tokenKind(text: string): TokenKind {
  switch (CST.tokenType(text)) {
    case "comment":
      return "comment";
    case "doc-start":
    case "doc-end":
    case "block-scalar-header":
      return "mark";
    case "single-quoted-scalar":
    case "double-quoted-scalar":
      return "text";
    case "flow-map-start":
    case "flow-map-end":
    case "flow-seq-start":
    case "flow-seq-end":
      return "word";
    default:
      return "plain";
  }
}

/** A line of a file embedded in the YAML, whose own comments look like ours. */
function embeddedLine(line: string): YamlLine {
  const text = line.trimStart();
  const pieces: YamlLine = [
    { kind: "plain", text: line.slice(0, line.length - text.length) },
    { kind: text.startsWith("# ") ? "comment" : "text", text },
  ];
  return pieces.filter((piece) => piece.text !== "");
}

/**
 * YAML in pieces, line by line, by the lexer of the library that wrote it: keys, texts, numbers, words, comments. For colours
 * only; whatever the text is, the pieces joined are the text.
 */
export function yamlLines(text: string): YamlLine[] {
  const lines: YamlLine[] = [[]];
  let before = "";
  let isBlock = false;
  const add = (pieces: YamlLine) => lines.at(-1)?.push(...pieces);
  for (const token of new Lexer().lex(text)) {
    if (SIGNALS.includes(token)) {
      before = token;
      continue;
    }
    const isScalar = before === CST.SCALAR;
    before = token;
    if (!isScalar && token === ":") {
      const key = lines.at(-1)?.at(-1);
      if (key === undefined) add([{ kind: "key", text: token }]);
      else Object.assign(key, { kind: "key", text: key.text + token });
      continue;
    }
    const kind = isScalar ? valueKind(token) : tokenKind(token);
    if (!isScalar && CST.tokenType(token) === "block-scalar-header") isBlock = true;
    for (const [index, line] of token.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (isScalar && isBlock) add(embeddedLine(line));
      else if (line !== "") add([{ kind, text: line }]);
    }
    if (isScalar) isBlock = false;
  }
  return lines;
}
