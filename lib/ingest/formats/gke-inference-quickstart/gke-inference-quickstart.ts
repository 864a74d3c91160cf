import { appendAll } from "../../../append-all";
import type { AdapterResult } from "../../facts/draft-run";
import type { Adapter } from "../adapter";
import { isGiqJson, readGiqJson } from "./giq-json";
import { draftOfRow, GIQ_FORMAT } from "./giq-row";
import { isGiqTable, readGiqTable } from "./giq-table";

/**
 * GKE Inference Quickstart: figures Google measured and publishes. The `csvprofile` CSV of every release, the table of
 * `profiles list`, and profiles as JSON or YAML (gcloud, REST in camelCase or snake_case, v1alpha1). No complete public file
 * was found: written after the printers' and the API's source, tried on rows published one by one.
 */
export const gkeInferenceQuickstart: Adapter = {
  format: GIQ_FORMAT,
  label: "GKE Inference Quickstart profiles (CSV, table, JSON, YAML)",
  factsWin: "report",
  sniff: (file) => isGiqTable(file) || isGiqJson(file),
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) {
      const isTable = file.kind === "csv" || file.kind === "text";
      const read = isTable ? { ...readGiqTable(file), withoutFigures: 0 } : readGiqJson(file);
      const drafts: AdapterResult["drafts"] = [];
      const problems = [...read.problems];
      for (const row of read.rows) {
        const one = draftOfRow(file.path, row);
        if (one.ok) drafts.push(one.value);
        else appendAll(problems, one.error);
      }
      appendAll(result.problems, problems);
      if (problems.length > 0) continue;
      appendAll(result.drafts, drafts);
      if (read.withoutFigures > 0) {
        const count = `${read.withoutFigures} profile${read.withoutFigures === 1 ? "" : "s"}`;
        result.skipped.push({ file: file.path, reason: `${count} of it hold no figures: nothing to store of them` });
      }
    }
    return result;
  },
};
