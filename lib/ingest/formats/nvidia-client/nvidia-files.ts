import { appendAll } from "../../../append-all";
import { compareText } from "../../../compare-text";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { directoryPrefix } from "../../parse/paths";
import type { Problem } from "../../report";

/** Seconds by which the windows of two forms of one measurement may differ: the CSV rounds to two decimals. */
const SAME_WINDOW_S = 0.011;

/** One load point as read from one form of an export (JSON, single requests, CSV), with the runs it makes. */
export interface ExportForm {
  path: string;
  /** Order of preference: JSON, then single requests, then CSV. */
  rank: number;
  drafts: DraftRun[];
  problems: Problem[];
  skipped: { file: string; reason: string }[];
}

/**
 * One measurement written in several forms counts once: of the files of one directory that share a name (or, renamed, the
 * number of requests and the window) the best form is taken and the others are left out with the reason.
 */
export function bestForms(forms: readonly ExportForm[]): AdapterResult {
  const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
  const taken: ExportForm[] = [];
  const ordered = [...forms].sort((a, b) => a.rank - b.rank || compareText(a.path, b.path));
  for (const form of ordered) {
    const better = taken.find((other) => other.rank < form.rank && holdsPoints(other) && repeats(form, other));
    if (better !== undefined) {
      const reason = `repeats ${better.path} in another form: that file is read instead`;
      result.skipped.push({ file: form.path, reason });
      continue;
    }
    taken.push(form);
    appendAll(result.drafts, form.drafts);
    appendAll(result.problems, form.problems);
    appendAll(result.skipped, form.skipped);
  }
  return result;
}

/** If one form has problems, the others are not taken either: the person corrects it or takes it out. */
function holdsPoints(form: ExportForm): boolean {
  return form.drafts.length > 0 || form.problems.length > 0;
}

function repeats(form: ExportForm, other: ExportForm): boolean {
  if (directoryPrefix(form.path) !== directoryPrefix(other.path)) return false;
  if (stemOf(form.path) === stemOf(other.path)) return true;
  const [point, ...more] = form.drafts.flatMap((draft) => draft.points);
  const [twin, ...others] = other.drafts.flatMap((draft) => draft.points);
  if (point === undefined || twin === undefined || more.length > 0 || others.length > 0) return false;
  if (point.durationS === null || twin.durationS === null || point.requestsCompleted === null) return false;
  return (
    point.requestsCompleted === twin.requestsCompleted && Math.abs(point.durationS - twin.durationS) <= SAME_WINDOW_S
  );
}

/** Name shared by the forms of one export: `profile_export` for `profile_export.jsonl` and `profile_export_aiperf.json`. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/\.\w+$/, "").replace(/(?:_llm)?_(?:genai_perf|aiperf)$/, "");
}
