import type { Machine } from "./machine";

/** One line of the table. */
export interface Row {
  what: string;
  /** With its unit. */
  value: string;
  /** What peers need for it, or the floor no reader of these bytes can beat; left out = nothing to compare with. */
  compared?: string;
  budget?: { text: string; met: boolean };
  /** How the number was taken. */
  how: string;
}

export interface Section {
  title: string;
  rows: Row[];
}

const THOUSAND = 1000;

/** Milliseconds with three significant figures, seconds from ten seconds on. */
export function ms(value: number): string {
  if (value >= 10 * THOUSAND) return `${figures(value / THOUSAND)} s`;
  return `${figures(value)} ms`;
}

/** Bytes as kB (1,000 bytes). */
export function kilobytes(bytes: number): string {
  return `${figures(bytes / THOUSAND)} kB`;
}

/** Three significant figures, thousands separated. */
export function figures(value: number): string {
  if (!Number.isFinite(value)) return "not measured";
  return new Intl.NumberFormat("en-US", {
    maximumSignificantDigits: value >= 100 && value < 10 * THOUSAND ? 4 : 3,
    ...(value >= 100 ? { maximumFractionDigits: 0, roundingPriority: "lessPrecision" } : {}),
  }).format(value);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A budget on a value that should be small. */
export function atMost(value: number, limit: number, text: string): { text: string; met: boolean } {
  return { text, met: value <= limit };
}

function budgetText({ budget }: Row): string {
  if (budget === undefined) return "";
  return `${budget.text}: ${budget.met ? "met" : "NOT MET"}`;
}

/** The table for a terminal. */
export function plainTable(sections: readonly Section[]): string {
  const rows = sections.flatMap((section) => section.rows);
  const widths = [
    Math.max(...rows.map((row) => row.what.length)),
    Math.max(...rows.map((row) => row.value.length)),
    Math.max(...rows.map((row) => (row.compared ?? "").length)),
  ];
  const lines: string[] = [];
  for (const section of sections) {
    lines.push("", section.title);
    for (const row of section.rows) {
      const cells = [
        row.what.padEnd(widths[0] ?? 0),
        row.value.padStart(widths[1] ?? 0),
        (row.compared ?? "").padEnd(widths[2] ?? 0),
        budgetText(row),
      ];
      lines.push(`  ${cells.join("  ")}`.trimEnd());
    }
  }
  return lines.join("\n");
}

function markdownTable(rows: readonly Row[]): string {
  const lines = ["| what | measured | compared with | budget |", "| --- | ---: | --- | --- |"];
  for (const row of rows) {
    lines.push(`| ${[row.what, row.value, row.compared ?? "", budgetText(row)].join(" | ")} |`);
  }
  return lines.join("\n");
}

/** Heading of what `npm run bench:scale` measured: it takes an hour, so its last figures stay. */
const SCALE_HEADING = "## Ten million load points";

/** The section about scale of docs/benchmarks.md as it is; "" where there is none. */
export function scaleSection(report: string): string {
  const start = report.indexOf(`\n${SCALE_HEADING}\n`);
  return start === -1 ? "" : report.slice(start);
}

/** docs/benchmarks.md */
export function markdownReport(machine: Machine, sections: readonly Section[], comparison: readonly string[]): string {
  const lines = [
    "# Benchmarks",
    "",
    `Written by \`npm run bench\` on ${machine.date}; run it to get the figures of your own machine.`,
    "",
    `Machine: ${machine.text}.`,
    "",
    ...comparison,
  ];
  for (const section of sections) {
    lines.push("", `## ${section.title}`, "", markdownTable(section.rows), "", "How each number was taken:", "");
    for (const row of section.rows) lines.push(`- ${row.what}: ${row.how}`);
  }
  return `${lines.join("\n")}\n`;
}
