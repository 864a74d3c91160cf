import type { Command } from "commander";
import { type Database, database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { listCatalogueModels, listModels } from "../../db/queries/list-models";
import { listPrices } from "../../db/queries/list-prices";
import { listRuns } from "../../db/queries/list-runs";
import { listWorkloads } from "../../db/queries/list-workloads";
import { answerOver } from "../../lib/answer/answer";
import { answerCurves } from "../../lib/answer/answer-question";
import { rankJson } from "../../lib/api/rank-json";
import { nearestNames } from "../../lib/nearest-names";
import { askedWorkloadOf, WORKLOAD_PARAMS, workloadWords } from "../../lib/params/workload-params";
import { type AskedWorkload, nearestWorkloads, workloadDifferences } from "../../lib/selection/asked-workload";
import { allCrossovers } from "../../lib/selection/crossovers";
import { firstWorkload } from "../../lib/selection/first-workload";
import type { Question } from "../../lib/selection/types";
import { valuesOfOptions, withParamOptions } from "./param-options";
import { questionFrom, withAcceleratorIds, withQuestionOptions, withRankBy } from "./question-options";
import { crossoverLines, rankLines } from "./rank-lines";
import { RefusedError } from "./usage-error";

interface RankOptions {
  model: string;
  workload?: string;
  json?: boolean;
  whatIf?: boolean;
  [option: string]: unknown;
}

/** Names proposed when one is not known. */
const MAX_SUGGESTIONS = 5;

/** `iq rank --model M …` */
export function addRankCommand(program: Command): void {
  const command = program
    .command("rank")
    .description("Which configurations serve a model within your targets, best first.")
    .requiredOption("--model <id>", "Hugging Face id of the model")
    .option("--workload <id>", "workload, e.g. random-1024-1024; otherwise the one with most data");
  withParamOptions(command, WORKLOAD_PARAMS, workloadWords());
  withRankBy(withQuestionOptions(command))
    .option("--what-if", "also what would change the answer: targets, demand, prices")
    .option("--json", "one JSON object on stdout")
    .action(rank);
}

/** The model a text names: exactly, or where only capitals or the owner are missing. */
async function modelNamed(db: Database, revision: number, text: string): Promise<string> {
  const ids = (await listModels(db, revision)).map((entry) => entry.model.id);
  if (ids.includes(text)) return text;
  const lower = text.toLowerCase();
  const close = ids.filter((id) => id.toLowerCase() === lower || id.toLowerCase().split("/").at(-1) === lower);
  const only = close[0];
  if (only !== undefined && close.length === 1) return only;
  const shown = nearestNames(text, ids, MAX_SUGGESTIONS).join(", ");
  throw new RefusedError(`There is no model ${text}. Among those there are: ${shown}.`);
}

/** The workload a text names, or the nearest to what is asked, or the one with most data. */
async function workloadNamed(
  db: Database,
  revision: number,
  modelId: string,
  text: string | undefined,
  asked: AskedWorkload | null,
) {
  const workloads = await listWorkloads(db, revision, modelId);
  const near = asked === null ? firstWorkload(workloads) : nearestWorkloads(workloads, asked)[0]?.entry;
  const found =
    text === undefined ? (near ?? undefined) : workloads.find((entry) => entry.workload.workloadId === text);
  if (found !== undefined) return found.workload;
  if (workloads.length === 0) throw new RefusedError(`Nothing was measured of ${modelId}.`);
  const known = workloads.map((entry) => entry.workload.workloadId).join(", ");
  throw new RefusedError(`${modelId} was not measured under ${text}. Measured are: ${known}.`);
}

async function rank(options: RankOptions): Promise<void> {
  const db = await database();
  const revision = (await getCurrentRevision(db)).id;
  const model = await modelNamed(db, revision, options.model);
  const askedWorkload = askedWorkloadOf(valuesOfOptions(WORKLOAD_PARAMS, workloadWords(), options));
  const facts = await workloadNamed(db, revision, model, options.workload, askedWorkload);
  const workload = facts.workloadId;
  const accelerators = await listAccelerators(db, revision);
  const question = withAcceleratorIds(questionFrom(options), accelerators);
  const runs = await listRuns(db, revision, { modelId: model, workloadId: workload });
  const prices = await listPrices(db, revision);
  const curves = answerCurves(runs, { models: await listCatalogueModels(db, revision), accelerators });
  const ask = (of: Question) => answerOver(curves, prices, of).ranking;
  const ranking = ask(question);
  const changes = options.whatIf === true ? allCrossovers(ask, question, ranking) : null;
  const differences = askedWorkload === null ? [] : workloadDifferences(facts, askedWorkload);
  const asked = { revision, model, workload, slos: question.slos, askedWorkload, differences };
  if (options.json === true) console.log(JSON.stringify(rankJson(asked, ranking, changes), null, 2));
  else {
    for (const line of rankLines(asked, ranking, accelerators, question)) console.log(line);
    for (const line of crossoverLines(changes, accelerators)) console.log(line);
  }
}
