import type { Workload } from "../domain";
import { effectiveWorkloadId } from "../measurement/identity";
import {
  numberParam,
  type Param,
  type ParamProblem,
  type ParamTable,
  rawParams,
  readParams,
  textParam,
  withDefault,
} from "../params/param";
import { WORKLOAD_PARAMS, type WorkloadValues } from "../params/workload-params";
import { ok, type Result, refused } from "../result";
import { refusedParam } from "./known-params";

/** Which Job an address asks for. */
export interface MeasuringRequest {
  model: string;
  /** As the reader names it: an id, a name or an alias. */
  accelerator: string;
  acceleratorCount: number;
  workload: Workload;
  service: string;
  port: number;
}

interface MeasuringValues {
  model: string | null;
  accelerator: string | null;
  acceleratorCount: number;
  dataset: string;
  lengths: WorkloadValues["lengths"];
  service: string;
  port: number;
}

/** Service and port a server of one's own is taken to stand behind. */
const DEFAULT_SERVICE = "model-server";
const DEFAULT_PORT = 8000;

const MEASURING_PARAMS: ParamTable<MeasuringValues> = {
  model: textParam("model"),
  accelerator: textParam("accelerator"),
  acceleratorCount: withDefault(numberParam("accelerators", { min: 1, max: 100_000, whole: true }), 1),
  dataset: withDefault(textParam("dataset"), "random"),
  lengths: WORKLOAD_PARAMS.lengths as Param<WorkloadValues["lengths"]>,
  service: withDefault(textParam("service"), DEFAULT_SERVICE),
  port: withDefault(numberParam("port", { min: 1, max: 65_535, whole: true }), DEFAULT_PORT),
};

function problemOf({ parameter, value, expected }: ParamProblem): string {
  return `${parameter}=${value.slice(0, 200)}: expected ${expected}`;
}

/** Reads which measuring Job an address asks for, or what was expected instead. */
export function parseMeasuringRequest(params: URLSearchParams): Result<MeasuringRequest> {
  const names = Object.values(MEASURING_PARAMS).map(({ name }: { name: string }) => name);
  const wrongName = refusedParam(params, names, []);
  if (wrongName !== null) return refused(wrongName);
  const { values, problems } = readParams(MEASURING_PARAMS, rawParams(params));
  const [problem] = problems;
  if (problem !== undefined) return refused(problemOf(problem));
  const { model, accelerator, acceleratorCount, dataset, lengths, service, port } = values;
  if (model === null) return refused("model is missing: a Hugging Face id");
  if (accelerator === null) return refused("accelerator is missing: an id, a name or an alias of the catalogue");
  if (lengths === null && dataset !== "sharegpt")
    return refused("lengths is missing: INPUT:OUTPUT in tokens, e.g. 1024:1024");
  const facts = { dataset, inputTokens: lengths?.inputTokens ?? null, outputTokens: lengths?.outputTokens ?? null };
  const workload = { ...facts, workloadId: effectiveWorkloadId({ ...facts, workloadId: null }) };
  return ok({ model, accelerator, acceleratorCount, workload, service, port });
}
