import type { Command } from "commander";
import { database } from "../../db/client";
import { getConfiguration } from "../../db/queries/get-configuration";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { type ObservedFacts, type ObservedLoad, observedLoad, windowEnds } from "../../lib/cluster/observed-load";
import { isSelector, OBSERVED_SERVERS, observedQueries } from "../../lib/cluster/observed-queries";
import type { Configuration } from "../../lib/domain";
import { configurationCells, figuresHeaderLine, figuresRowLine } from "../../lib/export/figures-csv-write";
import { plural } from "../../lib/format";
import { askPrometheus, MAX_WINDOWS } from "../../server/cluster/ask-prometheus";
import { memorySource } from "../../server/intake/byte-source";
import { ingestFiles } from "../../server/intake/ingest-files";
import { positiveInteger } from "./parse-options";
import { saveFile } from "./save-file";
import { RefusedError, UsageError } from "./usage-error";

interface ObserveOptions {
  prometheus: string;
  selector: string;
  server?: string;
  configuration?: string;
  workload?: string;
  sourceName: string;
  from: string;
  to: string;
  window: number;
  store?: boolean;
  into?: string;
}

const DEFAULT_WINDOW_S = 600;

/** `iq cluster observe …` */
export function addObserveCommand(cluster: Command): void {
  cluster
    .command("observe")
    .description("Load points of servers in use, from the metrics their Prometheus keeps: windows of steady load.")
    .requiredOption("--prometheus <url>", "address of the Prometheus; a token for it in IQ_PROMETHEUS_TOKEN")
    .option("--selector <matchers>", `the servers' series, e.g. '{namespace="llm"}'; otherwise all`, "")
    .option("--server <name>", `${OBSERVED_SERVERS.join(", ")}; otherwise that of --configuration`)
    .option("--configuration <id>", "what runs there, as rank names it: its facts stand in every row")
    .option("--workload <name>", "name of the workload; otherwise production")
    .option("--source-name <name>", "name of the source", "production")
    .option("--from <time>", "from when on: 2026-11-30T08:00Z, or so long ago: 24h", "24h")
    .option("--to <time>", "until when: likewise, or now", "now")
    .option("--window <seconds>", "length of a window", positiveInteger, DEFAULT_WINDOW_S)
    .option("--store", "store the load points; needs --configuration")
    .option("-o, --into <file>", "write them there as a figures CSV instead of printing it")
    .action(observe);
}

/** `24h`, `90m`, `now`, or a date and time, as seconds since 1970. */
function momentOf(text: string, flag: string, now: number): number {
  if (text === "now") return now;
  const ago = /^(\d{1,6})(m|h|d)$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * ({ m: 60, h: 3600, d: 86_400 }[ago[2] ?? ""] ?? 0);
  const moment = Date.parse(text);
  if (Number.isNaN(moment))
    throw new UsageError(`${flag} ${text}: expected a date and time such as 2026-11-30T08:00Z, or 24h.`);
  return Math.floor(moment / 1000);
}

async function observe(options: ObserveOptions): Promise<void> {
  const { prometheus, selector, window: seconds } = options;
  if (!/^https?:\/\/\S+$/.test(prometheus)) {
    throw new UsageError(`--prometheus ${prometheus}: expected an address such as http://prometheus:9090.`);
  }
  if (!isSelector(selector)) {
    throw new UsageError(`--selector ${selector}: expected matchers in braces, such as {namespace="llm"}.`);
  }
  if (options.store === true && options.configuration === undefined) {
    throw new UsageError(
      "--store needs --configuration ID: without it nobody knows what was observed. Or write it with -o and ingest that with its facts.",
    );
  }
  const configuration = options.configuration === undefined ? null : await configurationNamed(options.configuration);
  const server = options.server ?? configuration?.server ?? null;
  if (server === null) throw new UsageError(`Give --server (${OBSERVED_SERVERS.join(", ")}) or --configuration.`);
  const now = Math.floor(Date.now() / 1000);
  const ends = windowEnds(momentOf(options.from, "--from", now), momentOf(options.to, "--to", now), seconds);
  if (ends.length === 0) throw new UsageError("There is no whole window between --from and --to.");
  if (ends.length > MAX_WINDOWS) {
    throw new UsageError(
      `These are ${ends.length} windows; Prometheus answers ${MAX_WINDOWS} at once: take a longer --window or a later --from.`,
    );
  }
  const queries = observedQueries(server, selector, seconds);
  if (Object.keys(queries).length === 0) {
    throw new RefusedError(
      `The metrics of ${server} are not known; known are those of ${OBSERVED_SERVERS.join(", ")}.`,
    );
  }
  const series = await askPrometheus(prometheus, queries, { ends, seconds }, process.env.IQ_PROMETHEUS_TOKEN ?? null);
  if (!series.ok) throw new RefusedError(series.error);
  const facts: ObservedFacts = {
    ...(configuration === null ? { server } : configurationCells(configuration)),
    source_name: options.sourceName,
    source_ref: selector === "" ? "all series" : selector,
    series: selector === "" ? "all" : selector,
    workload: options.workload ?? "production",
  };
  const observed = observedLoad(series.value, { ends, seconds }, facts);
  await give(observed, options);
}

async function configurationNamed(id: string): Promise<Configuration> {
  const db = await database();
  const revision = (await getCurrentRevision(db)).id;
  const found = await getConfiguration(db, revision, id);
  if (found === null) throw new RefusedError(`There is no configuration ${id} in dataset revision ${revision}.`);
  return found;
}

async function give({ rows, leftOut }: ObservedLoad, options: ObserveOptions): Promise<void> {
  for (const { reason, windows } of leftOut) console.error(`${plural(windows, "window")} left out: ${reason}.`);
  if (rows.length === 0) {
    throw new RefusedError(
      "No window of steady load was found: check --selector, --from and --to, or take a shorter --window.",
    );
  }
  const text = figuresHeaderLine + rows.map(figuresRowLine).join("");
  if (options.store === true) {
    const outcome = await ingestFiles(
      await database(),
      [{ path: "observed.csv", named: true, source: memorySource(Buffer.from(text)) }],
      {
        given: {},
        way: "cli",
        reason: `observe ${options.prometheus} ${options.selector}`.trim(),
        dryRun: false,
        now: new Date(),
      },
    );
    for (const { message } of outcome.problems) console.error(`refused: ${message}`);
    if (outcome.problems.length > 0) throw new RefusedError("Nothing was stored.");
    console.log(
      `Stored ${plural(outcome.loadPoints, "load point")} as dataset revision ${outcome.revision}; ${outcome.duplicates} were there already.`,
    );
  } else if (options.into !== undefined) console.log(saveFile(options.into, text));
  else process.stdout.write(text);
}
