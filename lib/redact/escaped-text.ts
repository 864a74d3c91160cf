/** A character that could be plain and is written as an escape: `\u0068`, `\/`, in YAML also `\x68` and `\U00000068`. */
const ESCAPED = /\\+(?:u00([2-7][0-9a-f])|U000000([2-7][0-9a-f])|x([2-7][0-9a-f])|(\/))/gi;

/** A text with its escapes resolved, and the position of each character in the text as written. */
export interface PlainView {
  text: string;
  /** Index in the written text of the character at `index`. */
  written(index: number): number;
}

/**
 * The text with escapes of plain characters resolved, so that a secret is found however it is spelled; `null` where there are
 * none, as in nearly every report. For searching, not for reading: an escaped backslash before such a sequence does not keep it
 * from being taken for one.
 */
export function plainView(text: string): PlainView | null {
  // Quick searches for what is rare, before the pattern.
  if (!text.includes("\\")) return null;
  if (!text.includes("\\u00") && !text.includes("\\/") && !text.includes("\\x") && !text.includes("\\U00")) return null;
  const pieces: string[] = [];
  // Index behind each escape, in the view and as written. There may be millions: no objects.
  const inView: number[] = [];
  const asWritten: number[] = [];
  let from = 0;
  let length = 0;
  for (const match of text.matchAll(ESCAPED)) {
    const code = match[1] ?? match[2] ?? match[3];
    const before = text.slice(from, match.index);
    from = match.index + match[0].length;
    pieces.push(before, code === undefined ? "/" : String.fromCharCode(Number.parseInt(code, 16)));
    length += before.length + 1;
    inView.push(length);
    asWritten.push(from);
  }
  if (inView.length === 0) return null;
  pieces.push(text.slice(from));
  return {
    text: pieces.join(""),
    written: (index) => {
      const last = countUpTo(inView, index) - 1;
      return last < 0 ? index : (asWritten[last] ?? 0) + index - (inView[last] ?? 0);
    },
  };
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
