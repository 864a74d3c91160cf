/** White space, control characters and whatever some reader of YAML takes for the end of a line (NEL, LS, PS). */
const BREAKS = /[\s\p{C}\p{Zl}\p{Zp}]+/gu;

/** A sentence as one line that is a comment of YAML and of shells, whatever an address put into it. */
export function commentLine(sentence: string): string {
  return `# ${sentence.replace(BREAKS, " ").trim()}\n`;
}
