/** One table of a text, with the line of its header, from 1. */
export interface MarkdownTable {
  header: string[];
  rows: { line: number; cells: string[] }[];
}

/** Tables between bars (`| a | b |`, a line of dashes, rows) of a text. One pass over its lines. */
export function markdownTables(text: string): MarkdownTable[] {
  const tables: MarkdownTable[] = [];
  let header: string[] | null = null;
  let open: MarkdownTable | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    const cells = cellsOf(line);
    if (cells === null) {
      header = null;
      open = null;
    } else if (open !== null) {
      open.rows.push({ line: index + 1, cells });
    } else if (header !== null && cells.every((cell) => /^:?-+:?$/.test(cell))) {
      open = { header, rows: [] };
      tables.push(open);
    } else {
      header = cells;
    }
  }
  return tables;
}

function cellsOf(line: string): string[] | null {
  const trimmed = line.trim();
  if (!trimmed.startsWith("|") || !trimmed.endsWith("|") || trimmed.length < 3) return null;
  return trimmed
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}
