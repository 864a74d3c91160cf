import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { database } from "../../db/client";
import { getChoice } from "../../db/queries/get-choice";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { optionHelpText } from "../../lib/manifests/option-labels";
import { OPTION_PARAMS, parseOptionParams } from "../../lib/manifests/option-params";
import type { AskedOptions } from "../../lib/manifests/options";
import { MANIFEST_OUTPUTS, type ManifestOutput, manifestOutput } from "../../lib/manifests/output";
import type { RawParams } from "../../lib/search-params";
import { type QuestionOptions, questionFrom, withQuestionOptions } from "./question-options";
import { RefusedError, UsageError } from "./usage-error";

interface ManifestOptions extends QuestionOptions {
  configuration: string;
  workload?: string;
  output: string;
  /** Of `-o`. */
  into?: string;
  [option: string]: unknown;
}

/** `iq manifests create --configuration ID …` */
export function addManifestsCommand(program: Command): void {
  const command = program
    .command("manifests")
    .description("Kubernetes manifests of a configuration.")
    .command("create")
    .description("Write the manifests of a configuration at its operating point.")
    .requiredOption("--configuration <id>", "configuration, as rank names it")
    .option("--workload <id>", "workload; otherwise the one this configuration has most data for");
  withQuestionOptions(command);
  for (const { flag, values, help, option } of OPTION_PARAMS) {
    const isSwitch = option === "benchmarkJob" || option === "networkPolicy";
    const text = isSwitch || values === null ? help : `${help}: ${values.join(", ")}`;
    command.option(isSwitch ? flag : `${flag} <${values === null ? "text" : "name"}>`, text);
  }
  command.addHelpText(
    "after",
    optionHelpText((option) => OPTION_PARAMS.find((item) => item.option === option)?.flag ?? option),
  );
  command
    .option(
      "--output <form>",
      `${MANIFEST_OUTPUTS.join(", ")}: one YAML, a Kustomize tree, both in a zip, or, with a gateway, the values of llm-d's router chart and the objects beside it`,
      "yaml",
    )
    .option("-o, --into <path>", "a folder to write into; for a zip also a file that ends in .zip")
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
function write(made: Exclude<ManifestOutput, { kind: "refused" }>, into: string): string[] {
  const save = (file: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  switch (made.kind) {
    case "text":
      return [save(path.join(into, made.file), made.text)];
    case "zip":
      return [save(into.endsWith(".zip") ? into : path.join(into, `${made.name}.zip`), made.bytes)];
    case "kustomize":
      return made.files.map((file) => save(path.join(into, ...file.path.split("/")), file.text));
  }
}

async function createManifests(options: ManifestOptions): Promise<void> {
  const output = MANIFEST_OUTPUTS.find((form) => form === options.output);
  if (output === undefined) {
    throw new UsageError(`--output ${options.output}: expected one of ${MANIFEST_OUTPUTS.join(", ")}.`);
  }
  if ((output === "kustomize" || output === "zip") && options.into === undefined) {
    throw new UsageError(`--output ${output} needs -o PATH: only a single text can go to standard output.`);
  }
  const asked = askedOptions(options);
  const db = database();
  const revision = (await getCurrentRevision(db)).id;
  const answer = await getChoice(db, revision, {
    configurationId: options.configuration,
    workloadId: options.workload ?? null,
    question: questionFrom(options),
    options: asked,
  });
  if (answer.kind === "refused") throw new RefusedError(answer.reason);
  const made = manifestOutput(answer.choice, asked, output);
  if (made.kind === "refused") throw new RefusedError(made.reason);

  if (options.into !== undefined) for (const file of write(made, options.into)) console.log(file);
  else if (made.kind === "text") process.stdout.write(made.text);
  for (const note of made.notes) console.error(`note: ${note}`);
}
