import type { Accelerator, Model } from "../../catalogue/catalogue";
import { type AcceleratorMatch, resolveAccelerator } from "./accelerators";
import { resolveModel } from "./models";

const EXAMPLES = 3;

/** Finds what a report names in the catalogue, however it spells it. Each spelling is resolved once. */
export interface CatalogueLookup {
  accelerator(text: string): AcceleratorMatch;
  model(text: string): string | null;
  acceleratorExamples: string[];
  modelExamples: string[];
}

/** A catalogue that remembers what it resolved: thousands of rows repeat a few names. */
export function catalogueLookup(entries: {
  accelerators: readonly Accelerator[];
  models: readonly Model[];
}): CatalogueLookup {
  const accelerators = new Map<string, AcceleratorMatch>();
  const models = new Map<string, string | null>();
  const vendors = new Map<string, string>();
  for (const { vendor, id } of entries.accelerators) if (!vendors.has(vendor)) vendors.set(vendor, id);
  return {
    accelerator: (text) => remembered(accelerators, text, () => resolveAccelerator(text, entries.accelerators)),
    model: (text) => remembered(models, text, () => resolveModel(text, entries.models)),
    acceleratorExamples: [...vendors.values()].slice(0, EXAMPLES),
    modelExamples:
      entries.models.length === 0 ? ["org/name"] : entries.models.slice(0, EXAMPLES).map((model) => model.id),
  };
}

function remembered<T>(known: Map<string, T>, text: string, resolve: () => T): T {
  const before = known.get(text);
  if (before !== undefined || known.has(text)) return before as T;
  const value = resolve();
  known.set(text, value);
  return value;
}
