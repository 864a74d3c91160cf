import { formatCount } from "../../format";
import { ok, type Result, refused } from "../../result";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { yamlText } from "../write/yaml-serializer";
import { type BenchmarkLoad, loadText, type Stage } from "./load";

interface Distribution {
  type: "fixed";
  min: number;
  max: number;
  mean: number;
  std_dev: number;
  total_count: number;
}

/** inference-perf v0.6.1, as far as it is written here. */
export interface InferencePerfFile {
  api: { type: "completion"; streaming: boolean };
  server: { type: "vllm" | "sglang"; model_name: string; base_url: string; ignore_eos: boolean };
  tokenizer: { pretrained_model_name_or_path: string; trust_remote_code?: boolean };
  data:
    | { type: "random" | "synthetic"; input_distribution: Distribution; output_distribution: Distribution }
    | { type: "shareGPT" };
  load: {
    type: BenchmarkLoad["type"];
    interval: number;
    num_workers: number;
    worker_max_concurrency: number;
    stages: Stage[];
  };
  report: { request_lifecycle: { summary: boolean; per_stage: boolean; per_request: boolean } };
  storage: { local_storage: { path: string } };
}

/** Prompts of a benchmark, and how near they come to what was measured. */
export interface BenchmarkData {
  data: InferencePerfFile["data"];
  comment: string;
  /** True where the same workload is asked for again, so that the report counts as one of it. */
  sameWorkload: boolean;
  notes: string[];
}

export const RESULTS_PATH = "/results";
/** Processes that send requests; as many cores are asked for. */
export const WORKERS = 4;
export const DEFAULT_WORKER_CONCURRENCY = 100;
/** Between stages, for what is still in flight. */
export const INTERVAL_SECONDS = 15;

/** Data sets whose requests all have one length, of random tokens. */
const RANDOM = new Set(["random", "offline-batch"]);

function fixed(tokens: number, requests: number): Distribution {
  const length = Math.max(1, Math.round(tokens));
  return { type: "fixed", min: length, max: length, mean: length, std_dev: 0, total_count: requests };
}

/** The workload as inference-perf can make it, or why it cannot. @param requests how many prompts are needed */
export function benchmarkData(
  { choice }: { choice: Pick<BundleContext["choice"], "workload"> },
  requests: number,
): Result<BenchmarkData> {
  const { workload } = choice;
  const { dataset, inputTokens, outputTokens } = workload;
  if (dataset === "sharegpt") {
    return ok({
      data: { type: "shareGPT" },
      comment: "as measured: first turns of ShareGPT, downloaded from Hugging Face, answers as long as there",
      sameWorkload: true,
      notes: [],
    });
  }
  if (dataset === "image" || dataset === "agentic") {
    return refused(
      `The workload ${workload.workloadId} is not one of single text prompts, which is what the benchmark Job sends: leave it out.`,
    );
  }
  if (inputTokens === null || outputTokens === null) {
    return refused(
      `The lengths of the workload ${workload.workloadId} are not known, so a benchmark Job cannot repeat it: leave it out.`,
    );
  }
  const lengths = `${formatCount(inputTokens)} input and ${formatCount(outputTokens)} output tokens`;
  const distributions = {
    input_distribution: fixed(inputTokens, requests),
    output_distribution: fixed(outputTokens, requests),
  };
  if (dataset === "synthetic" || (dataset !== null && RANDOM.has(dataset))) {
    const type = dataset === "synthetic" ? "synthetic" : "random";
    return ok({
      data: { type, ...distributions },
      comment: `as measured: ${lengths}, ${type === "random" ? "random tokens" : "synthetic text"}`,
      sameWorkload: dataset === type,
      notes: [],
    });
  }
  const name = dataset === null ? "an unknown data set" : dataset;
  return ok({
    data: { type: "random", ...distributions },
    comment: `the mean lengths that were measured: ${lengths}; the prompts of ${name} are not at hand`,
    sameWorkload: false,
    notes: [
      `The benchmark Job sends random tokens of the measured mean lengths in place of ${name}: requests that vary have longer tails than it will show, and its report counts as another workload.`,
    ],
  });
}

/** The configuration file. @param host Service the requests go to */
export function benchmarkConfig(
  context: BundleContext,
  load: BenchmarkLoad,
  data: BenchmarkData,
  host: string,
): string {
  const { server, choice } = context;
  const perWorker = Math.max(DEFAULT_WORKER_CONCURRENCY, Math.ceil(load.inFlight / WORKERS));
  const ownCode = server.arguments.some((argument) => argument.value === "--trust-remote-code");
  const config: InferencePerfFile = {
    api: commented({ type: "completion", streaming: true }, { streaming: "without it there is no TTFT and no TPOT" }),
    server: commented(
      {
        type: server.inferencePerfType,
        model_name: server.servedModel,
        base_url: `http://${host}:${server.port}`,
        ignore_eos: true,
      },
      { ignore_eos: "every answer as long as asked for, as benchmarks measure" },
    ),
    tokenizer: {
      pretrained_model_name_or_path: choice.configuration.checkpoint ?? choice.configuration.model,
      ...(ownCode ? { trust_remote_code: true } : {}),
    },
    data: data.data,
    load: commented(
      {
        type: load.type,
        interval: INTERVAL_SECONDS,
        num_workers: WORKERS,
        worker_max_concurrency: perWorker,
        stages: load.stages.map((stage, index) =>
          "rate" in stage
            ? commented(stage, { rate: load.reasons[index] })
            : commented(stage, { num_requests: load.reasons[index] }),
        ),
      },
      {
        stages: `around the operating point: ${loadText(context, load.deployments)}`,
        worker_max_concurrency: "for each worker; together more than will be in flight",
      },
    ),
    report: { request_lifecycle: { summary: true, per_stage: true, per_request: false } },
    storage: { local_storage: { path: `${RESULTS_PATH}/reports-{timestamp}` } },
  };
  return yamlText(commented(config, { data: data.comment }));
}
