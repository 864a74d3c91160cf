import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { database } from "../../db/client";
import { getChoice } from "../../db/queries/get-choice";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { manifestBundle } from "../../lib/manifests/bundle";
import { PLATFORM_IDS, type PlatformId } from "../../lib/manifests/platforms/all";
import { oneOf } from "./parse-options";
import { type QuestionOptions, questionFrom, withQuestionOptions } from "./question-options";
import { RefusedError } from "./usage-error";

interface ManifestOptions extends QuestionOptions {
  configuration: string;
  workload?: string;
  platform?: PlatformId;
  output?: string;
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
  withQuestionOptions(command)
    .option(
      "--platform <name>",
      `${PLATFORM_IDS.join(" or ")}; otherwise gke where the accelerator has a GKE node label, else generic`,
      oneOf(PLATFORM_IDS),
    )
    .option("-o, --output <folder>", "write <name>.yaml there instead of printing it")
    .action(createManifests);
}

async function createManifests(options: ManifestOptions): Promise<void> {
  const db = database();
  const revision = (await getCurrentRevision(db)).id;
  const answer = await getChoice(db, revision, {
    configurationId: options.configuration,
    workloadId: options.workload ?? null,
    question: questionFrom(options),
    platform: options.platform ?? null,
  });
  if (answer.kind === "refused") throw new RefusedError(answer.reason);
  const bundle = manifestBundle(answer.choice);
  if (bundle.kind === "refused") throw new RefusedError(bundle.reason);

  if (options.output === undefined) {
    process.stdout.write(bundle.yaml);
  } else {
    mkdirSync(options.output, { recursive: true });
    const file = path.join(options.output, `${bundle.name}.yaml`);
    writeFileSync(file, bundle.yaml);
    console.log(file);
  }
  for (const note of bundle.notes) console.error(`note: ${note}`);
}
