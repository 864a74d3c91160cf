import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { type ColumnMapping, IGNORE } from "./column-mapping";
import { unitText } from "./column-units";

const HEAD = [
  "Which column of the table beside this file means what. Keep it beside the table, or in a directory above:",
  "every table that has these columns is read by it. Fields and units: docs/column-mapping.md.",
].join("\n");

const SHOWN_VALUES = 3;
const SHOWN_VALUE_LENGTH = 24;

/**
 * A mapping as the text of `iq.columns.yaml`; reading it back gives the same mapping.
 * @param samples first values of each column, put beside it as a comment
 */
export function columnMappingYaml(
  mapping: ColumnMapping,
  samples: ReadonlyMap<string, readonly string[]> = new Map(),
): string {
  const columns = new YAMLMap<Scalar, Scalar | YAMLMap>();
  for (const { column, field, unit } of mapping.columns) {
    const value = unit === null ? text(field ?? IGNORE) : flowMap({ field: field ?? IGNORE, unit: unitText(unit) });
    const comment = sampleComment(samples.get(column) ?? []);
    if (comment !== null) value.comment = comment;
    columns.items.push(new Pair(text(column), value));
  }
  const root = new YAMLMap<Scalar, unknown>();
  root.items.push(new Pair(text("columns"), columns));
  if (mapping.loadKind !== null) root.items.push(new Pair(text("load_kind"), text(mapping.loadKind)));
  if (mapping.decimal !== null) root.items.push(new Pair(text("decimal"), text(mapping.decimal)));
  if (mapping.notMeasured.length > 0) {
    const list = new YAMLSeq<Scalar>();
    list.flow = true;
    list.items.push(...mapping.notMeasured.map(text));
    root.items.push(new Pair(text("not_measured"), list));
  }
  const document = new Document();
  document.contents = root as Document["contents"];
  document.commentBefore = HEAD.split("\n")
    .map((line) => ` ${line}`)
    .join("\n");
  return document.toString({ lineWidth: 0 });
}

function flowMap(members: Record<string, string>): YAMLMap {
  const map = new YAMLMap<Scalar, Scalar>();
  map.flow = true;
  for (const [key, value] of Object.entries(members)) map.items.push(new Pair(text(key), text(value)));
  return map;
}

/** Words and units stand as they are, everything else in double quotes, so that every YAML reader sees the same text. */
function text(value: string): Scalar<string> {
  const scalar = new Scalar(value);
  const isWord = /^[A-Za-z][A-Za-z0-9_/]*(?: [A-Za-z0-9_/]+)*$/.test(value) && !RESERVED.test(value);
  scalar.type = isWord ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
  return scalar;
}

const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** First values of a column; a comment must not end before its line does. */
function sampleComment(values: readonly string[]): string | null {
  const shown = values
    .map((value) => value.replace(/[\p{C}\p{Z}\s]+/gu, " ").trim())
    .filter((value) => value !== "")
    .slice(0, SHOWN_VALUES)
    .map((value) => (value.length > SHOWN_VALUE_LENGTH ? `${value.slice(0, SHOWN_VALUE_LENGTH - 1)}…` : value));
  return shown.length === 0 ? null : ` ${shown.join(" | ")}`;
}
