import { appendAll } from "../../append-all";
import type { Problem, ReadResult } from "../report";
import type { DraftRun } from "./draft-run";

/** Values named where rows are left out. */
const VALUES_NAMED = 5;

/** Facts whose catalogue may lack what a published table names. */
const CATALOGUE_FACTS: ReadonlySet<string> = new Set(["accelerator", "model"]);

/** Rows of published tables that cannot be taken because nobody knows their accelerator or model. */
export interface LeftOutRows {
  /** Takes a row that was refused; `false` where it is none of a table, or something else is wrong with it. */
  add(draft: DraftRun, problems: readonly Problem[]): boolean;
  /** Says of each table how many rows were left out and why; of a table that none was read from, what is wrong. */
  report(readFiles: ReadonlySet<string>, result: Pick<ReadResult, "skipped" | "problems">): void;
}

/** An empty collection of rows left out. */
export function leftOutRows(): LeftOutRows {
  const byFile = new Map<string, { count: number; reasons: Map<string, number>; problems: Problem[] }>();
  return {
    add(draft, problems) {
      const [file] = draft.files;
      const areUnknown = problems.every(({ fact }) => fact !== undefined && CATALOGUE_FACTS.has(fact));
      if (draft.isTableRow !== true || file === undefined || !areUnknown) return false;
      const rows = byFile.get(file) ?? { count: 0, reasons: new Map(), problems: [] };
      byFile.set(file, rows);
      rows.count += 1;
      for (const { fact = "", value } of problems) {
        const reason = value === "" ? `no ${fact} we know is named` : `${fact} "${value}" is not in the catalogue`;
        rows.reasons.set(reason, (rows.reasons.get(reason) ?? 0) + 1);
      }
      appendAll(rows.problems, [...problems]);
      return true;
    },
    report(readFiles, result) {
      for (const [file, { count, reasons, problems }] of byFile) {
        if (!readFiles.has(file)) {
          appendAll(result.problems, problems);
          continue;
        }
        const named = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, rows]) => `${reason} (${rows})`);
        const more = named.length > VALUES_NAMED ? `; and ${named.length - VALUES_NAMED} more` : "";
        const rows = count === 1 ? "1 row of it is" : `${count} rows of it are`;
        result.skipped.push({ file, reason: `${rows} left out: ${named.slice(0, VALUES_NAMED).join("; ")}${more}` });
      }
    },
  };
}
