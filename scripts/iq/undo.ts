import type { Command } from "commander";
import { database } from "../../db/client";
import { getRetireWarning } from "../../db/queries/get-retire-warning";
import type { ShareLink } from "../../db/queries/shares-showing";
import { type PurgeOutcome, purgeRuns } from "../../db/store/purge-runs";
import { type RunTarget, retireRuns } from "../../db/store/retire-runs";
import { plural } from "../../lib/format";
import { canAsk, confirmed } from "./confirm";
import { positiveInteger } from "./parse-options";
import { RefusedError, UsageError } from "./usage-error";

interface RetireOptions {
  ingest?: number;
  reason?: string;
  json?: boolean;
  yes?: boolean;
}

interface PurgeOptions extends RetireOptions {
  dryRun?: boolean;
}

/** `iq retire …` and `iq purge …` */
export function addUndoCommands(program: Command): void {
  program
    .command("retire")
    .description("Take runs back from a new revision on. Links made before keep showing them.")
    .argument("[run...]", "runs, as runs names them")
    .option("--ingest <n>", "all runs of one ingest, as ingests names it", positiveInteger)
    .option("--reason <text>", "why, for the list of revisions")
    .option("--yes", "retire data that came with the program without asking")
    .option("--json", "one JSON object on stdout")
    .action(retire);
  program
    .command("purge")
    .description("Delete runs and their reports for good, from every revision. Says which share links break.")
    .argument("[run...]", "runs, as runs names them")
    .option("--ingest <n>", "all runs of one ingest, as ingests names it", positiveInteger)
    .option("--reason <text>", "why, for the record")
    .option("--dry-run", "say what would be deleted, delete nothing")
    .option("--yes", "delete without asking again")
    .option("--json", "one JSON object on stdout")
    .action(purge);
}

function targetOf(runIds: string[], options: RetireOptions): RunTarget {
  if (runIds.length > 0 === (options.ingest !== undefined)) {
    throw new UsageError("Name either runs or one ingest (--ingest N).");
  }
  return options.ingest === undefined ? { runIds } : { ingestId: options.ingest };
}

/** Share links named before the question; the rest is counted. */
const MAX_LINKS_SHOWN = 10;

/**
 * Asks before an ingest that came with the program is taken back: what is left may be nothing.
 * @throws when the answer is no, or nobody can be asked
 */
async function ensureSure(ingestId: number): Promise<void> {
  const warning = await getRetireWarning(await database(), ingestId);
  if (warning === null) return;
  const { text, shares } = warning;
  console.error(text);
  for (const share of shares.slice(0, MAX_LINKS_SHOWN)) console.error(shareLine(share));
  if (shares.length > MAX_LINKS_SHOWN) console.error(`  and ${shares.length - MAX_LINKS_SHOWN} more`);
  if (!canAsk()) throw new RefusedError("Nothing was retired: add --yes to retire what came with the program.");
  if (!(await confirmed("Retire it?"))) throw new RefusedError("Nothing was retired.");
}

function shareLine({ slug, revision, query }: ShareLink): string {
  return `  /s/${slug} (revision ${revision}): ${query}`;
}

function nameOf(target: RunTarget): string {
  return "ingestId" in target ? `ingest ${target.ingestId}` : target.runIds.join(", ");
}

async function retire(runIds: string[], options: RetireOptions): Promise<void> {
  const target = targetOf(runIds, options);
  const reason = options.reason ?? `retire ${nameOf(target)}`;
  if (options.yes !== true && options.ingest !== undefined) await ensureSure(options.ingest);
  const outcome = await retireRuns(await database(), target, reason, new Date());
  if (options.json === true) console.log(JSON.stringify(outcome, null, 2));
  else if (outcome.runIds.length > 0) {
    const what = `${plural(outcome.runIds.length, "run")} with ${plural(outcome.loadPoints, "load point")}`;
    console.log(`Retired ${what}. Dataset revision ${outcome.revision}; links to earlier revisions stay as they were.`);
  }
  if (outcome.runIds.length === 0) throw new RefusedError(`Nothing to retire: no valid run is ${nameOf(target)}.`);
  for (const runId of outcome.notValid) console.error(`note: ${runId} is no valid run`);
}

async function purge(runIds: string[], options: PurgeOptions): Promise<void> {
  const target = targetOf(runIds, options);
  const dryRun = options.dryRun === true || options.yes !== true;
  const reason = options.reason ?? `purge ${nameOf(target)}`;
  const outcome = await purgeRuns(await database(), target, { reason, dryRun, now: new Date() });
  if (options.json === true) console.log(JSON.stringify({ ...outcome, deleted: !dryRun }, null, 2));
  else for (const line of purgeLines(outcome, dryRun)) console.log(line);
  if (outcome.runIds.length === 0) throw new RefusedError(`Nothing to purge: there is no run ${nameOf(target)}.`);
  if (options.dryRun !== true && options.yes !== true) {
    throw new RefusedError("Nothing was deleted. This cannot be undone: add --yes to delete.");
  }
}

function purgeLines(outcome: PurgeOutcome, dryRun: boolean): string[] {
  const { runIds, loadPoints, reports, brokenShares } = outcome;
  const what = `${plural(runIds.length, "run")}, ${plural(loadPoints, "load point")} and ${plural(reports, "report")}`;
  const links = brokenShares.map(shareLine);
  const broken =
    links.length === 0
      ? ["No share link shows any of it."]
      : [
          links.length === 1
            ? `1 share link ${dryRun ? "would no longer show" : "no longer shows"} what it showed:`
            : `${links.length} share links ${dryRun ? "would no longer show" : "no longer show"} what they showed:`,
          ...links,
        ];
  const left =
    outcome.stillInLog === true
      ? [
          "The file still holds it until every other process that reads the database has ended: end them and run any command.",
        ]
      : [];
  return [`${dryRun ? "Would delete" : "Deleted"} ${what}.`, ...broken, ...left];
}
