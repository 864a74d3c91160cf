import { readFileSync } from "node:fs";
import path from "node:path";
import { type Command, Option } from "commander";
import { database } from "../../db/client";
import type { StoredRun } from "../../db/store/commit-ingest";
import { ingestJson } from "../../lib/api/ingest-json";
import { formatCount, plural } from "../../lib/format";
import { groupBy } from "../../lib/group-by";
import { FACT_NAMES, type FactName, type FactValue, factsFromKeys, isSettingGroup } from "../../lib/ingest/facts/facts";
import { COLUMN_ANSWERS_FILE } from "../../lib/ingest/parse/paths";
import type { GivenFacts, Problem } from "../../lib/ingest/report";
import { proposedFacts, spokenProblems } from "../../lib/ingest/spoken-problems";
import { isSettings } from "../../lib/measurement/settings";
import { configurationSubtitle } from "../../lib/words";
import { diskSource, type IntakeFile, spoolSource } from "../../server/intake/byte-source";
import { type FilesIngestOutcome, ingestFiles } from "../../server/intake/ingest-files";
import { Spool } from "../../server/intake/spool";
import { startedWithFile } from "../../server/intake/started-with-file";
import { oneOf, positiveInteger, settingsOption } from "./parse-options";
import { progressDisplay } from "./progress";
import { readPaths, resolveNamed } from "./read-paths";
import { EXIT_INTERRUPTED, EXIT_REFUSED, UsageError } from "./usage-error";
import { watchFolder } from "./watch-folder";

interface IngestOptions {
  columns?: string;
  startedWith?: string;
  recursive: boolean;
  watch?: string;
  dryRun?: boolean;
  json?: boolean;
  /** Facts, by the names of their flags. */
  [fact: string]: unknown;
}

/** Longest list of skipped files or runs printed for people; `--json` has them all. */
const MAX_LINES = 40;

/** So many skipped files with one reason share a line. */
const FILES_TOGETHER = 3;

/** `iq ingest PATH…` */
export function addIngestCommand(program: Command): void {
  const command = program
    .command("ingest")
    .description("Read benchmark reports and store their load points.")
    .argument(
      "[path...]",
      "report files, archives (.zip, .tar, .tar.gz, .gz), folders that hold them, or - for standard input",
    )
    .option("--recursive", "read folders with all below them (the default)", true)
    .option("--no-recursive", "read only what lies in a folder itself")
    .option("--watch <folder>", "read the folder, and what comes to lie in it from now on");
  for (const fact of FACT_NAMES) command.addOption(factOption(fact));
  command
    .option(
      "--columns <file>",
      "what the columns of a CSV mean (iq columns suggests it); else iq.columns.yaml beside it",
    )
    .option(
      "--started-with <file>",
      "how the server was started: a command, a compose file, Kubernetes objects, Helm values; - for standard input",
    )
    .option("--dry-run", "say what would be stored, store nothing")
    .option("--json", "one JSON object on stdout")
    .action(ingest);
}

function factOption({ field, flag, argument, help, kind, choices }: FactName): Option {
  const option = new Option(`${flag} ${argument}`, help);
  if (kind === "count") option.argParser(positiveInteger);
  else if (isSettingGroup(field)) option.argParser(settingsOption(field));
  else if (choices !== undefined) option.argParser(oneOf(choices));
  return option;
}

/** The facts given by flags, and no others. */
function givenFacts(options: IngestOptions): GivenFacts {
  const given = new Map<string, FactValue>();
  for (const fact of FACT_NAMES) {
    const value = options[factOption(fact).attributeName()];
    if (typeof value === "string" || typeof value === "number" || isSettings(value)) given.set(fact.key, value);
  }
  return factsFromKeys(given);
}

async function ingest(paths: string[], options: IngestOptions): Promise<void> {
  const given = givenFacts(options);
  if (options.startedWith === "-" && (paths.includes("-") || options.watch !== undefined)) {
    throw new UsageError("Standard input (-) can be one thing: the reports, or how the server was started.");
  }
  if (options.watch !== undefined) {
    if (paths.length > 0) throw new UsageError("Name either files, or one folder with --watch.");
    await watchFolder(options.watch, (files, problems) =>
      ingestOnce(files, problems, options.watch ?? "", given, options),
    );
    return;
  }
  if (paths.length === 0) throw new UsageError("Name report files or folders, or - for standard input.");
  if (paths.includes("-")) {
    if (paths.length > 1) throw new UsageError("Standard input (-) comes alone.");
    const spool = new Spool();
    const source = spoolSource(spool, await spool.appendStream(process.stdin));
    await ingestOnce([{ path: "stdin", named: true, source }], [], "standard input", given, options);
    spool.close();
    return;
  }
  const { files, problems } = readPaths(paths, { recursive: options.recursive });
  const what = paths.map((named) => path.basename(path.resolve(named))).join(", ");
  await ingestOnce(files, problems, what, given, options);
}

async function ingestOnce(
  named: readonly IntakeFile[],
  problems: readonly Problem[],
  what: string,
  given: GivenFacts,
  options: IngestOptions,
): Promise<void> {
  const mapping = options.columns === undefined ? null : columnsFile(options.columns, named);
  const started = startedWithFile(options.startedWith === undefined ? null : startedText(options.startedWith), named);
  const files = [...named, ...(mapping === null ? [] : [mapping]), ...started];
  const progress = progressDisplay();
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once("SIGINT", interrupt);
  try {
    const outcome = await ingestFiles(await database(), files, {
      given,
      way: "cli",
      reason: `ingest ${what}`,
      dryRun: options.dryRun === true,
      now: new Date(),
      problems: [...problems],
      signal: interrupted.signal,
      onProgress: (state) => progress.update(state),
    });
    progress.stop();
    report(mapping === null ? outcome : spokenAs(outcome, mapping.path, options.columns ?? ""), options);
  } catch (error) {
    progress.stop();
    if (!interrupted.signal.aborted) throw error;
    console.error("Interrupted: nothing was stored.");
    process.exitCode = EXIT_INTERRUPTED;
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

/** What `--started-with` names. */
function startedText(named: string): string {
  try {
    return readFileSync(named === "-" ? process.stdin.fd : resolveNamed(named), "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${named} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The mapping of `--columns`, above everything else as a person's answer: it goes before those that lie beside tables. */
function columnsFile(named: string, files: readonly IntakeFile[]): IntakeFile {
  const taken = new Set(files.map((file) => file.path));
  let name = COLUMN_ANSWERS_FILE;
  for (let copy = 2; taken.has(name); copy++) name = COLUMN_ANSWERS_FILE.replace(".answers", `.${copy}.answers`);
  return { path: name, named: false, source: diskSource(resolveNamed(named)) };
}

/** The outcome with the name of the file as the person typed it. */
function spokenAs(outcome: FilesIngestOutcome, path: string, named: string): FilesIngestOutcome {
  const inWords = (text: string) => text.replaceAll(path, named);
  return {
    ...outcome,
    problems: outcome.problems.map((item) => ({
      ...item,
      file: item.file === path ? named : item.file,
      message: inWords(item.message),
    })),
    skipped: outcome.skipped.map((item) => ({ ...item, file: item.file === path ? named : item.file })),
    notes: outcome.notes.map(inWords),
  };
}

function report(outcome: FilesIngestOutcome, options: IngestOptions): void {
  if (options.json === true) console.log(JSON.stringify(ingestJson(outcome), null, 2));
  else for (const line of resultLines(outcome, options.dryRun === true)) console.log(line);
  if (options.json !== true) for (const sentence of outcome.beside) console.log(sentence);
  for (const note of outcome.notes) console.error(`note: ${note}`);
  for (const run of outcome.runs) {
    for (const { reasons } of run.outliers) console.error(`outlier: run ${run.runId}, ${reasons.join(" ")}`);
  }
  for (const sentence of spokenProblems(outcome.problems)) console.error(`refused: ${sentence}`);
  for (const line of proposedFacts(outcome.problems)) console.error(`note: ${line}`);
  if (outcome.problems.length > 0) process.exitCode = EXIT_REFUSED;
}

function runLine(run: StoredRun): string {
  const { configuration, workload, format } = run;
  const amount =
    run.duplicates === 0
      ? plural(run.newLoadPoints, "load point")
      : `${formatCount(run.newLoadPoints)} new, ${formatCount(run.duplicates)} already stored`;
  const hardware = `${configuration.acceleratorCount}× ${configuration.accelerator}`;
  const what = `${configuration.model} on ${hardware}, ${configurationSubtitle(configuration)}`;
  return `  ${format}: ${what}; ${workload.workloadId}: ${amount} (run ${run.runId})`;
}

function cut(lines: string[]): string[] {
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), `  … and ${lines.length - MAX_LINES} more`];
}

/** Files that were left out for one reason are told in one line. */
function skippedLines(skipped: FilesIngestOutcome["skipped"]): string[] {
  return [...groupBy(skipped, ({ reason }) => reason)].flatMap(([reason, alike]) => {
    const files = alike.map(({ file }) => file);
    if (files.length < FILES_TOGETHER) return files.map((file) => `  ${file}: ${reason}`);
    return [`  ${formatCount(files.length)} files: ${reason} (${files.slice(0, FILES_TOGETHER).join(", ")} …)`];
  });
}

function resultLines(outcome: FilesIngestOutcome, dryRun: boolean): string[] {
  const { runs, loadPoints, duplicates, revision } = outcome;
  const lines =
    runs.length === 0 ? ["Read no run."] : [`Read ${plural(runs.length, "run")}:`, ...cut(runs.map(runLine))];
  if (outcome.skipped.length > 0) {
    lines.push("Read without load points of their own:");
    lines.push(...cut(skippedLines(outcome.skipped)));
  }
  const already = duplicates === 0 ? "" : `; ${plural(duplicates, "load point")} already stored`;
  if (loadPoints === 0) lines.push(`Nothing new${already}. Dataset revision stays ${revision}.`);
  else if (dryRun)
    lines.push(`Would store ${plural(loadPoints, "load point")} as dataset revision ${revision}${already}.`);
  else lines.push(`Stored ${plural(loadPoints, "load point")} as dataset revision ${revision}${already}.`);
  if (dryRun) lines.push("Dry run: nothing was stored.");
  return lines;
}
