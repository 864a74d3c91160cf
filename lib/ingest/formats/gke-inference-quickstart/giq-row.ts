import { statisticsFrom } from "../../../measurement/latency";
import { measuresSomething } from "../../../measurement/measurement";
import { impossibleValue } from "../../../measurement/quality";
import { addFlag } from "../../../measurement/quality-flags";
import { ok, type Result, refused } from "../../../result";
import type { DraftRun } from "../../facts/draft-run";
import { emptyPoint, numberOf, positiveIntegerOf } from "../../parse/fields";
import { problem } from "../../problem";
import type { GivenFacts, Problem, ReadPoint } from "../../report";
import { acceleratorsOfInstance, type GiqField } from "./giq-columns";
import type { Extras } from "./giq-extras";

export const GIQ_FORMAT = "gke-inference-quickstart";

/** Google measured and publishes these, unless the person says otherwise. */
const GIQ_SOURCE_NAME = "gke-inference-quickstart";

/** What a row may say: the columns of the tables, and what only the API has. */
export type GiqValueName = GiqField | "inputTokensPerSecond" | "totalTokensPerSecond";

/** One row of a table or one set of figures of a profile, not yet judged. */
export interface GiqRow {
  location: string;
  /** Values as written; a field that is missing is not stated. */
  values: ReadonlyMap<GiqValueName, string | number>;
  extras: Extras;
  acceleratorCount: number | null;
  /** TPU topology, e.g. `2x4`. */
  topology: string | null;
  dataset: string | null;
  /** Location of a field, for problems. */
  locationOf(field: GiqField | null): string;
}

/**
 * A row as a run of one load point. The load itself is not published: the achieved queries/s stand in for it (flagged), and
 * where they are missing the load is unknown. The one number each latency has is taken for its mean (flagged: the source does
 * not name the statistic), and 0 for not measured.
 */
export function draftOfRow(file: string, row: GiqRow): Result<DraftRun, Problem[]> {
  const problems: Problem[] = [];
  const measured = (field: GiqValueName): number | null => {
    const raw = row.values.get(field);
    if (raw === undefined) return null;
    const value = numberOf(raw);
    const wrong = value === null ? "a number" : impossibleValue(value);
    if (wrong === null) return value === 0 ? null : value;
    const location = row.locationOf(
      field === "inputTokensPerSecond" || field === "totalTokensPerSecond" ? null : field,
    );
    problems.push(
      problem(file, location, raw, wrong, `${file}, ${location}: the value cannot be taken; expected ${wrong}.`),
    );
    return null;
  };
  const latency = (field: "ntpotMs" | "ttftMs" | "itlMs") => {
    const mean = measured(field);
    return statisticsFrom((statistic) => (statistic === "mean" ? mean : null));
  };
  const point: ReadPoint = { ...emptyPoint(file, row.location), extras: row.extras };
  point.outputTokensPerSecond = measured("outputTokensPerSecond");
  point.inputTokensPerSecond = measured("inputTokensPerSecond");
  point.totalTokensPerSecond = measured("totalTokensPerSecond");
  point.requestRateAchieved = measured("queriesPerSecond");
  point.ntpotMs = latency("ntpotMs");
  point.ttftMs = latency("ttftMs");
  point.itlMs = latency("itlMs");
  point.inputTokensMean = measured("inputLength");
  point.outputTokensMean = measured("outputLength");
  if (point.inputTokensMean !== null || point.outputTokensMean !== null) {
    addFlag(point.qualityFlags, "nominal_token_lengths");
  }
  if (point.ntpotMs !== null || point.ttftMs !== null || point.itlMs !== null) {
    addFlag(point.qualityFlags, "statistic_not_stated");
  }
  if (point.requestRateAchieved === null) {
    addFlag(point.qualityFlags, "load_unknown");
  } else {
    point.loadKind = "request_rate";
    point.loadValue = point.requestRateAchieved;
    addFlag(point.qualityFlags, "load_from_achieved_rate");
  }
  if (problems.length === 0 && !measuresSomething(point)) {
    const expected = "output tokens/s or a latency";
    problems.push(
      problem(file, row.location, "", expected, `${file}, ${row.location}: holds no figures; expected ${expected}.`),
    );
  }
  if (problems.length > 0) return refused(problems);

  const text = (field: GiqField): string | null => {
    const value = row.values.get(field);
    return value === undefined || String(value).trim() === "" ? null : String(value).trim();
  };
  const draft: DraftRun = {
    format: GIQ_FORMAT,
    tool: "GKE Inference Quickstart",
    measuredOn: null,
    stated: statedFacts(row, text),
    hints: hintedFacts(row, text),
    hintFlags: {
      acceleratorCount: "accelerator_count_from_instance_type",
      ...(text("useCase") === null ? { dataset: "dataset_from_table_form" } : {}),
    },
    seriesKey: seriesKeyOf(row, text),
    qualityFlags: [],
    points: [point],
    files: [file],
    locationOf: (field) => row.locationOf(PLACES[field] ?? null),
  };
  return ok(draft);
}

const PLACES: Partial<Record<string, GiqField>> = {
  model: "model",
  server: "modelServer",
  serverVersion: "modelServerVersion",
  accelerator: "acceleratorType",
  acceleratorCount: "instanceType",
  inputTokens: "inputLength",
  outputTokens: "outputLength",
};

function statedFacts(row: GiqRow, text: (field: GiqField) => string | null): GivenFacts {
  const facts: GivenFacts = {};
  const model = text("model");
  const server = text("modelServer");
  const version = text("modelServerVersion");
  const input = positiveIntegerOf(row.values.get("inputLength"));
  const output = positiveIntegerOf(row.values.get("outputLength"));
  if (model !== null) facts.model = model;
  if (server !== null) facts.server = server;
  if (version !== null) facts.serverVersion = version;
  if (row.acceleratorCount !== null) facts.acceleratorCount = row.acceleratorCount;
  if (input !== null) facts.inputTokens = input;
  if (output !== null) facts.outputTokens = output;
  return facts;
}

/** The accelerator's label is certain, but only a hint lets a person name one the catalogue does not know. */
function hintedFacts(row: GiqRow, text: (field: GiqField) => string | null): GivenFacts {
  const facts: GivenFacts = { sourceName: GIQ_SOURCE_NAME };
  const accelerator = text("acceleratorType");
  const instance = text("instanceType");
  const count = instance === null ? null : acceleratorsOfInstance(instance);
  const dataset = text("useCase") ?? row.dataset;
  if (accelerator !== null) facts.accelerator = accelerator;
  if (count !== null) facts.acceleratorCount = count;
  if (dataset !== null) facts.dataset = datasetOf(dataset);
  return facts;
}

/** `Chatbot (ShareGPT)` → `chatbot-sharegpt`. */
function datasetOf(useCase: string): string {
  const slug = useCase
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return slug === "" ? useCase : slug;
}

/** One profile's points form one curve; another machine, topology or serving stack with the same accelerators is another one. */
function seriesKeyOf(row: GiqRow, text: (field: GiqField) => string | null): string {
  const stack = [text("servingStack"), text("servingStackVersion")].filter((part) => part !== null).join("/");
  return ["giq", text("instanceType"), row.topology, stack === "" ? null : stack]
    .filter((part) => part !== null)
    .join(" ")
    .slice(0, 200);
}
