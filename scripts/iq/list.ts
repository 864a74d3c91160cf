import type { Command } from "commander";
import { database } from "../../db/client";
import { listIngests } from "../../db/queries/list-ingests";
import { listRunSummaries } from "../../db/queries/list-run-summaries";
import { plural } from "../../lib/format";
import { RUN_PARAMS, runWords } from "../../lib/params/run-params";
import { valuesOfOptions, withParamOptions } from "./param-options";
import { positiveInteger } from "./parse-options";

const DEFAULT_LIMIT = 50;

interface ListOptions {
  limit: number;
  json?: boolean;
}

/** `iq runs` and `iq ingests` */
export function addListCommands(program: Command): void {
  const list = program.command("runs").description("What is in the database.");
  withParamOptions(list, RUN_PARAMS, runWords())
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

async function runs(options: ListOptions): Promise<void> {
  const filter = valuesOfOptions(RUN_PARAMS, runWords(), { ...options });
  const list = await listRunSummaries(await database(), filter, { limit: options.limit, offset: 0 });
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
  const { ingests: list, total } = await listIngests(await database(), { limit: options.limit, offset: 0 });
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
