import path from "node:path";
import type { Command } from "commander";
import { database } from "../../db/client";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { parseMeasuringRequest } from "../../lib/api/measuring-request";
import type { AskedOptions } from "../../lib/manifests/options/manifest-options";
import { optionHelpText } from "../../lib/manifests/options/option-labels";
import { isSwitch, OPTION_PARAMS, parseOptionParams } from "../../lib/manifests/options/option-params";
import { MANIFEST_OUTPUTS, type ManifestOutput, manifestOutput } from "../../lib/manifests/write/manifest-output";
import type { RawParams } from "../../lib/params/param";
import { getChoice } from "../../server/pages/get-choice";
import { getMeasuringJob } from "../../server/pages/get-measuring-job";
import { questionFrom, withQuestionOptions } from "./question-options";
import { saveFile } from "./save-file";
import { RefusedError, UsageError } from "./usage-error";

interface ManifestOptions {
  configuration: string;
  workload?: string;
  output: string;
  git?: string;
  /** Of `-o`. */
  into?: string;
  [option: string]: unknown;
}

const OUTPUT_HELP = `
--output
  yaml                  One YAML; without -o to standard output
  shared                What the choice needs that is one for its cluster (StorageClass, GatewayClass)
  kustomize             A Kustomize tree with an overlay for each platform; -o FOLDER
  zip                   The tree with the YAML beside it; -o FOLDER or -o FILE.zip
  helm-values           Values of llm-d's router chart; a gateway, and Helm 3.8 or later
  helm-objects          Every object the chart does not bring; goes with helm-values
  inference-service     KServe's InferenceService around the same pod
  llm-inference-service KServe's LLMInferenceService, with its router where a gateway is chosen; vLLM
  production-stack      Values for the chart of vLLM's production stack; vLLM
  argocd                An Argo CD Application that keeps the manifest from its address; --git
  flux                  The same for Flux: GitRepository and Kustomization; --git
  node-pool             The machines: the node pool as gcloud, eksctl or az make it
  terraform             The machines: the node pool as Terraform
  docker                One replica on one machine: a shell script with docker run
  compose               The same as a compose file
  command               The same as the server's own command
`;

/** `iq manifests create --configuration ID …` and `iq manifests measure --model M --accelerator A …` */
export function addManifestsCommand(program: Command): void {
  const manifests = program.command("manifests").description("Kubernetes manifests of a configuration.");
  manifests
    .command("measure")
    .description("Print the Job that measures a model on an accelerator against a running server.")
    .requiredOption("--model <id>", "Hugging Face id of the model")
    .requiredOption("--accelerator <name>", "id, name or alias of the accelerator")
    .option("--accelerators <n>", "accelerators of the server", "1")
    .option("--lengths <input:output>", "tokens of a request", "1024:1024")
    .option("--service <name>", "Service the server stands behind", "model-server")
    .option("--port <n>", "its port", "8000")
    .action(measure);
  const command = manifests
    .command("create")
    .description("Write the manifests of a configuration at its operating point.")
    .requiredOption("--configuration <id>", "configuration, as rank names it")
    .option("--workload <id>", "workload; otherwise the one this configuration has most data for");
  withQuestionOptions(command);
  for (const { flag, values, help, option } of OPTION_PARAMS) {
    const isFlag = isSwitch(option);
    const text = isFlag || values === null ? help : `${help}: ${values.join(", ")}`;
    command.option(isFlag ? flag : `${flag} <${values === null ? "text" : "name"}>`, text);
  }
  command.addHelpText(
    "after",
    `${optionHelpText((option) => OPTION_PARAMS.find((item) => item.option === option)?.flag ?? option)}
${OUTPUT_HELP}
Options that do not fit together end with status 1 and the reason.`,
  );
  command
    .option("--output <form>", MANIFEST_OUTPUTS.join(", "), "yaml")
    .option("--git <address>", "for argocd and flux: the Git repository whose folder holds the manifest's address")
    .option(
      "-o, --into <path>",
      "a folder to write into; for a zip also a file that ends in .zip; - is standard output",
    )
    .action(createManifests);
}

/** The options as typed, through the same reader as an address. */
function askedOptions(options: ManifestOptions): AskedOptions {
  const raw: RawParams = {};
  for (const { option, param } of OPTION_PARAMS) {
    const value = options[option];
    if (typeof value === "string") raw[param] = value;
    else if (value === true) raw[param] = "1";
  }
  const { asked, problems } = parseOptionParams(raw);
  const [problem] = problems;
  if (problem === undefined) return asked;
  const flag = OPTION_PARAMS.find((item) => item.param === problem.parameter)?.flag ?? problem.parameter;
  throw new UsageError(`${flag} ${problem.value}: expected ${problem.expected}.`);
}

/** Writes what was made below a folder, or a zip as the file it names; says where. */
function write(made: ManifestOutput, into: string): string[] {
  switch (made.kind) {
    case "text":
      return [saveFile(path.join(into, made.file), made.text)];
    case "zip":
      return [saveFile(into.endsWith(".zip") ? into : path.join(into, `${made.name}.zip`), made.bytes)];
    case "kustomize":
      return made.files.map((file) => saveFile(path.join(into, ...file.path.split("/")), file.text));
  }
}

async function createManifests(options: ManifestOptions): Promise<void> {
  const output = MANIFEST_OUTPUTS.find((form) => form === options.output);
  if (output === undefined) {
    throw new UsageError(`--output ${options.output}: expected one of ${MANIFEST_OUTPUTS.join(", ")}.`);
  }
  if (options.into === "") throw new UsageError("-o: expected a path, or - for standard output.");
  const into = options.into === "-" ? undefined : options.into;
  if ((output === "kustomize" || output === "zip") && into === undefined) {
    throw new UsageError(`--output ${output} needs -o PATH: only a single text can go to standard output.`);
  }
  const asked = askedOptions(options);
  const db = await database();
  const revision = (await getCurrentRevision(db)).id;
  const answer = await getChoice(db, revision, {
    configurationId: options.configuration,
    workloadId: options.workload ?? null,
    question: questionFrom(options),
    options: asked,
  });
  if (!answer.ok) throw new RefusedError(answer.error);
  const made = manifestOutput(answer.value.choice, answer.value.asked, output, options.git ?? null);
  if (!made.ok) throw new RefusedError(made.error);

  if (into !== undefined) for (const file of write(made.value, into)) console.log(file);
  else if (made.value.kind === "text") process.stdout.write(made.value.text);
  for (const note of made.value.notes) console.error(`note: ${note}`);
}

async function measure(options: Record<string, string>): Promise<void> {
  const asked = parseMeasuringRequest(new URLSearchParams(options));
  if (!asked.ok) throw new UsageError(asked.error);
  const made = await getMeasuringJob(await database(), asked.value);
  if (!made.ok) throw new RefusedError(made.error);
  process.stdout.write(made.value.yaml);
}
