import { LATENCY_STATISTICS } from "../../measurement/latency";
import { QUANTITIES } from "../../measurement/quantities";
import { FIGURES_COLUMNS, figuresCsvColumns } from "../figures/figures-columns";

/** A group of fields, for choosing one. */
export interface FieldGroup {
  label: string;
  fields: readonly string[];
}

function quantitiesOf(group: (typeof QUANTITIES)[number]["group"]): string[] {
  return QUANTITIES.filter((quantity) => quantity.group === group).map(({ column }) => column);
}

/** Every field in groups, each once. */
export const FIELD_GROUPS: readonly FieldGroup[] = (() => {
  const groups: FieldGroup[] = [
    { label: "Load", fields: [...quantitiesOf("Load"), "load_kind"] },
    { label: "Throughput", fields: quantitiesOf("Throughput") },
    { label: "Latency", fields: LATENCY_STATISTICS.map(({ column }) => column) },
    { label: "Counts", fields: quantitiesOf("Counts") },
    { label: "Lengths", fields: ["input_tokens", "output_tokens", ...quantitiesOf("Lengths")] },
    { label: "Server", fields: quantitiesOf("Server") },
    { label: "Energy", fields: quantitiesOf("Energy") },
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
