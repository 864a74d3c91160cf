import { FIGURES_COLUMNS, figuresCsvColumns } from "./figures-columns";

/** A group of fields, for choosing one. */
export interface FieldGroup {
  label: string;
  fields: readonly string[];
}

const LOAD_FIELDS = ["load_value", "load_kind"];
const COUNT_FIELDS = ["requests_completed", "requests_failed", "duration_s"];
const LENGTH_FIELDS = ["input_tokens", "output_tokens", "input_tokens_mean", "output_tokens_mean"];

/** Every field in groups, each once. */
export const FIELD_GROUPS: readonly FieldGroup[] = (() => {
  const isLatency = (name: string) => /_ms_/.test(name);
  const isThroughput = (name: string) => /_per_second|request_rate_achieved/.test(name);
  const groups = [
    { label: "Load", fields: LOAD_FIELDS },
    { label: "Throughput", fields: figuresCsvColumns.filter(isThroughput) },
    { label: "Latency", fields: figuresCsvColumns.filter(isLatency) },
    { label: "Counts", fields: COUNT_FIELDS },
    { label: "Lengths", fields: LENGTH_FIELDS },
  ];
  const grouped = new Set(groups.flatMap(({ fields }) => fields));
  const facts = figuresCsvColumns.filter((name) => !grouped.has(name));
  return [...groups, { label: "Facts", fields: facts }];
})();

/** True where a field holds numbers. */
export function isNumberField(field: string): boolean {
  const kind = FIGURES_COLUMNS.find(({ name }) => name === field)?.kind;
  return kind !== undefined && kind !== "text" && kind !== "loadKind" && kind !== "flags";
}
