import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import type { AdapterResult } from "../../facts/draft-run";
import { isRecord, own } from "../../parse/fields";
import { documentsOf } from "../../parse/parsed-file";
import { readRecordFile } from "../../parse/records";
import type { Adapter } from "../adapter";
import { FMPERF_FORMAT, fmperfRecords, isFmperfRecord, recordsOf } from "./fmperf-records";

/**
 * fmperf: one record a token. `run.py` writes `{"results": […], "energy": …}`, `sweep.py` a bare array. No public sample was
 * found: this follows the writer's source and was not tried on a real file.
 */
export const fmperf: Adapter = {
  format: FMPERF_FORMAT,
  label: "fmperf results",
  factsWin: "flags",
  sniff: (file) => documentsOf(file).some(({ value }) => isFmperfRecord(firstRecord(value))),
  records: fmperfRecords,
  read: (files, companions) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) {
      const read = readRecordFile(file, fmperfRecords, companions);
      appendAll(result.drafts, read.drafts);
      appendAll(result.problems, read.problems);
      appendAll(result.skipped, read.skipped);
    }
    return result;
  },
};

function firstRecord(value: unknown): unknown {
  if (isList(value)) return value[0];
  return isRecord(value) && own(value, "results") !== undefined ? recordsOf(value)?.[0] : value;
}
