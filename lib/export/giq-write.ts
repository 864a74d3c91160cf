import type { ConfigurationFacts, WorkloadFacts } from "../domain";
import { PRICING_MODEL_EXTRA } from "../ingest/facts/pricing-model";
import { CSV_COLUMNS, type GiqField, giqField } from "../ingest/formats/gke-inference-quickstart/giq-columns";
import {
  type Extras,
  GIQ_FORM,
  GIQ_RESPONSE,
  GIQ_ROW,
  GIQ_STAT,
  GIQ_TABLE_CRLF_FORM,
  GIQ_TABLE_FORM,
  unflattenJson,
} from "../ingest/formats/gke-inference-quickstart/giq-extras";
import { keyOf, valuesOfProfile } from "../ingest/formats/gke-inference-quickstart/giq-json";
import { isRecord, type JsonRecord, numberOf, own } from "../ingest/parse/fields";
import { withFormulaGuard } from "../ingest/parse/formula-cells";
import type { ReadPoint } from "../ingest/report";
import { isList } from "../is-list";
import { latencyField, type Metric } from "../measurement/latency";
import type { ExportedPoint } from "./export-lines";

const NANOS_PER_UNIT = 1e9;
const COST_DECIMALS = 3;

/** The parts of a run that go into GKE Inference Quickstart's forms. The run may be a stored one or one just read. */
export interface GiqRun {
  configuration: ConfigurationFacts;
  workload: WorkloadFacts;
  points: readonly (ReadPoint | ExportedPoint)[];
}

interface Row {
  run: GiqRun;
  point: ReadPoint | ExportedPoint;
  form: string | null;
}

/**
 * Runs as GIQ's CSV (`csvprofile`), one row a load point. Rows that came from one table come out as they went in, cell for cell
 * and in their order, with that table's columns and line ends; anything else gets the 17 columns, filled from what its source
 * published or else from the canonical fields (means; unknown costs `N/A`). Quoted as Python's csv module does.
 */
export function writeGiqCsv(runs: readonly GiqRun[]): string {
  const rows = orderedRows(runs);
  const headers = rows.map(tableColumns);
  const first = headers[0] ?? null;
  const text = JSON.stringify(first);
  const same = first !== null && headers.every((columns) => JSON.stringify(columns) === text);
  const columns = same ? first : CSV_COLUMNS.map(({ name }) => name);
  const lines = rows.map((row) => {
    const values = valuesOf(row);
    return columns.map((name) => {
      const field = giqField(name);
      if (same) return String(own(row.point.extras ?? {}, name) ?? "");
      return field === null ? "" : String(values.get(field) ?? (field.endsWith("Cost") ? "N/A" : ""));
    });
  });
  const lineEnd = same && rows.every(({ form }) => form === GIQ_TABLE_CRLF_FORM) ? "\r\n" : "\n";
  return [columns, ...lines].map((cells) => `${cells.map(csvCell).join(",")}${lineEnd}`).join("");
}

/**
 * Runs as GIQ's JSON. Profiles that came from one JSON file come out as they went in: same members (int64 as text, omitted
 * zeros omitted), same order, in the same array or response. Anything else becomes one array of profiles of one load point
 * each, in the API's names.
 */
export function writeGiqJson(runs: readonly GiqRun[]): string {
  const profiles: { key: string; row: Row; value: JsonRecord }[] = [];
  const byKey = new Map<string, JsonRecord>();
  const rows = orderedRows(runs);
  let response: JsonRecord | null = null;
  for (const row of rows) {
    const profile = isJsonRow(row) ? profileOf(row.point.extras ?? {}) : newProfile(row);
    const key = isJsonRow(row) ? JSON.stringify([fileOf(row.point), own(row.point.extras ?? {}, GIQ_ROW)]) : null;
    if (isJsonRow(row)) response ??= responseOf(row.point.extras ?? {});
    const known = key === null ? undefined : byKey.get(key);
    if (known !== undefined) {
      appendStats(known, profile);
    } else {
      if (key !== null) byKey.set(key, profile);
      profiles.push({ key: key ?? "", row, value: profile });
    }
  }
  const values = profiles.map(({ value }) => value);
  const forms = new Set(rows.map(({ form, point }) => JSON.stringify([form, fileOf(point)])));
  const form = forms.size === 1 ? (rows[0]?.form ?? null) : null;
  const isTable = form === null || form === GIQ_TABLE_FORM || form === GIQ_TABLE_CRLF_FORM;
  let written: unknown = values;
  if (form === "documents" && values.length === 1) written = values[0];
  else if (!isTable && form !== "documents" && form !== "array") written = { [form]: values, ...response };
  return `${JSON.stringify(written, null, 2)}\n`;
}

/** Files in the order of their first point, rows of one file in their own. */
function orderedRows(runs: readonly GiqRun[]): Row[] {
  const files = new Map<string, number>();
  const rows = runs.flatMap((run) =>
    run.points.map((point) => {
      const file = fileOf(point);
      if (!files.has(file)) files.set(file, files.size);
      const form = own(point.extras ?? {}, GIQ_FORM);
      return { run, point, form: typeof form === "string" ? form : null };
    }),
  );
  const order = ({ point }: Row, name: string) => numberOf(own(point.extras ?? {}, name)) ?? 0;
  return rows.sort(
    (left, right) =>
      (files.get(fileOf(left.point)) ?? 0) - (files.get(fileOf(right.point)) ?? 0) ||
      order(left, GIQ_ROW) - order(right, GIQ_ROW) ||
      order(left, GIQ_STAT) - order(right, GIQ_STAT),
  );
}

/** What tells the points of one file from those of others: the report's hash, or the path where it has none yet. */
function fileOf(point: ReadPoint | ExportedPoint): string {
  return point.reportSha256 ?? ("file" in point ? point.file : "");
}

function isTableRow({ form }: Row): boolean {
  return form === GIQ_TABLE_FORM || form === GIQ_TABLE_CRLF_FORM;
}

function isJsonRow(row: Row): boolean {
  return row.form !== null && !isTableRow(row);
}

/** Names of ours among the extras, which are no cells or JSON leaves of the source. */
const OWN_NAMES = new Set([GIQ_FORM, GIQ_ROW, GIQ_STAT, PRICING_MODEL_EXTRA]);

function tableColumns(row: Row): string[] | null {
  return isTableRow(row) ? Object.keys(row.point.extras ?? {}).filter((name) => !OWN_NAMES.has(name)) : null;
}

function profileOf(extras: Extras): JsonRecord {
  const profile = unflattenJson(
    Object.entries(extras).filter(([name]) => !OWN_NAMES.has(name) && !name.startsWith(GIQ_RESPONSE)),
  );
  return isRecord(profile) ? profile : {};
}

function responseOf(extras: Extras): JsonRecord | null {
  const leaves = Object.entries(extras).filter(([name]) => name.startsWith(GIQ_RESPONSE));
  if (leaves.length === 0) return null;
  const value = unflattenJson(leaves);
  const response = isRecord(value) ? own(value, GIQ_RESPONSE) : null;
  return isRecord(response) ? response : null;
}

function appendStats(profile: JsonRecord, next: JsonRecord): void {
  const known = own(profile, keyOf(profile, "performanceStats"));
  const more = own(next, keyOf(next, "performanceStats"));
  if (isList(known) && isList(more)) known.push(...more);
}

type Values = Map<GiqField, string | number>;

/** What a row's source published, or else what its canonical fields say. */
function valuesOf(row: Row): Values {
  const extras = row.point.extras ?? {};
  if (isTableRow(row)) {
    const cells = Object.entries(extras).flatMap(([name, cell]): [GiqField, string][] => {
      const field = giqField(name);
      return field === null || cell === null ? [] : [[field, String(cell)]];
    });
    return new Map(cells);
  }
  if (isJsonRow(row)) {
    const profile = profileOf(extras);
    const stats = own(profile, keyOf(profile, "performanceStats"));
    const stat: unknown = isList(stats) ? stats[0] : stats;
    const figures = isRecord(stat) ? stat : {};
    const values = new Map<GiqField, string | number>();
    for (const [name, value] of valuesOfProfile(profile, figures)) {
      if (name !== "inputTokensPerSecond" && name !== "totalTokensPerSecond") values.set(name, value);
    }
    const costs = own(figures, "cost");
    const cost: unknown = isList(costs) ? costs[0] : null;
    if (isRecord(cost)) {
      const input = amountOf(own(cost, keyOf(cost, "costPerMillionInputTokens")));
      const output = amountOf(own(cost, keyOf(cost, "costPerMillionOutputTokens")));
      if (input !== null) values.set("inputCost", input.toFixed(COST_DECIMALS));
      if (output !== null) values.set("outputCost", output.toFixed(COST_DECIMALS));
    }
    return values;
  }
  return canonicalValues(row);
}

function canonicalValues({ run, point }: Row): Values {
  const { configuration, workload } = run;
  const mean = (metric: Metric) => point[latencyField(metric)]?.mean ?? null;
  const known: [GiqField, string | number | null][] = [
    ["acceleratorType", configuration.accelerator],
    ["model", configuration.model],
    ["modelServer", configuration.server],
    ["modelServerVersion", configuration.serverVersion],
    ["outputTokensPerSecond", point.outputTokensPerSecond],
    ["ntpotMs", mean("ntpot")],
    ["ttftMs", mean("ttft")],
    ["itlMs", mean("itl")],
    ["queriesPerSecond", point.requestRateAchieved],
    ["useCase", workload.dataset],
    ["inputLength", workload.inputTokens],
    ["outputLength", workload.outputTokens],
  ];
  return new Map(known.flatMap(([field, value]) => (value === null ? [] : [[field, value] as const])));
}

/** A profile of one load point that did not come from one. */
function newProfile(row: Row): JsonRecord {
  const values = valuesOf(row);
  const text = (field: GiqField) => textOf(values.get(field));
  const number = (field: GiqField) => finiteOf(values.get(field));
  const pricingModel = own(row.point.extras ?? {}, PRICING_MODEL_EXTRA);
  const costs = {
    costPerMillionInputTokens: amountJson(number("inputCost")),
    costPerMillionOutputTokens: amountJson(number("outputCost")),
  };
  const hasCosts = Object.values(costs).some((amount) => amount !== undefined);
  return compact({
    modelServerInfo: compact({
      model: text("model"),
      modelServer: text("modelServer"),
      modelServerVersion: text("modelServerVersion"),
    }),
    acceleratorType: text("acceleratorType"),
    instanceType: text("instanceType"),
    resourcesUsed: { acceleratorCount: row.run.configuration.acceleratorCount },
    performanceStats: [
      compact({
        queriesPerSecond: number("queriesPerSecond"),
        outputTokensPerSecond: number("outputTokensPerSecond"),
        ntpotMilliseconds: number("ntpotMs"),
        ttftMilliseconds: number("ttftMs"),
        itlMilliseconds: number("itlMs"),
        inputTokensPerSecond: row.point.inputTokensPerSecond ?? undefined,
        totalTokensPerSecond: row.point.totalTokensPerSecond ?? undefined,
        cost: hasCosts ? [compact({ ...costs, pricingModel: pricingModel ?? undefined })] : undefined,
      }),
    ],
    workloadSpec: compact({
      useCase: text("useCase"),
      averageInputLength: number("inputLength"),
      averageOutputLength: number("outputLength"),
    }),
    servingStack: compact({ name: text("servingStack"), version: text("servingStackVersion") }),
  });
}

/** Members without a value are left out, empty objects too. */
function compact(members: Record<string, unknown>): JsonRecord {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && !(isRecord(value) && Object.keys(value).length === 0),
    ),
  );
}

function textOf(value: string | number | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : String(value);
}

function finiteOf(value: string | number | undefined): number | undefined {
  const number = numberOf(value);
  return number === null || !Number.isFinite(number) ? undefined : number;
}

/** `{"units": "1", "nanos": 55000000}` → 1.055: units are an int64 and so a text, and each is left out where 0. */
function amountOf(amount: unknown): number | null {
  if (!isRecord(amount)) return null;
  return (numberOf(own(amount, "units")) ?? 0) + (numberOf(own(amount, "nanos")) ?? 0) / NANOS_PER_UNIT;
}

function amountJson(usd: number | undefined): JsonRecord | undefined {
  if (usd === undefined) return undefined;
  const units = Math.trunc(usd);
  const nanos = Math.round((usd - units) * NANOS_PER_UNIT);
  return { ...(units === 0 ? {} : { units: String(units) }), ...(nanos === 0 ? {} : { nanos }) };
}

/** As Python's csv module quotes: only where a cell could be mistaken. */
function csvCell(value: string): string {
  const text = withFormulaGuard(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
