import { ok, type Result, refused } from "../result";
import { refusedParam } from "./known-params";

/** How an export may look: our own JSON (whole) and CSV (figures), and GKE Inference Quickstart's CSV and JSON. */
export const EXPORT_FORMATS = ["json", "csv", "giq-csv", "giq-json"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRequest {
  format: ExportFormat;
  /** JSON: with the reports' own bytes. */
  reports: boolean;
  /** Runs of this model alone; `null` = all. */
  model: string | null;
}

/** What each format is sent as. Our JSON has one value a line. */
const FILES: Record<ExportFormat, { mediaType: string; ending: string }> = {
  json: { mediaType: "application/x-ndjson", ending: ".jsonl" },
  csv: { mediaType: "text/csv; charset=utf-8", ending: ".csv" },
  "giq-csv": { mediaType: "text/csv; charset=utf-8", ending: "-giq.csv" },
  "giq-json": { mediaType: "application/json", ending: "-giq.json" },
};

const EXPORT_PARAMS = ["format", "revision", "model", "reports"];

/**
 * Reads what an address asks to export and of which revision (`null` = the newest).
 * @returns the request, or what was expected instead
 */
export function parseExportRequest(
  params: URLSearchParams,
): Result<{ request: ExportRequest; revision: number | null }> {
  const wrongName = refusedParam(params, EXPORT_PARAMS);
  if (wrongName !== null) return refused(wrongName);
  const named = params.get("format") ?? "json";
  const format = EXPORT_FORMATS.find((item) => item === named);
  if (format === undefined) return refused(`format: expected one of ${EXPORT_FORMATS.join(", ")}`);
  const revision = params.get("revision") ?? "";
  if (revision !== "" && !/^\d{1,15}$/.test(revision)) return refused("revision: expected a whole number");
  const reports = params.get("reports") ?? "1";
  if (reports !== "0" && reports !== "1") return refused("reports: expected 0 or 1");
  const model = params.get("model") ?? "";
  return ok({
    request: { format, reports: reports === "1", model: model === "" ? null : model },
    revision: revision === "" ? null : Number(revision),
  });
}

/** Path and query of an export. */
export function exportPath(request: ExportRequest, revision: number): string {
  const model = request.model === null ? "" : `&model=${encodeURIComponent(request.model).replaceAll("%2F", "/")}`;
  const reports = request.format === "json" && !request.reports ? "&reports=0" : "";
  return `/api/v1/export?format=${request.format}&revision=${revision}${model}${reports}`;
}

/** Media type of an export and the name it is saved under, e.g. `inference-quickstart-r12.csv`. */
export function exportFile(request: ExportRequest, revision: number): { mediaType: string; fileName: string } {
  const { mediaType, ending } = FILES[request.format];
  const model = request.model === null ? "" : `-${request.model.replaceAll(/[^\w.-]+/g, "-").slice(0, 80)}`;
  return { mediaType, fileName: `inference-quickstart-r${revision}${model}${ending}` };
}
