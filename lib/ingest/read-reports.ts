import { appendAll } from "../append-all";
import type { Accelerator, Model } from "../catalogue/catalogue";
import { groupBy } from "../group-by";
import { impossibleFields } from "../measurement/quality";
import { claimFiles, leaveOutCopies, refuseLostLists } from "./claim-files";
import { unmappedTable } from "./columns/unmapped-csv";
import { examinedTogether } from "./examined-together";
import { withBindingLoad } from "./facts/bound-load";
import { type CatalogueLookup, catalogueLookup } from "./facts/catalogue";
import { withCommonWorkloads } from "./facts/common-workloads";
import { completeRun } from "./facts/complete-run";
import type { AdapterResult, DraftRun, FactSources } from "./facts/draft-run";
import { overlayFacts } from "./facts/facts";
import { leftOutRows } from "./facts/left-out-rows";
import { type SideFiles, sideFiles } from "./facts/side-files";
import { companionsElsewhere, isDescription, leaveOutSummaries, withoutRepeatedReasons } from "./files-elsewhere";
import type { Adapter } from "./formats/adapter";
import { companionReason } from "./formats/companions";
import { COMPANIONS, isMeantAsReport, recognisedFormats } from "./formats/detect-format";
import { withLoadBoundSettings } from "./load-bound-settings";
import { mergeReports, mergeRows } from "./merge-runs";
import { type ParseOutcome, parseFile, pathOfParsed, yamlProblem } from "./parse/parse-file";
import type { ParsedFile } from "./parse/parsed-file";
import { isSideFile, parentsFirst, runDirectoryOf } from "./parse/paths";
import { type Steps, wholeOf } from "./parse/steps";
import { limitProblems, problem } from "./problem";
import type { GivenFacts, HeldFile, Problem, ReadResult, ReadRun } from "./report";
import { takeStartedBeside } from "./started-with/started-beside";

/** Reads reports a directory at a time, so that not all of them are held at once. */
export interface ReportsReader {
  /**
   * Takes a side file, whose facts complete the reports beside it and below. Call it for every side file before the first
   * directory.
   */
  addSideFile(file: ParseOutcome): void;
  /**
   * All reports of one run directory (see {@link runDirectoryOf}); returns the runs read from them. Give directories in the
   * order of {@link parentsFirst}. It works in steps, because very many results take long.
   */
  addDirectory(directory: string, files: readonly ParseOutcome[]): Steps<ReadRun[]>;
  /** Everything read so far; call once, at the end. */
  finish(): ReadResult;
}

/**
 * A reader of many files. What reports do not say comes from `given` (flags, a form) and from `iq.yaml` beside them or above. A
 * file with a problem contributes nothing; bad input never throws.
 * @param reportCount number of files that are no side files: a single one must be a report; of several, some may just lie
 * beside the reports
 * @param addCatalogue takes rows of the catalogue that came inside an export, and gives the catalogue to read by from then on;
 * without it such rows are left out
 */
export function reportsReader(
  given: GivenFacts,
  catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] },
  reportCount: number,
  addCatalogue?: AddCatalogue,
): ReportsReader {
  const result: ReadResult & { notes: string[] } = { runs: [], problems: [], skipped: [], carried: [], notes: [] };
  const index = catalogueLookup(catalogue);
  const sides = sideFiles();
  const reading: Reading = {
    given,
    reportCount,
    sides,
    catalogue: index,
    addCatalogue,
    companionsOf: new Map(),
    usedMappings: new Set(),
    explainedFrom: new Map(),
    factNotes: new Set(),
    summaries: new Map(),
    result,
  };
  let firstPath = "";
  return {
    addSideFile(file) {
      if (firstPath === "") firstPath = pathOfParsed(file);
      sides.add(file, result);
    },
    *addDirectory(directory, files) {
      const [first] = files;
      if (firstPath === "" && first !== undefined) firstPath = pathOfParsed(first);
      const members: ParsedFile[] = [];
      for (const parse of files) {
        if (parse.kind === "parsed") members.push(parse.file);
        else if (parse.kind === "broken") result.problems.push(parse.problem);
        else leaveOut(parse.path, parse.named || reportCount === 1, parse.reason, result);
      }
      const before = result.runs.length;
      yield* readDirectory(directory, members, reading);
      return result.runs.slice(before);
    },
    finish() {
      for (const path of sides.mappingPaths()) {
        if (!reading.usedMappings.has(path)) result.notes.push(`${path} was not used: no table here needs it.`);
      }
      appendAll(result.notes, [...reading.factNotes]);
      leaveOutSummaries(reading.summaries, result);
      // Loads of one sweep may lie in folders of their own.
      result.runs = examinedTogether(withCommonWorkloads(result.runs));
      if (result.runs.length === 0 && result.problems.length === 0) {
        const expected = recognisedFormats();
        const message = `None of the files holds results in a format we read: ${expected}.`;
        result.problems.push(problem(firstPath, "", "", expected, message));
      }
      result.skipped = withoutRepeatedReasons(
        result.skipped.filter((item, index) => index >= (reading.explainedFrom.get(item.file) ?? 0)),
      );
      result.problems = limitProblems(result.problems);
      return result;
    },
  };
}

/**
 * Reads a set of files held in memory as runs: each is parsed by content, grouped by directory and given to the adapter that
 * recognises it. See {@link reportsReader}.
 */
export function readReports(
  files: readonly HeldFile[],
  given: GivenFacts,
  catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] },
): ReadResult {
  const reports = files.filter((file) => !isSideFile(file.path));
  const reader = reportsReader(given, catalogue, reports.length);
  for (const file of files) if (isSideFile(file.path)) reader.addSideFile(parseFile(file));
  const directories = groupBy(reports, ({ path }) => runDirectoryOf(path));
  for (const [directory, members] of parentsFirst(directories))
    wholeOf(reader.addDirectory(directory, members.map(parseFile)));
  return reader.finish();
}

/** See {@link reportsReader}; `problems` are those of the rows. */
export type AddCatalogue = (given: NonNullable<AdapterResult["catalogue"]>[number]) => {
  catalogue: { accelerators: readonly Accelerator[]; models: readonly Model[] };
  problems: readonly Problem[];
};

/** What is shared while one directory after another is read. */
interface Reading {
  given: GivenFacts;
  reportCount: number;
  sides: SideFiles;
  catalogue: CatalogueLookup;
  addCatalogue: AddCatalogue | undefined;
  /** JSON and YAML files that no format claimed, by directory. They may describe reports in the directories below. */
  companionsOf: Map<string, ParsedFile[]>;
  /** Paths of the column mappings some table was read by. */
  usedMappings: Set<string>;
  /**
   * For each file that a directory below explained, the length of the skipped list at that moment: earlier entries about it no
   * longer hold.
   */
  explainedFrom: Map<string, number>;
  /** What a person should know of facts that were taken as read. */
  factNotes: Set<string>;
  /** Files that sum up the runs of a folder, by path. */
  summaries: Map<string, { format: string; folder: string }>;
  result: ReadResult & { notes: string[] };
}

function* readDirectory(directory: string, members: readonly ParsedFile[], reading: Reading): Steps<void> {
  const { given, reportCount, sides, companionsOf, result } = reading;
  const tableMappings = sides.mappingsFor(directory);
  const before = overlayFacts(sides.factsFor(directory)?.facts ?? {}, given);
  const { claimed, companions } = claimFiles(members, tableMappings.mappings, before);
  const started = takeStartedBeside(directory, companions, sides, result);
  const side = sides.factsFor(directory);
  for (const adapter of claimed.keys()) for (const path of adapter.sideFiles ?? []) reading.usedMappings.add(path);
  companionsOf.set(directory, companions.filter(isDescription));
  const explained = new Set<string>(started);
  refuseLostLists(claimed, result);
  leaveOutCopies(claimed, result);
  const printed = [...claimed].flatMap(([adapter, files]) => {
    const read = files.length === 0 ? undefined : adapter.besideResults?.(files);
    return read === undefined ? [] : [{ adapter, read }];
  });
  // What only repeats others comes last.
  const inOrder = [...claimed].sort(
    ([a], [b]) => Number(a.besideResults !== undefined) - Number(b.besideResults !== undefined),
  );
  for (const [adapter, files] of inOrder) {
    if (files.length === 0) continue;
    if (side === null) {
      for (const file of files)
        result.skipped.push({ file: file.path, reason: "its iq.yaml has problems: mend that first" });
      continue;
    }
    const before = { runs: result.runs.length, problems: result.problems.length, skipped: result.skipped.length };
    const above = companionsElsewhere(adapter, directory, companions, companionsOf);
    const beside = [...companions, ...above];
    const own = printed.find((item) => item.adapter === adapter);
    const read =
      own !== undefined
        ? own.read.rest()
        : adapter.readInSteps === undefined
          ? adapter.read(files, beside)
          : yield* adapter.readInSteps(files, beside);
    const drafts = printed
      .filter((item) => item.adapter !== adapter)
      .reduce((completed, item) => completed.map(item.read.complete), read.drafts);
    for (const { file } of read.skipped) explained.add(file);
    for (const { path } of above) if (explained.has(path)) reading.explainedFrom.set(path, result.skipped.length);
    appendAll(result.skipped, read.skipped);
    appendAll(result.carried, read.carried ?? []);
    appendAll(result.problems, read.problems);
    appendAll(result.notes, read.notes ?? []);
    const refused = new Set(read.problems.map((item) => item.file));
    for (const rows of read.catalogue ?? []) {
      const added = reading.addCatalogue?.(rows);
      if (added === undefined) continue;
      reading.catalogue = catalogueLookup(added.catalogue);
      appendAll(result.problems, added.problems);
      for (const { file } of added.problems) refused.add(file);
    }
    const sources = {
      flags: given,
      side: side.facts,
      flagsWin: adapter.factsWin === "flags",
      notes: reading.factNotes,
    };
    const completed: { run: ReadRun; variant: string }[] = [];
    const rows = leftOutRows();
    const sideFiles = [...side.paths, ...(adapter.sideFiles ?? [])];
    for (const draft of withoutFiles(drafts, refused)) {
      yield;
      const { summaryOf, format, files: own } = draft;
      for (const path of summaryOf === undefined ? [] : own) {
        reading.summaries.set(path, { format, folder: summaryOf ?? "" });
      }
      const whole = checked(sources.flagsWin ? boundBy(draft) : draft, result.problems, refused);
      const completion = completeRun(whole, sources, reading.catalogue);
      if (completion.ok) {
        // A side file is part of where the run came from, so its bytes are stored with the report's.
        const run = completion.value;
        if (sideFiles.length > 0) run.files = [...run.files, ...sideFiles];
        completed.push({ run, variant: draft.variant ?? "" });
      } else {
        const problems =
          draft.hasFactsInRows === true ? problemsOfRows(whole, sources, reading.catalogue) : completion.error;
        if (rows.add(draft, problems)) continue;
        appendAll(result.problems, problems);
        for (const file of draft.files) refused.add(file);
      }
    }
    rows.report(new Set(completed.flatMap(({ run }) => run.files)), result);
    const kept = completed.flatMap(({ run, variant }) =>
      withoutPoints(run, refused).map((whole) => ({ run: whole, variant })),
    );
    const runs = withCommonWorkloads(kept.map(({ run }) => run));
    const whole = kept.flatMap(({ variant }, index) => {
      const run = runs[index];
      return run === undefined ? [] : [{ run, variant }];
    });
    appendAll(result.runs, joined(adapter, whole));
    leaveOutSilentFiles(files, result, before);
  }
  for (const file of companions) {
    if (explained.has(file.path)) continue;
    const fault = file.kind === "text" ? file.yamlFault : null;
    if (file.kind === "text" && fault !== null && isMeantAsReport(file.text)) {
      result.problems.push(yamlProblem(file.path, fault));
      continue;
    }
    // `iq ingest results/*` names every file of a folder, so files that tools are known to write beside their reports are no
    // mistake.
    const known = companionReason(file, COMPANIONS);
    // A file named by itself, or the only one, must be a report; others merely lie in the same directory.
    const isProblem = known === null ? file.named || reportCount === 1 : reportCount === 1;
    const table = known === null && file.kind === "csv" ? unmappedTable(file, tableMappings.mappings) : null;
    if (table !== null && tableMappings.broken.length > 0) {
      const reason = `its column mapping ${tableMappings.broken.join(", ")} has problems: mend that first`;
      result.skipped.push({ file: file.path, reason });
    } else if (table !== null && (isProblem || table.isResults)) {
      result.problems.push(table.problem);
    } else {
      const asYaml = fault === null ? "" : `; as YAML, its text ${fault.message} (line ${fault.line})`;
      leaveOut(file.path, isProblem, known ?? `it is in no format we read${asYaml}`, result);
    }
  }
}

/** Gives the reason for files that would otherwise be left out silently, because they go together with a refused one. */
function leaveOutSilentFiles(
  files: readonly ParsedFile[],
  result: ReadResult,
  before: { runs: number; problems: number; skipped: number },
): void {
  const spokenOf = new Set([
    ...result.runs.slice(before.runs).flatMap((run) => run.files),
    ...result.problems.slice(before.problems).map((item) => item.file),
    ...result.skipped.slice(before.skipped).map((item) => item.file),
  ]);
  for (const { path } of files) {
    if (spokenOf.has(path)) continue;
    result.skipped.push({ file: path, reason: "goes with another file that was refused: mend that first" });
  }
}

function joined(adapter: Adapter, runs: readonly { run: ReadRun; variant: string }[]): ReadRun[] {
  if (adapter.keepsRunsApart === true) return runs.map(({ run }) => run);
  return adapter.factsWin === "flags"
    ? mergeReports(withLoadBoundSettings(runs))
    : mergeRows(runs.map(({ run }) => run));
}

/** What is wrong with the facts of rows that share them, said of each row. */
function problemsOfRows(draft: DraftRun, sources: FactSources, catalogue: CatalogueLookup): Problem[] {
  return draft.points.flatMap((point) => {
    const completion = completeRun({ ...draft, points: [point] }, sources, catalogue);
    return completion.ok ? [] : completion.error;
  });
}

/** The run with the loads that bound it; rows of tables and exports state theirs. */
function boundBy(draft: DraftRun): DraftRun {
  return { ...draft, points: draft.points.map(withBindingLoad) };
}

/** The draft as it is; a file of it with a value that cannot be a measurement is refused. */
function checked(draft: DraftRun, problems: Problem[], refused: Set<string>): DraftRun {
  for (const read of draft.points) {
    for (const { field, value, expected } of impossibleFields(read)) {
      const location = `${read.location}, ${field}`;
      problems.push(problem(read.file, location, value, expected, `${read.file}, ${location}: expected ${expected}.`));
      refused.add(read.file);
    }
  }
  return draft;
}

function withoutFiles(drafts: readonly DraftRun[], refused: ReadonlySet<string>): readonly DraftRun[] {
  if (refused.size === 0) return drafts;
  return drafts.flatMap((draft) => {
    if (!draft.files.some((file) => refused.has(file)) && !draft.points.some((point) => refused.has(point.file)))
      return [draft];
    const points = draft.points.filter((point) => !refused.has(point.file));
    return points.length === 0 ? [] : [{ ...draft, points, files: draft.files.filter((file) => !refused.has(file)) }];
  });
}

function withoutPoints(run: ReadRun, refused: ReadonlySet<string>): ReadRun[] {
  if (refused.size === 0) return [run];
  const points = run.points.filter((point) => !refused.has(point.file));
  return points.length === 0 ? [] : [{ ...run, points, files: run.files.filter((file) => !refused.has(file)) }];
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
