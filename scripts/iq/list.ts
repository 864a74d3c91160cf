import type { Command } from "commander";
import { database } from "../../db/client";
import { listIngests } from "../../db/queries/list-ingests";
import { listRunSummaries } from "../../db/queries/list-run-summaries";
import { plural } from "../../lib/format";
import { parseRunQuery } from "../../lib/params/run-params";
import { positiveInteger } from "./parse-options";
import { UsageError } from "./usage-error";

const DEFAULT_LIMIT = 50;

interface ListOptions {
  limit: number;
  json?: boolean;
}

interface RunsOptions extends ListOptions {
  model?: string;
  accelerator?: string;
  source?: string;
  tool?: string;
  from?: string;
  to?: string;
  flag?: string;
  ingest?: number;
  retired?: boolean;
}

/** `iq runs` and `iq ingests` */
export function addListCommands(program: Command): void {
  program
    .command("runs")
    .description("What is in the database.")
    .option("--model <id>", "runs of this model")
    .option("--accelerator <id>", "runs on this accelerator")
    .option("--source <name>", "runs of this source")
    .option("--tool <format>", "runs of this report format, e.g. inference-perf")
    .option("--from <date>", "measured on this day or later")
    .option("--to <date>", "measured on this day or earlier")
    .option("--flag <name>", "runs with this caveat")
    .option("--ingest <n>", "runs of this ingest", positiveInteger)
    .option("--retired", "runs that were taken back, too")
    .option("--limit <n>", "so many at most", positiveInteger, DEFAULT_LIMIT)
    .option("--json", "one JSON object on stdout")
    .action(runs);
  program
    .command("ingests")
    .description("Who brought what and when: what was taken, what was refused and why.")
    .option("--limit <n>", "so many at most", positiveInteger, DEFAULT_LIMIT)
    .option("--json", "one JSON object on stdout")
    .action(ingests);
}

async function runs(options: RunsOptions): Promise<void> {
  const { limit, json: _, ingest, retired, ...rest } = options;
  const { query, problems } = parseRunQuery({
    ...rest,
    ingest: ingest?.toString(),
    retired: retired ? "1" : undefined,
  });
  const [wrong] = problems;
  if (wrong !== undefined) {
    throw new UsageError(`--${wrong.parameter} ${wrong.value}: expected ${wrong.expected}.`);
  }
  const list = await listRunSummaries(database(), query.filter, { limit, offset: 0 });
  if (options.json === true) {
    console.log(JSON.stringify(list, null, 2));
    return;
  }
  for (const run of list.runs) {
    const { model, acceleratorCount, accelerator } = run.configuration;
    const retired = run.retiredInRevision === null ? "" : `, retired in revision ${run.retiredInRevision}`;
    const what = `${model} on ${acceleratorCount}× ${accelerator}; ${run.workload.workloadId}`;
    console.log(
      `${run.runId}  ${run.measuredOn ?? "no date"}  ${what}; ${run.format}, ${run.sourceName}: ${plural(run.loadPoints, "load point")} (ingest ${run.ingestId}${retired})`,
    );
  }
  const more = list.total - list.runs.length;
  console.log(
    `${plural(list.total, "run")}, ${plural(list.loadPoints, "load point")}${more > 0 ? `; ${more} not listed, see --limit` : ""}.`,
  );
}

async function ingests(options: ListOptions): Promise<void> {
  const { ingests: list, total } = await listIngests(database(), { limit: options.limit, offset: 0 });
  if (options.json === true) {
    console.log(JSON.stringify({ ingests: list, total }, null, 2));
    return;
  }
  for (const item of list) {
    const revision = item.revision === null ? "nothing new" : `revision ${item.revision}`;
    const retired = item.runs > item.validRuns ? `, ${item.runs - item.validRuns} of ${item.runs} runs retired` : "";
    console.log(
      `${item.id}  ${item.at}  ${item.way}  ${item.reason}: ${plural(item.loadPoints, "load point")} of ${plural(item.files, "file")}, ${revision}${retired}`,
    );
    for (const problem of item.problems) console.log(`    refused: ${problem.message}`);
  }
  console.log(`${plural(total, "ingest")}.`);
}
