import { Document, isNode, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { commentOf } from "./commented";

/**
 * The one way from typed objects to YAML text. kubectl reads YAML 1.1 (go-yaml), which has more booleans, more numbers
 * and more line breaks than 1.2; what is not plainly a word is therefore double-quoted, with every doubtful character
 * escaped, so that both readers see the same string.
 */

const COMMENT_WIDTH_CHARACTERS = 100;

/** Characters a YAML reader takes for a line break or refuses unescaped: C1 controls, NEL, LS, PS, BOM, non-characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const NOT_PRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Words, paths, flags and image names: text that is a string in every YAML version without quotes. */
const PLAIN_TEXT = /^(?:--)?[A-Za-z/](?:[A-Za-z0-9 ._/()=,@%+-]|:(?=[A-Za-z0-9/]))*$/;
const PLAIN_QUANTITY = /^[0-9]+(?:Gi|Mi|s)$/;
const YAML_1_1_WORDS = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null"]);

function isPlain(text: string): boolean {
  if (YAML_1_1_WORDS.has(text.toLowerCase()) || text.endsWith(" ")) return false;
  return PLAIN_TEXT.test(text) || PLAIN_QUANTITY.test(text);
}

/** Unpaired surrogates cannot be written as UTF-8: they become U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, "\ufffd");
}

/**
 * True for files in a ConfigMap: several complete lines, all of whose characters a literal block can hold unchanged. Everything
 * else is double-quoted.
 */
function isFile(text: string): boolean {
  return (
    /^[^\s][^\t\r]*[^\s]\n$/.test(text) && text.indexOf("\n") < text.length - 1 && text.search(NOT_PRINTABLE) === -1
  );
}

function scalar(value: string | number | boolean): Scalar {
  if (typeof value === "number" && !Number.isFinite(value)) throw new Error(`not a YAML number: ${value}`);
  if (typeof value !== "string") return new Scalar(value);
  const node = new Scalar(wellFormed(value));
  node.type = isPlain(value) ? Scalar.PLAIN : isFile(value) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
  return node;
}

/** Lines of at most the comment width; what follows the first line of a `- ` item is indented. */
function wrap(line: string): string[] {
  const indent = line.startsWith("- ") ? "  " : "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > COMMENT_WIDTH_CHARACTERS) {
      lines.push(current);
      current = `${indent}${word}`;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/**
 * Comment text for the yaml library, one blank before each line. Whatever a reader might take for a line break becomes a
 * blank first: a comment holds names from reports, and must not end before its line does. Lines that start with a blank
 * are commands and stay whole.
 */
function commentText(text: string): string {
  return wellFormed(text)
    .split("\n")
    .flatMap((line) => {
      const clean = line.replace(NOT_PRINTABLE, " ");
      return clean.startsWith(" ") ? [clean] : wrap(clean);
    })
    .map((line) => (line === "" ? " " : ` ${line}`))
    .join("\n");
}

/** A comment on the first field of a list item reads better above the item: `# why` before `- name: x`. */
function liftFirstComment(child: Node): void {
  if (!(child instanceof YAMLMap)) return;
  const first: unknown = child.items[0]?.key;
  if (!(first instanceof Scalar) || !first.commentBefore) return;
  child.commentBefore = first.commentBefore;
  first.commentBefore = null;
}

/** `undefined` and `null` are absent fields. */
function node(value: unknown): Node | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return scalar(value);
  if (typeof value !== "object") throw new Error(`no YAML for a ${typeof value}`);
  if (Array.isArray(value)) {
    const seq = new YAMLSeq<Node>();
    for (const [index, item] of value.entries()) {
      const child = node(item);
      if (child === null) continue;
      const comment = commentOf(value, index);
      if (comment !== undefined) child.commentBefore = commentText(comment);
      else liftFirstComment(child);
      seq.items.push(child);
    }
    return seq;
  }
  const map = new YAMLMap<Scalar, Node>();
  for (const [key, item] of Object.entries(value)) {
    const child = node(item);
    if (child === null) continue;
    const keyNode = scalar(key);
    const comment = commentOf(value, key);
    if (comment !== undefined) keyNode.commentBefore = commentText(comment);
    map.items.push(new Pair(keyNode, child));
  }
  if (map.items.length === 0) map.flow = true;
  return map;
}

const LAYOUT = {
  lineWidth: 0,
  blockQuote: "literal",
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const;

function escaped(text: string): string {
  return text.replace(NOT_PRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** One object as YAML text without a header, comments included: a file inside a ConfigMap. Ends with a line break. */
export function yamlText(object: object): string {
  const document = new Document();
  document.contents = node(object);
  return escaped(document.toString(LAYOUT));
}

/**
 * One YAML stream of the objects in their order, keys in the order written, `header` as a comment on top. The same
 * objects always give the same bytes. Throws only for values no Kubernetes object has (functions, NaN).
 */
export function serialize(objects: readonly object[], header: string): string {
  const documents = objects.map((object, index) => {
    const document = new Document();
    const contents = node(object);
    if (!isNode(contents)) throw new Error("an object is needed");
    document.contents = contents;
    if (index === 0 && header !== "") document.commentBefore = commentText(header);
    return document.toString(LAYOUT);
  });
  // Any of these left over are inside double quotes, where the escape means the same.
  return escaped(documents.join("---\n"));
}
