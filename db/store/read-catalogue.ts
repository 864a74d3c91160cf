import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { type Accelerator, type Model, PRICE_KINDS, type Price } from "../../lib/domain";
import { sha256Hex } from "../../lib/ingest/identity";
import { checkpointsFromText, listFromText } from "../rows";

/** Models, accelerators and prices as one state of data/ has them. */
export interface Catalogue {
  models: Model[];
  accelerators: Accelerator[];
  prices: Price[];
}

/** Files of data/ the catalogue is read from. */
export const CATALOGUE_FILES = ["accelerators.csv", "models.csv", "prices.csv"] as const;

/** Hex digits of a price id. */
const PRICE_ID_DIGITS = 12;

const required = z.string().min(1);
const optionalText = z.string().transform((text) => (text === "" ? null : text));
const positive = z.coerce.number().positive();
const optionalPositive = z.string().transform((text, context) => {
  if (text === "") return null;
  const parsed = positive.safeParse(text);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: "custom", message: `expected a number above 0, found ${text}` });
  return z.NEVER;
});
const count = z.coerce.number().int().positive();

const acceleratorRow = z
  .object({
    id: required,
    name: required,
    short_name: required,
    vendor: required,
    memory_gib: optionalPositive,
    memory_bandwidth_gb_per_second: optionalPositive,
    bf16_tflops: optionalPositive,
    fp8_tflops: optionalPositive,
    fp4_tflops: optionalPositive,
    tdp_watts: optionalPositive,
    interconnect: optionalText,
    kubernetes_resource: optionalText,
    gke_node_label: optionalText,
    gke_accelerator_label: optionalText,
    aliases: z.string().transform(listFromText),
    source: required,
    notes: optionalText,
  })
  .transform(
    (row): Accelerator => ({
      id: row.id,
      name: row.name,
      shortName: row.short_name,
      vendor: row.vendor,
      memoryGib: row.memory_gib,
      memoryBandwidthGbPerSecond: row.memory_bandwidth_gb_per_second,
      bf16Tflops: row.bf16_tflops,
      fp8Tflops: row.fp8_tflops,
      fp4Tflops: row.fp4_tflops,
      tdpWatts: row.tdp_watts,
      interconnect: row.interconnect,
      kubernetesResource: row.kubernetes_resource,
      gkeNodeLabel: row.gke_node_label,
      gkeAcceleratorLabel: row.gke_accelerator_label,
      aliases: row.aliases,
      source: row.source,
      notes: row.notes,
    }),
  );

const modelRow = z
  .object({
    id: required,
    display_name: required,
    family: optionalText,
    total_parameters_billions: optionalPositive,
    active_parameters_billions: optionalPositive,
    context_length_tokens: optionalPositive,
    weights_precision: optionalText,
    weight_bytes: optionalPositive,
    quantised_checkpoints: z
      .string()
      .regex(/^([^=;\s]+=[^=;\s]+(;[^=;\s]+=[^=;\s]+)*)?$/, "expected precision=owner/name, several separated by ;")
      .default(""),
    licence: optionalText,
    gated: z.enum(["yes", "no", ""]),
    source: required,
  })
  .transform(
    (row): Model => ({
      id: row.id,
      displayName: row.display_name,
      family: row.family,
      totalParametersBillions: row.total_parameters_billions,
      activeParametersBillions: row.active_parameters_billions,
      contextLengthTokens: row.context_length_tokens,
      weightsPrecision: row.weights_precision,
      weightBytes: row.weight_bytes,
      quantisedCheckpoints: checkpointsFromText(row.quantised_checkpoints),
      licence: row.licence,
      gated: row.gated === "" ? null : row.gated === "yes",
      source: row.source,
    }),
  );

const priceRow = z
  .object({
    provider: required,
    instance_type: optionalText,
    region: optionalText,
    accelerator: required,
    accelerator_count: count,
    usd_per_hour: positive,
    kind: z.enum(PRICE_KINDS),
    accelerator_only: z.enum(["yes", "no"]),
    as_of: optionalText,
    source: required,
    notes: optionalText,
  })
  .transform((row): Price => {
    // The offer is the identity, not its amount or date: a new amount replaces the old one. Estimates of one chip
    // differ in nothing but their notes.
    const offer = [row.provider, row.instance_type, row.region, row.accelerator, row.accelerator_count, row.kind];
    const identity = row.kind === "tco" ? [...offer, row.notes] : offer;
    return {
      priceId: sha256Hex(JSON.stringify(identity)).slice(0, PRICE_ID_DIGITS),
      provider: row.provider,
      instanceType: row.instance_type,
      region: row.region,
      acceleratorId: row.accelerator,
      acceleratorCount: row.accelerator_count,
      usdPerHour: row.usd_per_hour,
      kind: row.kind,
      acceleratorOnly: row.accelerator_only === "yes",
      asOf: row.as_of,
      source: row.source,
      notes: row.notes,
    };
  });

function readRows<T>(file: string, schema: z.ZodType<T>): T[] {
  const records: unknown = parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });
  const parsed = z.array(schema).safeParse(records);
  if (parsed.success) return parsed.data;
  throw new Error(`${file} cannot be read:\n${z.prettifyError(parsed.error)}`);
}

function requireUnique(file: string, ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) throw new Error(`${file} has two rows for ${id}.`);
    seen.add(id);
  }
}

/**
 * Reads accelerators.csv, models.csv and prices.csv of a data folder.
 * @throws when a row is wrong: these files come with the program, so that is a mistake in the program
 */
export function readCatalogue(directory: string): Catalogue {
  const file = (name: (typeof CATALOGUE_FILES)[number]) => path.join(/* turbopackIgnore: true */ directory, name);
  const accelerators = readRows(file("accelerators.csv"), acceleratorRow);
  const models = readRows(file("models.csv"), modelRow);
  const prices = readRows(file("prices.csv"), priceRow);
  requireUnique(
    "accelerators.csv",
    accelerators.map((row) => row.id),
  );
  requireUnique(
    "models.csv",
    models.map((row) => row.id),
  );
  requireUnique(
    "prices.csv",
    prices.map((row) => row.priceId),
  );
  const known = new Set(accelerators.map((row) => row.id));
  for (const price of prices) {
    if (!known.has(price.acceleratorId))
      throw new Error(`prices.csv names an unknown accelerator ${price.acceleratorId}.`);
  }
  return { models, accelerators, prices };
}
