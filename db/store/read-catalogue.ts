import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { Accelerator, Machine, Model, Price } from "../../lib/catalogue/catalogue";
import { compareMachines, withMachines } from "../../lib/catalogue/machines";
import { sha256Hex } from "../../lib/measurement/identity";
import { acceleratorRow, hardwareRow, machineRow, modelRow, offerRow } from "./catalogue-rows";

/** Models, accelerators with the machines they are sold in, and prices as one state of data/ has them. */
export interface Catalogue {
  models: Model[];
  accelerators: Accelerator[];
  prices: Price[];
}

/** Files of data/ the catalogue is read from. */
export const CATALOGUE_FILES = ["accelerators.csv", "machines.csv", "models.csv", "prices.csv"] as const;

/** Hex digits of a price id. */
const PRICE_ID_DIGITS = 12;

/** Columns that are not called as their fields are in snake case, by file. */
const OTHER_NAMES: Record<(typeof CATALOGUE_FILES)[number], Record<string, string>> = {
  "accelerators.csv": { max_per_machine: "maximumPerMachine", nvlink_rack: "isNvlinkRack" },
  "machines.csv": { count: "accelerators" },
  "models.csv": {},
  "prices.csv": { accelerator: "acceleratorId" },
};

/** The rows of one file, each cell under the name of its field. */
interface Table {
  file: string;
  /** Columns by field. */
  columns: Map<string, string>;
  records: unknown[];
}

function readTable(directory: string, name: (typeof CATALOGUE_FILES)[number]): Table {
  const file = path.join(/* turbopackIgnore: true */ directory, name);
  const columns = new Map<string, string>();
  const fieldOf = (column: string): string => {
    const camelCase = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const field = OTHER_NAMES[name][column] ?? camelCase;
    columns.set(field, column);
    return field;
  };
  const records: unknown[] = parse(readFileSync(file), {
    columns: (header: string[]) => header.map(fieldOf),
    bom: true,
    skip_empty_lines: true,
  });
  return { file, columns, records };
}

/** @throws with file, row and column of every value that is wrong */
function rowsOf<T>({ file, columns, records }: Table, row: z.ZodType<T>): T[] {
  const parsed = z.array(row).safeParse(records);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path: [index, field], message }) => {
    const column = columns.get(String(field)) ?? String(field);
    return `row ${Number(index) + 1}, column ${column}: ${message}`;
  });
  throw new Error(`${file} cannot be read:\n${mistakes.join("\n")}`);
}

/**
 * The offer is the identity of a price, not its amount or date: a new amount replaces the old one. Estimates of one chip differ in
 * nothing but their notes.
 */
export function withPriceId(price: Omit<Price, "priceId">): Price {
  const { provider, instanceType, region, acceleratorId, acceleratorCount, kind, notes } = price;
  const offer = [provider, instanceType, region, acceleratorId, acceleratorCount, kind];
  const identity = kind === "tco" ? [...offer, notes] : offer;
  return { priceId: sha256Hex(JSON.stringify(identity)).slice(0, PRICE_ID_DIGITS), ...price };
}

function requireUnique(file: string, ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new Error(`${file} has two rows for ${id}.`);
    seen.add(id);
  }
}

function requireKnown(file: string, known: ReadonlySet<string>, ids: readonly string[]): void {
  for (const id of ids) if (!known.has(id)) throw new Error(`${file} names an unknown accelerator ${id}.`);
}

/** Checks that a price for a known machine names the same accelerators as the machine's own row. */
function requireSameMachine(machines: readonly Machine[], prices: readonly Price[]): void {
  const byName = new Map(machines.map((machine) => [`${machine.seller} ${machine.type}`, machine]));
  for (const { provider, instanceType, acceleratorId, acceleratorCount } of prices) {
    const machine = byName.get(`${provider} ${instanceType}`);
    if (machine === undefined) continue;
    if (machine.accelerator !== acceleratorId || machine.accelerators !== acceleratorCount) {
      throw new Error(
        `prices.csv says ${acceleratorCount} × ${acceleratorId} of ${provider} ${instanceType}, machines.csv ${machine.accelerators} × ${machine.accelerator}.`,
      );
    }
  }
}

/**
 * Reads accelerators.csv, machines.csv, models.csv and prices.csv of a data folder.
 * @throws when a row is wrong: these files come with the program, so that is a mistake in the program
 */
export function readCatalogue(directory: string): Catalogue {
  const acceleratorTable = readTable(directory, "accelerators.csv");
  const plain = rowsOf(acceleratorTable, acceleratorRow);
  const hardware = rowsOf(acceleratorTable, hardwareRow).map((row) => ({ ...row, machines: [] }));
  const accelerators = plain.map((row, index) => ({ ...row, hardware: hardware[index] ?? null }));
  const machines = rowsOf(readTable(directory, "machines.csv"), machineRow).sort(compareMachines);
  const models = rowsOf(readTable(directory, "models.csv"), modelRow);
  const prices = rowsOf(readTable(directory, "prices.csv"), offerRow).map(withPriceId);
  const known = accelerators.map((row) => row.id);
  requireUnique("accelerators.csv", known);
  requireUnique(
    "machines.csv",
    machines.map((row) => `${row.seller} ${row.type}`),
  );
  requireUnique(
    "models.csv",
    models.map((row) => row.id),
  );
  requireUnique(
    "prices.csv",
    prices.map((row) => row.priceId),
  );
  requireKnown(
    "machines.csv",
    new Set(known),
    machines.map((row) => row.accelerator),
  );
  requireKnown(
    "prices.csv",
    new Set(known),
    prices.map((row) => row.acceleratorId),
  );
  requireSameMachine(machines, prices);
  return { models, accelerators: withMachines(accelerators, machines), prices };
}
