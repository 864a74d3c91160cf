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

/** Larger middles are taken as replaced whole: the table would cost more than anyone reads. */
const MAXIMUM_CELLS = 4_000_000;
const CONTEXT_LINES = 2;

function commonStart(a: readonly string[], b: readonly string[]): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a[count] === b[count]) count++;
  return count;
}

function marked(kind: DiffLine["kind"], lines: readonly string[]): DiffLine[] {
  return lines.map((text) => ({ kind, text }));
}

/** Longest common subsequence by dynamic programming; removed lines stand before added ones. */
function middleDiff(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  if (a.length * b.length > MAXIMUM_CELLS) return [...marked("removed", a), ...marked("added", b)];
  const longest = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const before = a[i];
    const after = b[j];
    if (before !== undefined && before === after) {
      lines.push({ kind: "same", text: before });
      i++;
      j++;
    } else if (before !== undefined && (after === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: "removed", text: before });
      i++;
    } else {
      lines.push({ kind: "added", text: after ?? "" });
      j++;
    }
  }
  return lines;
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
 * What became of a text, line by line: counts, and the changes with two lines around them. Fewest changes by the longest
 * common subsequence; where both texts differ over thousands of lines, what lies between is taken as replaced whole.
 */
export function lineDiff(before: string, after: string): LineDiff {
  const a = before.split("\n");
  const b = after.split("\n");
  const start = commonStart(a, b);
  const end = commonStart(a.slice(start).reverse(), b.slice(start).reverse());
  const lines = [
    ...marked("same", a.slice(0, start)),
    ...middleDiff(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...marked("same", a.slice(a.length - end)),
  ];
  const count = (kind: DiffLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { added: count("added"), removed: count("removed"), hunks: hunksOf(lines) };
}
