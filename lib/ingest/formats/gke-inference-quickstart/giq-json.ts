import { appendAll } from "../../../append-all";
import { isList } from "../../../is-list";
import { isRecord, type JsonRecord, memberPath, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";
import { documentsOf, type ParsedFile } from "../../parse/parsed-file";
import { problem } from "../../problem";
import type { Problem } from "../../report";
import { type ExtraValue, flattenJson, GIQ_FORM, GIQ_RESPONSE, GIQ_ROW, GIQ_STAT, MAX_LEAVES } from "./giq-extras";
import type { GiqRow, GiqValueName } from "./giq-row";

/** Keys of a response that hold its profiles; the last is that of v1alpha1. */
const LIST_KEYS = ["profile", "profiles", "benchmarkingData", "acceleratorOptions", "accelerator_options"];

interface ProfileList {
  form: string;
  profiles: { location: string; value: unknown }[];
  /** The response around the list, without it. */
  response: JsonRecord | null;
}

/** True for profiles of GKE Inference Quickstart, in any of the shapes they are printed and returned in. */
export function isGiqJson(file: ParsedFile): boolean {
  return profileLists(file).some(({ profiles }) => profiles.some(({ value }) => isProfile(value)));
}

function isProfile(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const server = ["modelServerInfo", "modelAndModelServerInfo"].some((name) => either(value, name) !== undefined);
  return server && either(value, "performanceStats") !== undefined;
}

/** Every set of figures of every profile, or what is wrong. Profiles without figures are counted. */
export function readGiqJson(file: ParsedFile): { rows: GiqRow[]; problems: Problem[]; withoutFigures: number } {
  const rows: GiqRow[] = [];
  const problems: Problem[] = [];
  let withoutFigures = 0;
  let index = 0;
  for (const list of profileLists(file)) {
    let response = list.response;
    for (const { location, value } of list.profiles) {
      const server = isRecord(value) && (either(value, "modelServerInfo") ?? either(value, "modelAndModelServerInfo"));
      if (!isRecord(value) || !isRecord(server)) {
        const expected = "a profile with modelServerInfo";
        problems.push(
          problem(file.path, location, value, expected, `${file.path}, ${location}: expected ${expected}.`),
        );
        continue;
      }
      const read = rowsOfProfile(file.path, location, value, { form: list.form, index, response });
      index += 1;
      if (read.rows.length > 0) response = null;
      if (read.rows.length === 0 && read.problems.length === 0) withoutFigures += 1;
      appendAll(rows, read.rows);
      appendAll(problems, read.problems);
    }
  }
  return { rows, problems, withoutFigures };
}

function profileLists(file: ParsedFile): ProfileList[] {
  return documentsOf(file).map(({ location, value }): ProfileList => {
    if (isList(value)) return { form: "array", profiles: elements(value, location), response: null };
    if (!isRecord(value)) return { form: "documents", profiles: [], response: null };
    for (const key of LIST_KEYS) {
      const list = own(value, key);
      if (!isList(list)) continue;
      const rest = Object.entries(value).filter(([name]) => name !== key);
      const response = rest.length === 0 ? null : Object.fromEntries(rest);
      return { form: key, profiles: elements(list, memberPath(location, key)), response };
    }
    return { form: "documents", profiles: [{ location, value }], response: null };
  });
}

function elements(values: readonly unknown[], location: string): { location: string; value: unknown }[] {
  return values.map((value, index) => ({
    location: location.includes("$") ? `${location}[${index}]` : `${location}, $[${index}]`,
    value,
  }));
}

/** The list a profile is in, its index there, and for the first one the response around the list. */
interface ProfileContext {
  form: string;
  index: number;
  response: JsonRecord | null;
}

function rowsOfProfile(
  file: string,
  location: string,
  profile: JsonRecord,
  context: ProfileContext,
): { rows: GiqRow[]; problems: Problem[] } {
  const key = keyOf(profile, "performanceStats");
  const raw = own(profile, key);
  const several = isList(raw);
  const stats = several ? raw : raw === undefined || raw === null ? [] : [raw];
  const problems: Problem[] = [];
  const rows: GiqRow[] = [];
  const used = eitherRecord(profile, "resourcesUsed");
  for (const [index, stat] of stats.entries()) {
    const statLocation = several ? `${memberPath(location, key)}[${index}]` : memberPath(location, key);
    if (!isRecord(stat)) {
      const expected = "an object of figures";
      problems.push(problem(file, statLocation, stat, expected, `${file}, ${statLocation}: expected ${expected}.`));
      continue;
    }
    const leaves = new Map<string, ExtraValue>();
    // The list of figures is replaced by those of this point alone.
    for (const [name, value] of Object.entries(profile)) {
      flattenJson({ [name]: name === key ? (several ? [stat] : stat) : value }, "", leaves);
    }
    if (index === 0 && context.response !== null) flattenJson(context.response, GIQ_RESPONSE, leaves);
    if (leaves.size > MAX_LEAVES) {
      const expected = `a profile of at most ${MAX_LEAVES} values`;
      problems.push(
        problem(file, statLocation, "", expected, `${file}, ${statLocation}: holds more than ${expected}.`),
      );
      return { rows: [], problems };
    }
    leaves.set(GIQ_FORM, context.form).set(GIQ_ROW, context.index).set(GIQ_STAT, index);
    const values = valuesOfProfile(profile, stat);
    rows.push({
      location: statLocation,
      values,
      extras: Object.fromEntries(leaves),
      acceleratorCount: used === null ? null : positiveIntegerOf(either(used, "acceleratorCount")),
      topology: textAt(profile, keyOf(profile, "tpuTopology")),
      dataset: null,
      locationOf: () => statLocation,
    });
  }
  return { rows, problems };
}

/** What a profile and one set of its figures say, under the names of a row. */
export function valuesOfProfile(profile: JsonRecord, stat: JsonRecord): Map<GiqValueName, string | number> {
  const values = new Map<GiqValueName, string | number>();
  const server = eitherRecord(profile, "modelServerInfo") ?? eitherRecord(profile, "modelAndModelServerInfo");
  const spec = eitherRecord(profile, "workloadSpec");
  const stack = eitherRecord(profile, "servingStack");
  const put = (name: GiqValueName, record: JsonRecord | null, ...keys: string[]) => {
    for (const key of keys) {
      const value = record === null ? undefined : either(record, key);
      if (value === undefined || value === null || values.has(name)) continue;
      values.set(name, typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value));
    }
  };
  put("instanceType", profile, "instanceType", "machineType");
  put("acceleratorType", profile, "acceleratorType");
  put("model", server, "model", "modelName");
  put("modelServer", server, "modelServer", "modelServerName");
  put("modelServerVersion", server, "modelServerVersion");
  put("outputTokensPerSecond", stat, "outputTokensPerSecond");
  put("inputTokensPerSecond", stat, "inputTokensPerSecond");
  put("totalTokensPerSecond", stat, "totalTokensPerSecond");
  put("queriesPerSecond", stat, "queriesPerSecond");
  put("ntpotMs", stat, "ntpotMilliseconds");
  put("ttftMs", stat, "ttftMilliseconds");
  put("itlMs", stat, "itlMilliseconds");
  put("useCase", spec, "useCase");
  put("inputLength", spec, "averageInputLength");
  put("outputLength", spec, "averageOutputLength");
  put("servingStack", stack, "name");
  put("servingStackVersion", stack, "version");
  return values;
}

/** A key as it stands in a record: REST answers in camelCase, client libraries dump snake_case. */
export function keyOf(record: JsonRecord, camel: string): string {
  const snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return own(record, camel) === undefined && own(record, snake) !== undefined ? snake : camel;
}

function either(record: JsonRecord, camel: string): unknown {
  return own(record, keyOf(record, camel));
}

function eitherRecord(record: JsonRecord, camel: string): JsonRecord | null {
  return recordAt(record, keyOf(record, camel));
}
