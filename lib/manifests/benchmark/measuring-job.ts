import { createHash } from "node:crypto";
import type { V1ConfigMap, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { Accelerator, Model } from "../../catalogue/catalogue";
import type { Workload } from "../../domain";
import { IN_CLUSTER_SOURCE_NAME } from "../../ingest/facts/facts";
import type { GivenFacts } from "../../ingest/report";
import { ok, type Result, refused } from "../../result";
import { slug } from "../objects/kubernetes-names";
import { commented } from "../write/commented";
import { serialize, yamlText } from "../write/yaml-serializer";
import {
  type BenchmarkData,
  benchmarkData,
  DEFAULT_WORKER_CONCURRENCY,
  INTERVAL_SECONDS,
  type InferencePerfFile,
  RESULTS_PATH,
  WORKERS,
} from "./config";
import { BENCHMARK_USER, jobOf } from "./job";
import { reportUrl, sideFile } from "./report";
import { PRINT_SCRIPT, PUSH_SCRIPT, RUN_SCRIPT } from "./scripts";

/** What nobody measured yet, and where a server of it answers. */
export interface Unmeasured {
  model: Pick<Model, "id" | "gated">;
  accelerator: Pick<Accelerator, "id" | "name">;
  acceleratorCount: number;
  workload: Workload;
  /** Kubernetes Service of a server that speaks OpenAI's protocol. */
  service: string;
  port: number;
  /** Absolute address of this server; `""` where it is not known. */
  address: string;
}

/** Loads of a sweep, in flight: neighbours half as far apart as interpolation is good for. */
const LEVELS = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;
/** A 99th percentile needs a hundred requests; ten rounds of a closed loop fill it up and drain it. */
const MINIMUM_REQUESTS = 100;
const ROUNDS = 10;
/** Nobody knows how long a request takes there. */
const DEADLINE_SECONDS = 6 * 3600;

function requestsAt(level: number): number {
  return Math.max(MINIMUM_REQUESTS, level * ROUNDS);
}

function configOf({ model, service, port }: Unmeasured, data: BenchmarkData): string {
  const config: InferencePerfFile = {
    api: commented({ type: "completion", streaming: true }, { streaming: "without it there is no TTFT and no TPOT" }),
    server: commented(
      { type: "vllm", model_name: model.id, base_url: `http://${service}:${port}`, ignore_eos: true },
      {
        type: "any server that speaks OpenAI's protocol",
        model_name: "the name the server was given; change it where that is another",
        ignore_eos: "every answer as long as asked for, as benchmarks measure",
      },
    ),
    tokenizer: { pretrained_model_name_or_path: model.id },
    data: data.data,
    load: commented(
      {
        type: "concurrent",
        interval: INTERVAL_SECONDS,
        num_workers: WORKERS,
        worker_max_concurrency: DEFAULT_WORKER_CONCURRENCY,
        stages: LEVELS.map((level) => ({ num_requests: requestsAt(level), concurrency_level: level })),
      },
      { stages: "requests in flight from 1 to 256, each twice the one before: a whole load curve" },
    ),
    report: { request_lifecycle: { summary: true, per_stage: true, per_request: false } },
    storage: { local_storage: { path: `${RESULTS_PATH}/reports-{timestamp}` } },
  };
  return yamlText(commented(config, { data: data.comment }));
}

/** What the report does not say. The server's facts are the reader's to add. */
function factsOf({ model, accelerator, acceleratorCount, workload }: Unmeasured, isSame: boolean): GivenFacts {
  const { dataset, inputTokens, outputTokens } = workload;
  const same = isSame && dataset !== null && inputTokens !== null && outputTokens !== null;
  return {
    model: model.id,
    accelerator: accelerator.id,
    acceleratorCount,
    sourceName: IN_CLUSTER_SOURCE_NAME,
    ...(same ? { dataset, inputTokens, outputTokens, workloadId: workload.workloadId } : {}),
  };
}

const SERVICE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const HASH_CHARACTERS = 8;

/**
 * The Job that measures a model on an accelerator nobody measured it on: a sweep of loads against a running server, whose report
 * comes back here. Refused, with the reason, where the workload cannot be repeated or the Service's name is none.
 */
export function measuringJob(asked: Unmeasured): Result<{ name: string; yaml: string }> {
  if (!SERVICE_NAME.test(asked.service)) return refused(`“${asked.service}” is no name of a Service.`);
  const requests = LEVELS.reduce((sum, level) => sum + requestsAt(level), 0);
  const { workload } = asked;
  const data = benchmarkData({ choice: { workload } }, requests);
  if (!data.ok) return data;
  const facts = factsOf(asked, data.value.sameWorkload);
  const url = reportUrl(asked.address === "" ? null : `${asked.address}/`, facts);
  const { model, accelerator, acceleratorCount } = asked;
  const hash = createHash("sha256")
    .update(JSON.stringify([model.id, accelerator.id, acceleratorCount, workload.workloadId, asked.service]))
    .digest("hex")
    .slice(0, HASH_CHARACTERS);
  const name = `measure-${slug(model.id.split("/").at(-1) ?? "", 26) || "model"}-${slug(accelerator.id, 14)}-${hash}`;
  const labels = {
    "app.kubernetes.io/name": "inference-perf",
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/component": "benchmark",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
  const config: V1ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, labels },
    data: {
      "config.yml": configOf(asked, data.value),
      "run.sh": RUN_SCRIPT,
      "report.sh": url === null ? PRINT_SCRIPT : PUSH_SCRIPT,
      ...(url === null ? { "iq.yaml": sideFile(facts) } : {}),
    },
  };
  const claim: V1PersistentVolumeClaim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, labels },
    spec: commented(
      { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      { accessModes: "reports outlive the pod; a run takes less than a MiB" },
    ),
  };
  const job = jobOf(
    {
      ...{ name, labels },
      user: BENCHMARK_USER,
      host: asked.service,
      pods: 1,
      podsReason: "one server is measured",
      port: asked.port,
      isTokenOptional: model.gated !== true,
      deadline: { seconds: DEADLINE_SECONDS, reason: "nobody knows yet how long a request takes there" },
    },
    url,
  );
  const back =
    url === null
      ? `When it has ended: kubectl logs job/${name} -c report | base64 -d > ${name}.tar.gz, and add that file on the page Add reports, which asks for server, version and precision, or with iq ingest.`
      : "Its report comes back here by itself. What the server is counts as not known unless it is added to REPORT_URL: &server=vllm&server_version=0.23.0&precision=fp8.";
  const header = [
    `Measures ${model.id} on ${acceleratorCount} × ${accelerator.name}, which nobody did yet: requests in flight from 1 to 256.`,
    `Before: start a server of it on ${acceleratorCount} × ${accelerator.name} behind the Service ${asked.service}, port ${asked.port}.`,
    ...data.value.notes,
    back,
  ];
  return ok({ name, yaml: serialize([config, claim, job], header.join("\n")) });
}
