/** Characters a shell takes as they are, wherever in a word. */
const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A text as one word of a POSIX shell: as it is where that is safe, else in single quotes. */
export function shellQuoted(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
