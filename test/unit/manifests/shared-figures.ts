import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import type { Accelerator, Model } from "../../../lib/domain";
import type { Choice } from "../../../lib/manifests/plan/choice";
import type { LatencyStatistics } from "../../../lib/measurement/latency";
import { choice, withHardware } from "./choice";

/** Reference material beside this checkout, where there is some. */
export const SHARED = path.resolve(import.meta.dirname, "../../../../shared");
const VALIDATOR_PATH = path.join(SHARED, "manifests/validate.mjs");
export const hasValidator = existsSync(VALIDATOR_PATH);
/** Resolved: started through a symbolic link, it would take itself for an imported module and do nothing. */
export const VALIDATOR = hasValidator ? realpathSync(VALIDATOR_PATH) : VALIDATOR_PATH;
export const hasFigures = hasValidator && existsSync(path.join(SHARED, "data/points.csv"));

type Row = Record<string, string>;

function rows(file: string): Row[] {
  return parse(readFileSync(path.join(SHARED, "data", file), "utf8"), { columns: true });
}

function text(row: Row, key: string): string | null {
  const value = row[key];
  return value === undefined || value === "" ? null : value;
}

function number(row: Row, key: string): number | null {
  const value = text(row, key);
  return value === null ? null : Number(value);
}

/** Every accelerator of the public catalogue. */
export function accelerators(): Accelerator[] {
  return rows("accelerators.csv").map((row) =>
    withHardware({
      id: row.id ?? "",
      name: row.name ?? "",
      shortName: row.id ?? "",
      vendor: row.vendor ?? "",
      memoryGib: number(row, "memory_gib"),
      memoryBandwidthGbPerSecond: number(row, "memory_bw_gb_s"),
      bf16Tflops: null,
      fp8Tflops: null,
      fp4Tflops: null,
      tdpWatts: null,
      interconnect: null,
      kubernetesResource: text(row, "kubernetes_resource"),
      gkeNodeLabel: text(row, "gke_node_label"),
      gkeAcceleratorLabel: text(row, "gke_accelerator_label"),
      aliases: [],
      source: row.source ?? "",
      notes: null,
    }),
  );
}

function models(): Map<string, Model> {
  const all = rows("models.csv").map((row): [string, Model] => [
    row.hf_id ?? "",
    {
      id: row.hf_id ?? "",
      displayName: row.display_name ?? "",
      family: text(row, "family"),
      totalParametersBillions: number(row, "total_params_b"),
      activeParametersBillions: number(row, "active_params_b"),
      contextLengthTokens: number(row, "context_length"),
      weightsPrecision: text(row, "weights_precision"),
      weightBytes: number(row, "approx_weight_bytes"),
      quantisedCheckpoints: [],
      licence: text(row, "license"),
      gated: row.gated === "yes" ? true : row.gated === "no" ? false : null,
      source: row.source ?? "",
    },
  ]);
  return new Map(all);
}

function latency(row: Row, metric: string): LatencyStatistics | null {
  const values: LatencyStatistics = {
    mean: number(row, `${metric}_ms_mean`),
    p50: number(row, `${metric}_ms_p50`),
    p90: number(row, `${metric}_ms_p90`),
    p95: number(row, `${metric}_ms_p95`),
    p99: number(row, `${metric}_ms_p99`),
  };
  return Object.values(values).some((value) => value !== null) ? values : null;
}

const FACTS = [
  "model_id",
  "checkpoint_id",
  "accelerator_id",
  "accelerator_count",
  "nodes",
  "server",
  "server_version",
  "precision",
  "parallelism",
  "tp",
  "pp",
  "dp",
  "ep",
  "speculative",
  "serving_mode",
];

/** One choice, at its last load, for each public configuration measured with vLLM on an NVIDIA GPU or a Cloud TPU. */
export function vllmChoices(): { label: string; choice: Choice }[] {
  const catalogue = new Map(accelerators().map((accelerator) => [accelerator.id, accelerator]));
  const modelById = models();
  const last = new Map<string, Row>();
  for (const row of rows("points.csv")) {
    const vendor = catalogue.get(row.accelerator_id ?? "")?.vendor;
    if (row.server !== "vllm" || (vendor !== "NVIDIA" && vendor !== "Google")) continue;
    last.set(FACTS.map((fact) => row[fact]).join("|"), row);
  }
  return [...last].map(([label, row]) => {
    const accelerator = catalogue.get(row.accelerator_id ?? "");
    return {
      label,
      choice: choice({
        accelerator: accelerator ?? {},
        model: modelById.get(row.model_id ?? "") ?? null,
        configuration: {
          configurationId: label,
          model: row.model_id ?? "",
          checkpoint: text(row, "checkpoint_id"),
          acceleratorCount: number(row, "accelerator_count") ?? 0,
          nodes: number(row, "nodes"),
          serverVersion: text(row, "server_version"),
          precision: text(row, "precision"),
          speculative: text(row, "speculative"),
          servingMode: row.serving_mode === "disaggregated" ? "disaggregated" : "aggregated",
        },
        parallelism: {
          label: text(row, "parallelism"),
          tensor: number(row, "tp"),
          pipeline: number(row, "pp"),
          data: number(row, "dp"),
          expert: number(row, "ep"),
        },
        operatingPoint: {
          loadKind: row.load_kind === "concurrency" || row.load_kind === "request_rate" ? row.load_kind : "max",
          loadValue: number(row, "load_value"),
          ttftMs: latency(row, "ttft"),
          tpotMs: latency(row, "tpot"),
          itlMs: latency(row, "itl"),
          e2eMs: latency(row, "e2e"),
        },
        options: { platform: accelerator?.vendor === "Google" ? "gke" : "generic" },
        choice: {
          workload: {
            workloadId: row.workload_id ?? "",
            dataset: text(row, "dataset"),
            inputTokens: number(row, "input_tokens_mean"),
            outputTokens: number(row, "output_tokens_mean"),
          },
        },
      }),
    };
  });
}
