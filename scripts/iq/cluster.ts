import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listAccelerators } from "../../db/queries/list-accelerators";
import { clusterFacts, INSPECTED_KINDS, type InspectedKind } from "../../lib/cluster/cluster-facts";
import { type RunningComparison, runningLines } from "../../lib/cluster/compare-running";
import { askedFor, checkBundle, inspectCluster } from "../../lib/cluster/inspection";
import {
  bundleCheckParts,
  type InspectionPart,
  inspectionParts,
  optionValueText,
} from "../../lib/cluster/inspection-text";
import { readKubectlText } from "../../lib/cluster/kubectl-text";
import { manifestObjects } from "../../lib/cluster/manifest-objects";
import type { ProposedOption } from "../../lib/cluster/proposed-options";
import { namerOf } from "../../lib/explorer/name-stock";
import { OPTION_PARAMS } from "../../lib/manifests/options/option-params";
import { PLATFORM_IDS } from "../../lib/manifests/platforms/all";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { formatStockItem } from "../../lib/selection/stock";
import { compareCluster } from "../../server/cluster/compare-cluster";
import { askCluster, askForWorkloads } from "../../server/cluster/run-kubectl";
import { getChoice } from "../../server/pages/get-choice";
import { addObserveCommand } from "./observe";
import { questionFrom, withAcceleratorIds, withQuestionOptions } from "./question-options";
import { resolveNamed } from "./read-paths";
import { RefusedError } from "./usage-error";

interface InspectOptions {
  file?: string;
  context?: string;
  configuration?: string;
  workload?: string;
  json?: boolean;
  [option: string]: unknown;
}

/** `iq cluster inspect …` */
export function addClusterCommand(program: Command): void {
  const cluster = program.command("cluster").description("A cluster as it is: read only, and nothing of it is kept.");
  const inspect = cluster
    .command("inspect")
    .description("Nodes, accelerators and what is installed; what a manifest would meet there.")
    .option("--file <file>", "what kubectl prints with -o json instead of asking it; - reads standard input")
    .option("--context <name>", "context of the kubeconfig; otherwise the current one")
    .option("--configuration <id>", "hold the manifest of this configuration against the cluster")
    .option("--workload <id>", "workload of it; otherwise the one it has most data for")
    .option("--json", "one JSON object on stdout");
  withQuestionOptions(inspect);
  inspect.addHelpText(
    "after",
    `
Without --file it asks kubectl for ${INSPECTED_KINDS.join(", ")}.
--file takes the same, one output after another: kubectl get nodes,pods -A -o json; kubectl get crd,storageclass -o json`,
  );
  inspect.action(inspectAction);
  const compare = cluster
    .command("compare")
    .description(
      "Model servers that run in the cluster against the best measured answer for the same model and accelerator.",
    )
    .option(
      "--file <file>",
      "nodes and what runs the servers, as kubectl prints them with -o json; - reads standard input",
    )
    .option("--context <name>", "context of the kubeconfig; otherwise the current one")
    .option("--namespace <name>", "servers of this namespace alone")
    .option("--workload <id>", "workload to compare under; otherwise the one a model has most data for");
  withQuestionOptions(compare);
  compare.option("--json", "one JSON object on stdout").action(compareAction);
  addObserveCommand(cluster);
}

interface CompareOptions {
  file?: string;
  context?: string;
  namespace?: string;
  workload?: string;
  json?: boolean;
  [option: string]: unknown;
}

async function compareAction(options: CompareOptions): Promise<void> {
  const { file, context, namespace, workload } = options;
  const text = file === undefined ? await runningText(context ?? null, namespace ?? null) : fileText(file);
  const read = readKubectlText(text);
  if (!read.ok) throw new RefusedError(read.error);
  const db = await database();
  const revision = (await getCurrentRevision(db)).id;
  const accelerators = await listAccelerators(db, revision);
  const question = withAcceleratorIds(questionFrom(options), accelerators);
  const compared = await compareCluster(db, revision, read.value, { question, workloadId: workload ?? null });
  if (options.json === true) {
    const servers = compared.map(({ server, workloadId, comparison }) => ({
      ...{ name: server.name, replicas: server.replicas, workload: workloadId, gain: comparison?.gain ?? null },
      configuration: server.configuration.ok ? server.configuration.value : null,
      problem: server.configuration.ok ? null : server.configuration.error,
      nearest: comparedJson(comparison?.nearest ?? null),
      best: comparedJson(comparison?.best ?? null),
    }));
    console.log(JSON.stringify({ revision, servers }, null, 2));
    return;
  }
  if (compared.length === 0)
    console.log("No Deployment, StatefulSet or LeaderWorkerSet starts a model server that is known.");
  for (const { server, workloadId, comparison } of compared) {
    const [first = "", ...lines] = runningLines(server, comparison, accelerators);
    console.log(`\n${first}${workloadId === null ? "" : ` Compared under ${workloadId}.`}`);
    for (const line of lines) console.log(`  ${line}`);
  }
}

function comparedJson(side: RunningComparison["best"]) {
  if (side === null) return null;
  const { curve, operatingPoint } = side.entry;
  return {
    configurationId: curve.configuration.configurationId,
    outputTokensPerSecond: operatingPoint.outputTokensPerSecond,
    kind: operatingPoint.kind,
    differences: side.differences,
  };
}

async function runningText(context: string | null, namespace: string | null): Promise<string> {
  const workloads = await askForWorkloads(context, namespace);
  if (!workloads.ok) throw new RefusedError(workloads.error);
  const asked = await askCluster(context);
  if (!asked.ok) throw new RefusedError(asked.error);
  return `${asked.value.text}\n${workloads.value}`;
}

/** The text of a file, or of standard input for `-`. */
export function fileText(named: string): string {
  return named === "-" ? readFileSync(0, "utf8") : readFileSync(resolveNamed(named), "utf8");
}

async function inspectAction(options: InspectOptions): Promise<void> {
  const { text, asked, problems } = await clusterText(options);
  const read = readKubectlText(text);
  if (!read.ok) throw new RefusedError(read.error);
  const db = await database();
  const revision = (await getCurrentRevision(db)).id;
  const facts = clusterFacts(read.value, namerOf(await listAccelerators(db, revision)), asked);
  const inspection = inspectCluster(facts, PLATFORM_IDS);
  const proposed = askedFor(inspection.options);
  const check = options.configuration === undefined ? null : await checkOf(options, options.configuration);
  if (options.json === true) {
    const { known, ...rest } = facts;
    const { stock, options: answers } = inspection;
    console.log(
      JSON.stringify(
        { ...rest, known: [...known], stock, options: answers, check, problems: [...problems, ...facts.problems] },
        null,
        2,
      ),
    );
    return;
  }
  print([...inspectionParts(inspection), ...(check === null ? [] : bundleCheckParts(check, facts.nodes.length))]);
  for (const problem of problems) console.log(problem);
  console.log(`\nFor rank:      ${inspection.stock.map((item) => `--have ${formatStockItem(item)}`).join(" ")}`);
  console.log(
    `For manifests: ${inspection.options.map((option) => `${flagOf(option)} ${optionValueText(option)}`).join(" ")}`,
  );

  async function checkOf(given: InspectOptions, configurationId: string) {
    const choice = await getChoice(db, revision, {
      configurationId,
      workloadId: given.workload ?? null,
      question: questionFrom(given),
      options: proposed,
    });
    if (!choice.ok) throw new RefusedError(choice.error);
    const bundle = manifestBundle(choice.value.choice);
    if (!bundle.ok) throw new RefusedError(bundle.error);
    return checkBundle(manifestObjects(bundle.value.yaml), facts);
  }
}

async function clusterText({
  file,
  context,
}: InspectOptions): Promise<{ text: string; asked: InspectedKind[]; problems: string[] }> {
  if (file !== undefined) return { text: fileText(file), asked: [], problems: [] };
  const asked = await askCluster(context ?? null);
  if (!asked.ok) throw new RefusedError(asked.error);
  return asked.value;
}

function flagOf({ option }: ProposedOption): string {
  return OPTION_PARAMS.find((item) => item.option === option)?.flag ?? option;
}

function print(parts: readonly InspectionPart[]): void {
  for (const { title, lines } of parts) {
    console.log(`\n${title}`);
    for (const line of lines) console.log(`  ${line}`);
  }
}
