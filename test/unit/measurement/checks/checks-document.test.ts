import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../../ingest/support";
import { checkRows } from "./counted-checks";

const page = path.join(projectRoot, "docs/checks.md");
const HEAD = "| check";

/** With `CHECKS_TABLE=write` the table is written; `npm run format` then aligns it. */
it("docs/checks.md says of every check what it asks and how often it speaks on the shipped figures and public reports", () => {
  const lines = readFileSync(page, "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(HEAD)) + 2;
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  const rows = checkRows();
  if (process.env.CHECKS_TABLE === "write") {
    lines.splice(start, length, ...rows.map((cells) => `| ${cells.join(" | ")} |`));
    writeFileSync(page, lines.join("\n"));
    return;
  }
  const written = lines.slice(start, start + length).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(written).toEqual(rows);
});
