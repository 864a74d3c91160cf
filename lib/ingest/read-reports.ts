import type { Accelerator, Model } from "../domain";
import type { Adapter } from "./adapter";
import { type Catalogue, catalogueOf } from "./catalogue";
import { companionReason } from "./companions";
import { completeRun, type DraftRun } from "./complete-run";
import { withDerivedThroughput } from "./derive";
import { ADAPTERS, detectFormat, recognisedFormats } from "./detect";
import { overlayFacts } from "./facts";
import { addFlag } from "./fields";
import { mergeReports, mergeRows } from "./merge-runs";
import { type ParsedFile, parseFile } from "./parse-file";
import { limitProblems, problem } from "./problem";
import { impossibleFields, qualityFlagsOf } from "./quality";
import type { GivenFacts, Problem, ReadPoint, ReadResult, ReadRun, ReportFile } from "./report";
import { isSideFile, readSideFile } from "./side-file";

/** Side files by directory; `null` = there is one and it is broken. */
type SideFiles = Map<string, { facts: GivenFacts; path: string } | null>;

/**
 * Reads a set of files as runs. Each file is parsed by content, grouped by directory and given to the adapter that
 * recognises it; what reports do not say comes from `given` (flags) and from `iq.yaml` beside them or above. A file with a
 * problem contributes nothing; bad input never throws.
 */
export function readReports(
  files: readonly ReportFile[],
  given: GivenFacts,
  catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] },
): ReadResult {
  const result: ReadResult = { runs: [], problems: [], skipped: [] };
  const index = catalogueOf(catalogue);
  const sides: SideFiles = new Map();
  const directories = new Map<string, ParsedFile[]>();
  const reports = files.filter((file) => !isSideFile(file.path));
  for (const file of files) {
    const parsed = parseFile(file);
    if (parsed.kind === "parsed" && !isSideFile(file.path)) {
      const directory = runDirectoryOf(file.path);
      directories.set(directory, [...(directories.get(directory) ?? []), parsed.file]);
      continue;
    }
    if (isSideFile(file.path)) {
      addSideFile(file, parsed, sides, result);
    } else if (parsed.kind === "broken") {
      result.problems.push(parsed.problem);
    } else if (parsed.kind === "unreadable") {
      leaveOut(file.path, mustBeReport(file, reports), parsed.reason, result);
    }
  }
  for (const [directory, members] of directories)
    readDirectory(directory, members, reports, given, sides, index, result);
  if (result.runs.length === 0 && result.problems.length === 0) {
    const what = files[0]?.path ?? "";
    result.problems.push(
      problem(
        what,
        "",
        "",
        recognisedFormats(),
        `None of the files holds results in a format we read: ${recognisedFormats()}.`,
      ),
    );
  }
  result.problems = limitProblems(result.problems);
  return result;
}

function readDirectory(
  directory: string,
  members: readonly ParsedFile[],
  reports: readonly ReportFile[],
  given: GivenFacts,
  sides: SideFiles,
  catalogue: Catalogue,
  result: ReadResult,
): void {
  const claimed = new Map<Adapter, ParsedFile[]>(ADAPTERS.map((adapter) => [adapter, []]));
  const companions: ParsedFile[] = [];
  for (const file of members) {
    const adapter = detectFormat(file);
    if (adapter === null) companions.push(file);
    else claimed.get(adapter)?.push(file);
  }
  const explained = new Set<string>();
  leaveOutCopies(claimed, result);
  const side = sideFactsFor(directory, sides);
  for (const [adapter, files] of claimed) {
    if (files.length === 0) continue;
    if (side === null) {
      for (const file of files)
        result.skipped.push({ file: file.path, reason: "its iq.yaml has problems: mend that first" });
      continue;
    }
    const read = adapter.read(files, companions);
    for (const { file } of read.skipped) explained.add(file);
    result.skipped.push(...read.skipped);
    result.problems.push(...read.problems);
    const refused = new Set(read.problems.map((item) => item.file));
    const sources = { flags: given, side: side.facts, flagsWin: adapter.factsWin === "flags" };
    const completed: { run: ReadRun; variant: string }[] = [];
    for (const draft of withoutFiles(read.drafts, refused)) {
      const completion = completeRun(checked(draft, result.problems, refused), sources, catalogue);
      if (completion.kind === "run") {
        // What the side file said belongs to the provenance: its bytes are kept with the report's.
        const run = { ...completion.run, files: [...completion.run.files, ...side.paths] };
        completed.push({ run, variant: draft.variant ?? "" });
      } else {
        result.problems.push(...completion.problems);
        for (const file of draft.files) refused.add(file);
      }
    }
    const whole = completed.flatMap(({ run, variant }) =>
      withoutPoints(run, refused).map((kept) => ({ run: kept, variant })),
    );
    result.runs.push(...(adapter.factsWin === "flags" ? mergeReports(whole) : mergeRows(whole.map(({ run }) => run))));
  }
  for (const file of companions) {
    if (explained.has(file.path)) continue;
    // `iq ingest results/*` names everything that lies there: what is known to lie beside reports is no mistake.
    const known = companionReason(file);
    const isProblem = known === null ? mustBeReport(file, reports) : reports.length === 1;
    leaveOut(file.path, isProblem, known ?? "it is in no format we read", result);
  }
}

/** A converted report beside the native one it was made from would count every point twice. */
function leaveOutCopies(claimed: Map<Adapter, ParsedFile[]>, result: ReadResult): void {
  const paths = new Set([...claimed.values()].flatMap((files) => files.map((file) => file.path)));
  for (const [adapter, files] of claimed) {
    if (adapter.copyOf === undefined) continue;
    const kept = files.filter((file) => {
      const native = adapter.copyOf?.(file.path) ?? null;
      if (native === null || !paths.has(native)) return true;
      result.skipped.push({ file: file.path, reason: `repeats ${native} in another form: that file is read instead` });
      return false;
    });
    claimed.set(adapter, kept);
  }
}

/** Derived throughput and caveats added to each point; what cannot be a measurement refuses its file. */
function checked(draft: DraftRun, problems: Problem[], refused: Set<string>): DraftRun {
  const points = draft.points.map((read): ReadPoint => {
    for (const { field, value, expected } of impossibleFields(read)) {
      const at = `${read.at}, ${field}`;
      problems.push(problem(read.file, at, value, expected, `${read.file}, ${at}: expected ${expected}.`));
      refused.add(read.file);
    }
    const point = withDerivedThroughput(read);
    const qualityFlags = [...point.qualityFlags];
    for (const flag of qualityFlagsOf(point)) addFlag(qualityFlags, flag);
    return { ...point, qualityFlags };
  });
  return { ...draft, points };
}

function withoutFiles(drafts: readonly DraftRun[], refused: ReadonlySet<string>): DraftRun[] {
  return drafts.flatMap((draft) => {
    const points = draft.points.filter((point) => !refused.has(point.file));
    return points.length === 0 ? [] : [{ ...draft, points, files: draft.files.filter((file) => !refused.has(file)) }];
  });
}

function withoutPoints(run: ReadRun, refused: ReadonlySet<string>): ReadRun[] {
  const points = run.points.filter((point) => !refused.has(point.file));
  return points.length === 0 ? [] : [{ ...run, points, files: run.files.filter((file) => !refused.has(file)) }];
}

function addSideFile(
  file: ReportFile,
  parsed: ReturnType<typeof parseFile>,
  sides: SideFiles,
  result: ReadResult,
): void {
  const directory = directoryOf(file.path);
  if (parsed.kind !== "parsed") {
    const reason = parsed.kind === "unreadable" ? parsed.reason : parsed.problem.message;
    result.problems.push(
      problem(
        file.path,
        parsed.kind === "broken" ? parsed.problem.at : "",
        "",
        "YAML",
        `${file.path} cannot be read: ${reason}`,
      ),
    );
    sides.set(directory, null);
    return;
  }
  const { facts, problems } = readSideFile(parsed.file);
  result.problems.push(...problems);
  sides.set(directory, problems.length > 0 || sides.get(directory) === null ? null : { facts, path: file.path });
  result.skipped.push({ file: file.path, reason: "side file: its facts complete the reports beside it and below" });
}

/** Facts of the side files from the top directory down, the nearest on top, and which files said them; `null` if one is broken. */
function sideFactsFor(directory: string, sides: SideFiles): { facts: GivenFacts; paths: string[] } | null {
  const steps = directory === "" ? [] : directory.split("/");
  const chain = ["", ...steps.map((_, index) => steps.slice(0, index + 1).join("/"))];
  let facts: GivenFacts = {};
  const paths: string[] = [];
  for (const level of new Set(chain)) {
    const side = sides.get(level);
    if (side === null) return null;
    if (side === undefined) continue;
    facts = overlayFacts(facts, side.facts);
    paths.push(side.path);
  }
  return { facts, paths };
}

/** A file named by itself, or the only one, must be a report; others merely lie in the same directory. */
function mustBeReport(file: { path: string; named?: boolean }, reports: readonly ReportFile[]): boolean {
  return file.named === true || reports.length === 1;
}

function leaveOut(path: string, isProblem: boolean, reason: string, result: ReadResult): void {
  if (!isProblem) {
    result.skipped.push({ file: path, reason });
    return;
  }
  result.problems.push(
    problem(
      path,
      "",
      "",
      recognisedFormats(),
      `${path} holds no results we can read (${reason}). Recognised: ${recognisedFormats()}.`,
    ),
  );
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** A vLLM sweep gives each load a directory of its own (`SERVE--…-BENCH--max_concurrency=8`): they are one set of reports. */
function runDirectoryOf(path: string): string {
  return directoryOf(path).replace(/(?:^|[/-])BENCH--[^/]*$/, "");
}
