import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import { measuresSomething } from "../../../measurement/measurement";
import type { AdapterResult, DraftRun } from "../../facts/draft-run";
import { type FieldSink, isRecord, type JsonRecord, textAt } from "../../parse/fields";
import { documentsOf, elementsOf, type ParsedDocument, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Problem } from "../../report";
import type { Adapter } from "../adapter";
import { factsOfRow, hardwareOf } from "./inferencex-facts";
import { failureOf, readInferencexPoint } from "./inferencex-point";
import { denominatorsOf, type InferencexRowKind, inferencexRowKind } from "./inferencex-row";

/**
 * InferenceX (formerly InferenceMAX): results aggregated by its CI (one object a load point, or an array of them; since 2026
 * also of agentic sessions) and rows of its dashboard's API. The results follow the description of their writer and were not
 * tried on a real file: none is public.
 */
export const inferencex: Adapter = {
  format: "inferencex",
  label: "InferenceX (InferenceMAX) aggregated results or dashboard rows (JSON)",
  // Every row states its own model, accelerator and server.
  factsWin: "report",
  sniff: (file) => {
    const value = documentsOf(file)[0]?.value;
    return inferencexRowKind(isList(value) ? value[0] : value) !== null;
  },
  read: (files) => {
    const result: AdapterResult = { drafts: [], problems: [], skipped: [] };
    for (const file of files) readFile(file, result);
    return result;
  },
};

function readFile(file: ParsedFile, result: AdapterResult): void {
  const drafts: DraftRun[] = [];
  const problems: Problem[] = [];
  const failed: { location: string; reason: string }[] = [];
  for (const { location, value } of elementsOf(file)) {
    const kind = inferencexRowKind(value);
    if (kind === null || !isRecord(value)) {
      const expected = "a result of InferenceX";
      const message = `${file.path}, ${location}: is not ${expected} like the rest of the file.`;
      problems.push(problem(file.path, location, value, expected, message));
      continue;
    }
    const failure = failureOf(value);
    if (failure === null) addRow(file.path, { location, value }, value, kind, drafts, problems);
    else failed.push({ location, reason: failure });
  }
  // A sweep's result set lists its failed runs among the others; alone they are no measurement.
  const [first] = failed;
  if (first !== undefined && drafts.length === 0 && problems.length === 0) {
    const expected = "at least one completed request";
    const message = `${file.path}, ${first.location}: ${first.reason}, so nothing was measured.`;
    problems.push(problem(file.path, first.location, "", expected, message));
  } else if (first !== undefined && problems.length === 0) {
    const places = failed.map(({ location }) => location).slice(0, 5);
    const more = failed.length > places.length ? " …" : "";
    const rows = failed.length === 1 ? "1 row" : `${failed.length} rows`;
    const reason = `${rows} of failed runs left out (${places.join(", ")}${more}): ${first.reason}`;
    result.skipped.push({ file: file.path, reason });
  }
  appendAll(result.problems, problems);
  if (problems.length === 0) appendAll(result.drafts, drafts);
}

function addRow(
  path: string,
  { location }: ParsedDocument,
  row: JsonRecord,
  kind: InferencexRowKind,
  drafts: DraftRun[],
  problems: Problem[],
): void {
  const sink: FieldSink = { file: path, problems: [] };
  const refuse = (value: unknown, expected: string, sentence: string) =>
    sink.problems.push(problem(path, location, value, expected, `${path}, ${location}: ${sentence}`));
  if (hardwareOf(row).mixed) {
    const sentence = "prefill and decode ran on different accelerators, which no configuration here can say.";
    refuse(
      `${textAt(row, "prefill_hw")}, ${textAt(row, "decode_hw")}`,
      "one accelerator for prefill and decode",
      sentence,
    );
  }
  const denominators = denominatorsOf(row, kind);
  const point = readInferencexPoint(sink, location, row, denominators);
  if (sink.problems.length === 0 && !measuresSomething(point)) {
    refuse("", "latency or throughput figures", "the row holds no latency and no throughput.");
  }
  appendAll(problems, sink.problems);
  if (sink.problems.length > 0) return;
  const { stated, hints } = factsOfRow(row, kind, denominators, path);
  const { measuredOn = null, ...facts } = stated;
  drafts.push({
    format: inferencex.format,
    tool: "inferencex",
    measuredOn,
    stated: facts,
    hints,
    // The producer's own mark of a recipe, the same at every concurrency.
    seriesKey: textAt(row, "recipe_fingerprint"),
    qualityFlags: [],
    hintFlags: { model: "model_from_short_name" },
    points: [{ ...point, measuredOn }],
    files: [path],
    isTableRow: true,
    locationOf: () => location,
  });
}
