import { diffArrays } from "diff";

/** One line of a comparison. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Neighbouring changes with the lines around them. */
export interface Hunk {
  /** Number of its first line in the new text, from 1. */
  start: number;
  lines: DiffLine[];
}

export interface LineDiff {
  added: number;
  removed: number;
  hunks: Hunk[];
}

/**
 * Texts that need more changes are taken as replaced whole between what they share at their start and end: finding the fewest
 * takes time with the square of their number, more than a second from here on.
 */
const MAXIMUM_CHANGES = 2000;
const CONTEXT_LINES = 2;

/** How many lines two texts share at their start. */
function commonStart(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((line, index) => line !== b[index]);
  return differs === -1 ? a.length : differs;
}

function marked(kind: DiffLine["kind"], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind, text }));
}

/** The fewest changes; removed lines come before the lines that replace them. */
function changes(before: string[], after: string[]): DiffLine[] {
  const found = diffArrays(before, after, { maxEditLength: MAXIMUM_CHANGES });
  if (found === undefined) return [...marked("removed", before), ...marked("added", after)];
  return found.flatMap(({ added, removed, value }) => marked(added ? "added" : removed ? "removed" : "same", value));
}

function hunksOf(lines: readonly DiffLine[]): Hunk[] {
  const shown = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.kind === "same") continue;
    for (let near = index - CONTEXT_LINES; near <= index + CONTEXT_LINES; near++) shown.add(near);
  }
  const hunks: Hunk[] = [];
  let number = 1;
  let open = false;
  for (const [index, line] of lines.entries()) {
    if (shown.has(index)) {
      if (!open) hunks.push({ start: number, lines: [] });
      hunks.at(-1)?.lines.push(line);
    }
    open = shown.has(index);
    if (line.kind !== "removed") number++;
  }
  return hunks;
}

/**
 * What became of a text, line by line: counts, and the changes with two lines around them. The fewest changes there are; where
 * the texts differ in thousands of lines, what lies between is taken as replaced whole.
 */
export function lineDiff(before: string, after: string): LineDiff {
  const a = before.split("\n");
  const b = after.split("\n");
  const start = commonStart(a, b);
  const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse());
  const lines = [
    ...marked("same", a.slice(0, start)),
    ...changes(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...marked("same", a.slice(a.length - end)),
  ];
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { added: count("added"), removed: count("removed"), hunks: hunksOf(lines) };
}
