/** A part of a text and what stands there instead. */
export interface Edit {
  start: number;
  end: number;
  text: string;
  /** What it was, in words. */
  name: string;
}

/** What stands in place of a secret. Valid as JSON and as YAML. */
export const REDACTED = '"[redacted]"';
/** The same for a part of a text. */
export const BLANKED = "[redacted]";

/** A text with its secrets blanked, and what they were. */
export interface Redaction {
  text: string;
  redacted: string[];
}

/** The text with edits made; of two that overlap, the first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
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

/** Edits in order; what overlaps is one. */
export function joinedEdits(edits: readonly Edit[]): Edit[] {
  const joined: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && edit.start < last.end) last.end = Math.max(last.end, edit.end);
    else joined.push({ ...edit });
  }
  return joined;
}
