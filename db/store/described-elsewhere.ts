import { inArray } from "drizzle-orm";
import type { Configuration, Workload } from "../../lib/domain";
import { configurationColumns } from "../columns";
import type { Database } from "../handle";
import { inChunks } from "../in-chunks";
import { configuration, run, workload } from "../schema";

/** What a stored run says it measured. */
export interface RunDescription {
  configuration: Configuration;
  workload: Workload;
}

/** What stored runs say they measured, by run id, of those asked for. */
export async function runDescriptions(db: Database, runIds: readonly string[]): Promise<Map<string, RunDescription>> {
  const runs = await inChunks([...new Set(runIds)], (some) =>
    db
      .select({ runId: run.runId, configurationId: run.configurationId, workloadId: run.workloadId })
      .from(run)
      .where(inArray(run.runId, some)),
  );
  const configurations = await inChunks(
    runs.map(({ configurationId }) => configurationId),
    (some) => db.select(configurationColumns).from(configuration).where(inArray(configuration.configurationId, some)),
  );
  const workloads = await inChunks(
    runs.map(({ workloadId }) => workloadId),
    (some) => db.select().from(workload).where(inArray(workload.workloadId, some)),
  );
  const configurationOf = new Map(configurations.map((row) => [row.configurationId, row]));
  const workloadOf = new Map(workloads.map((row) => [row.workloadId, row]));
  return new Map(
    runs.flatMap(({ runId, configurationId, workloadId }): [string, RunDescription][] => {
      const configured = configurationOf.get(configurationId);
      const asked = workloadOf.get(workloadId);
      return configured === undefined || asked === undefined
        ? []
        : [[runId, { configuration: configured, workload: asked }]];
    }),
  );
}

/** Facts named in a sentence about two descriptions of the same bytes. */
const FACTS_NAMED = 4;

/** The facts in which two descriptions differ, in words: `accelerator h100-sxm-80gb, not h200-sxm-141gb`; `""` = in none of them. */
export function differencesInWords(stored: RunDescription, read: RunDescription): string {
  const factsOf = ({ configuration, workload }: RunDescription): [string, unknown][] => {
    const { configurationId: _, parallelism, ...facts } = configuration;
    const { dataset, inputTokens, outputTokens } = workload;
    return [
      ...Object.entries(facts),
      ["parallelism", parallelism.label],
      ["dataset", dataset],
      ["inputTokens", inputTokens],
      ["outputTokens", outputTokens],
    ];
  };
  const now = new Map(factsOf(read));
  const differ = factsOf(stored).filter(([name, value]) => textOf(value) !== textOf(now.get(name)));
  const words = differ
    .slice(0, FACTS_NAMED)
    .map(([name, value]) => `${inWords(name)} ${textOf(value)}, not ${textOf(now.get(name))}`);
  return [...words, ...(differ.length > FACTS_NAMED ? [`${differ.length - FACTS_NAMED} more facts`] : [])].join("; ");
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "unknown";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `acceleratorCount` → `accelerator count`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
