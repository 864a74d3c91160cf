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

function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  for (const line of yamlLines(text)) {
    const kind = isComment(line) ? "comment" : "yaml";
    const last = passages.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else passages.push({ kind, lines: [line] });
  }
  return passages.map((passage) =>
    passage.kind === "comment" && isMeasured(commentText(passage.lines)) ? { ...passage, kind: "measured" } : passage,
  );
}

function part(text: string, object: ManifestPart["object"]): ManifestPart {
  // The line break at the end of a part is not a line of its own.
  const lines = text.replace(/\n$/, "");
  return { object, text, lineCount: lines.split("\n").length, passages: passagesOf(lines) };
}

function namedObject(text: string): { kind: string; name: string } {
  const kind = /^kind: (.+)$/m.exec(text)?.[1] ?? "object";
  const name = /^metadata:\n {2}name: (.+)$/m.exec(text)?.[1] ?? "";
  return { kind, name: name.replace(/^"(.*)"$/, "$1") };
}

/** A manifest in parts to fold: the comment on top, where there is one, then each object. */
export function manifestParts(yaml: string): ManifestPart[] {
  const [first = "", ...others] = yaml.split(/^(?=---\n)/m);
  const top = /^(?:#.*\n)+\n/.exec(first)?.[0] ?? "";
  return [
    ...(top === "" ? [] : [part(top, null)]),
    ...[first.slice(top.length), ...others].filter((text) => text !== "").map((text) => part(text, namedObject(text))),
  ];
}
