import { type YamlLine, yamlLines } from "./yaml-tokens";

/** Lines that are shown alike: a comment above a field, or anything else. */
export interface Passage {
  /** `measured`: a comment that says how a number follows from the measurement; `comment`: any other. */
  kind: "measured" | "comment" | "yaml";
  lines: YamlLine[];
}

/** What can be folded: the comment on top, or one object. */
export interface ManifestPart {
  /** `null` = the comment on top. */
  object: { kind: string; name: string } | null;
  /** Exactly as in the manifest, with the `---` before it; the parts joined are the manifest. */
  text: string;
  lineCount: number;
  passages: Passage[];
}

/** Words of a comment that leads a number back to what was measured, asked or predicted. */
const FROM_MEASUREMENT =
  /\bas measured\b|\bmeasured with\b|\boperating point\b|\bby the prediction\b|\bpredicted\b|% headroom\b|\btheir latency here\b|\bthe target\b.*≤/;

function isMeasured(comment: string): boolean {
  return /\d/.test(comment) && FROM_MEASUREMENT.test(comment);
}

function isComment(line: YamlLine): boolean {
  return line.some((token) => token.kind === "comment");
}

function commentText(lines: readonly YamlLine[]): string {
  return lines.map((line) => line.find((token) => token.kind === "comment")?.text.replace(/^#\s?/, "") ?? "").join(" ");
}

function passagesOf(lines: readonly YamlLine[]): Passage[] {
  const passages: Passage[] = [];
  for (const line of lines) {
    const kind = isComment(line) ? "comment" : "yaml";
    const last = passages.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else passages.push({ kind, lines: [line] });
  }
  return passages.map((passage) =>
    passage.kind === "comment" && isMeasured(commentText(passage.lines)) ? { ...passage, kind: "measured" } : passage,
  );
}

/** The value beside a key, without its quotes; `null` where the line has another key or none. */
function valueBeside(line: YamlLine | undefined, key: string): string | null {
  const content = line?.filter((token) => token.kind !== "plain") ?? [];
  return content[0]?.kind === "key" && content[0].text === `${key}:`
    ? (content[1]?.text.replace(/^"(.*)"$/, "$1") ?? "")
    : null;
}

function isTopLevel(line: YamlLine): boolean {
  return line[0]?.kind === "key";
}

function namedObject(lines: readonly YamlLine[]): { kind: string; name: string } {
  const kind = lines.flatMap((line) => (isTopLevel(line) ? (valueBeside(line, "kind") ?? []) : []))[0];
  const metadata = lines.findIndex((line) => isTopLevel(line) && valueBeside(line, "metadata") !== null);
  return { kind: kind ?? "object", name: valueBeside(lines[metadata + 1], "name") ?? "" };
}

/** A manifest in parts to fold: the comment on top, where there is one, then each object. */
export function manifestParts(yaml: string): ManifestPart[] {
  const [first = "", ...others] = yaml.split(/^(?=---\n)/m);
  const top = /^(?:#.*\n)+\n/.exec(first)?.[0] ?? "";
  return [top, first.slice(top.length), ...others]
    .filter((text) => text !== "")
    .map((text) => {
      // The line break at the end of a part is not a line of its own.
      const lines = yamlLines(text.replace(/\n$/, ""));
      const object = text === top ? null : namedObject(lines);
      return { object, text, lineCount: lines.length, passages: passagesOf(lines) };
    });
}
