/**
 * A text as one cell of a Markdown table: what Markdown or HTML would take for its own is shown as it is, because names and
 * settings come from anybody's reports.
 */
export function markdownCell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|~#]/g, (character) => `\\${character}`);
}

/** A table: the first column as text, the others as figures. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownCell).join(" | ")} |`;
  const rule = `| ${titles.map((_, index) => (index === 0 ? "---" : "---:")).join(" | ")} |`;
  return [line(titles), rule, ...rows.map(line)].join("\n");
}
