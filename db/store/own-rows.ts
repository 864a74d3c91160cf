import type { z } from "zod";
import type { Accelerator, Machine, Model, Price } from "../../lib/catalogue/catalogue";
import { ok, type Result, refused } from "../../lib/result";
import { textFromList } from "../column-types";
import { acceleratorRow, hardwareRow, machineRow, modelRow, offerRow } from "./catalogue-rows";
import { withPriceId } from "./read-catalogue";

/** Kinds of catalogue rows, as a file of own rows lists them. */
export const CATALOGUE_KINDS = ["accelerators", "machines", "models", "prices"] as const;
export type CatalogueKind = (typeof CATALOGUE_KINDS)[number];

/** Rows of a person's own, or the shipped ones as such a file would have them. */
export interface OwnCatalogue {
  accelerators: Accelerator[];
  machines: Machine[];
  models: Model[];
  prices: Price[];
}

/** A row as a file has it: values by the names of its columns. */
export type PlainRow = Readonly<Record<string, unknown>>;

/** Rows of a file together, at most; a catalogue has hundreds. */
const MAX_ROWS = 5000;
const MAX_TEXT_LENGTH = 1000;
const ACCELERATOR_ID = /^[a-z0-9][a-z0-9.-]{0,79}$/;

/** Where nothing is said who states a row. */
const OWN_SOURCE = "own";

/** Columns of each kind, by their field; the same as in the files of `data/`. */
const COLUMNS: Record<CatalogueKind, ReadonlyMap<string, string>> = {
  accelerators: columns(
    "id name short_name vendor memory_gib memory_bandwidth_gb_per_second bf16_tflops fp8_tflops fp4_tflops tdp_watts interconnect kubernetes_resource gke_node_label gke_accelerator_label aliases architecture max_per_machine pod_cpu pod_memory_gib host_architecture nvlink_rack kubernetes_devices server_devices compute_capability product_name pci_device_ids karpenter_name karpenter_memory_mib cpu_model socket_threads colour source notes",
    { max_per_machine: "maximumPerMachine", nvlink_rack: "isNvlinkRack" },
  ),
  machines: columns("seller type accelerator count cpu memory_gib source", { count: "accelerators" }),
  models: columns(
    "id display_name family total_parameters_billions active_parameters_billions context_length_tokens weights_precision weight_bytes quantised_checkpoints licence gated source",
  ),
  prices: columns(
    "provider instance_type region accelerator accelerator_count usd_per_hour kind accelerator_only as_of source notes",
    { accelerator: "acceleratorId" },
  ),
};

function columns(names: string, others: Record<string, string> = {}): ReadonlyMap<string, string> {
  return new Map(
    names
      .split(" ")
      .map((name): [string, string] => [
        name,
        others[name] ?? name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
      ]),
  );
}

/** What stands where a row leaves a required column out. */
function defaults(kind: CatalogueKind, row: PlainRow): PlainRow {
  if (kind === "accelerators") {
    const name = row.name ?? row.id;
    return { name, short_name: name, vendor: "own", source: OWN_SOURCE };
  }
  if (kind === "models")
    return {
      display_name: textOf(row.id)?.split("/").at(-1),
      source: OWN_SOURCE,
    };
  if (kind === "prices") return { kind: "on_demand", accelerator_only: false, source: OWN_SOURCE };
  return { source: OWN_SOURCE };
}

/**
 * Reads own rows: an object with a list for each kind. Every fault is a sentence with the place, the value and what was expected.
 * @param live a row that is there already, as plain values, which the given columns change; `null` = none, or rows are complete
 */
export function readOwnRows(
  value: unknown,
  live: (kind: CatalogueKind, id: string) => PlainRow | null = () => null,
): Result<OwnCatalogue, string[]> {
  const faults: string[] = [];
  const rows: OwnCatalogue = { accelerators: [], machines: [], models: [], prices: [] };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refused([`expected lists of ${CATALOGUE_KINDS.join(", ")}, by these names.`]);
  }
  let count = 0;
  for (const [kind, list] of Object.entries(value)) {
    const known = CATALOGUE_KINDS.find((name) => name === kind);
    if (known === undefined) {
      faults.push(`${kind}: is no kind of the catalogue; expected ${CATALOGUE_KINDS.join(", ")}.`);
    } else if (!Array.isArray(list)) {
      faults.push(`${kind}: expected a list of rows.`);
    } else {
      count += list.length;
      if (count > MAX_ROWS) return refused([`expected at most ${MAX_ROWS} rows in one file.`]);
      for (const [index, row] of list.entries()) readRow(known, row, `${kind}[${index}]`, live, rows, faults);
    }
  }
  if (count === 0 && faults.length === 0) faults.push(`expected a row at least, of ${CATALOGUE_KINDS.join(", ")}.`);
  return faults.length > 0 ? refused(faults) : ok(rows);
}

function readRow(
  kind: CatalogueKind,
  row: unknown,
  at: string,
  live: (kind: CatalogueKind, id: string) => PlainRow | null,
  rows: OwnCatalogue,
  faults: string[],
): void {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    faults.push(`${at}: expected columns and their values.`);
    return;
  }
  const given: PlainRow = Object.fromEntries(Object.entries(row));
  const before = live(kind, idOfPlain(kind, given)) ?? {};
  const whole: PlainRow = { ...defaults(kind, given), ...before, ...given };
  const texts: Record<string, string> = {};
  for (const [column, field] of COLUMNS[kind]) {
    const text = textOf(whole[column]);
    if (text === null || text.length > MAX_TEXT_LENGTH) {
      faults.push(`${at}, ${column}: expected a text, a number, yes or no, or a list of these.`);
      return;
    }
    texts[field] = text;
  }
  const unknown = Object.keys(given).filter((column) => !COLUMNS[kind].has(column));
  for (const column of unknown) {
    faults.push(`${at}, ${column}: is no column of ${kind}; expected ${[...COLUMNS[kind].keys()].join(", ")}.`);
  }
  if (unknown.length > 0) return;
  const parsed = <T>(schema: z.ZodType<T>): T | null => {
    const result = schema.safeParse(texts);
    if (result.success) return result.data;
    for (const { path, message } of result.error.issues) {
      const field = String(path[0]);
      const column = [...COLUMNS[kind]].find(([, name]) => name === field)?.[0] ?? field;
      const said = texts[field] === "" || texts[field] === undefined ? "is missing" : `"${texts[field]}" cannot be`;
      faults.push(`${at}, ${column}: ${said}; ${message}.`);
    }
    return null;
  };
  if (kind === "accelerators") {
    const plain = parsed(acceleratorRow);
    const hardware = plain === null ? null : parsed(hardwareRow);
    if (plain === null || hardware === null) return;
    if (!ACCELERATOR_ID.test(plain.id)) {
      faults.push(`${at}, id: "${plain.id}" cannot be; expected lower-case letters, digits, \`.\` and \`-\`.`);
      return;
    }
    rows.accelerators.push({ ...plain, hardware: { ...hardware, machines: [] } });
  } else if (kind === "machines") {
    const machine = parsed(machineRow);
    if (machine !== null) rows.machines.push(machine);
  } else if (kind === "models") {
    const model = parsed(modelRow);
    if (model !== null) rows.models.push(model);
  } else {
    const offer = parsed(offerRow);
    if (offer !== null) rows.prices.push(withPriceId(offer));
  }
}

/** As a cell of a file of `data/`; `null` for what no cell can be. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : null;
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return null;
  const items = value.map((item) => (typeof item === "object" ? null : textOf(item)));
  return items.some((item) => item === null || item.includes(";")) ? null : textFromList(items.map(String));
}

/** The id of a row of plain values, as {@link idOfRow} has it. */
function idOfPlain(kind: CatalogueKind, row: PlainRow): string {
  const text = (name: string) => textOf(row[name]) ?? "";
  if (kind === "machines") return `${text("seller")} ${text("type")}`;
  if (kind !== "prices") return text("id");
  const parts = ["provider", "instance_type", "region", "accelerator", "accelerator_count"].map(text);
  return [...parts, text("kind") === "" ? "on_demand" : text("kind")].join(" ");
}

/** What a row is called: its id; seller and type of a machine; who offers what of a price. */
export function idOfRow(kind: CatalogueKind, row: PlainRow): string {
  return idOfPlain(kind, row).replace(/ +/g, " ").trim();
}

/** A row as plain values by column, what is not known left out: what a file of own rows would say. */
export function plainRow(kind: CatalogueKind, item: object): PlainRow {
  const values: Record<string, unknown> = {};
  const fields: Record<string, unknown> = { ...item };
  if (kind === "accelerators" && typeof fields.hardware === "object") Object.assign(fields, fields.hardware);
  for (const [column, field] of COLUMNS[kind]) {
    const value = plainValue(column, fields[field]);
    if (value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0)) {
      values[column] = value;
    }
  }
  return values;
}

function plainValue(column: string, value: unknown): unknown {
  if (typeof value === "boolean") return value;
  if (column === "quantised_checkpoints" && Array.isArray(value)) {
    return value.map(
      ({ precision, checkpoint }: Model["quantisedCheckpoints"][number]) => `${precision}=${checkpoint}`,
    );
  }
  // A colour and a processor are several words of one text.
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.values(value).map(String);
  return value;
}
