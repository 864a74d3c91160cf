import type { Accelerator, Model } from "../../catalogue/catalogue";
import { groupBy } from "../../group-by";
import { type AcceleratorMatch, resolveAccelerator } from "./accelerators";
import { resolveModel } from "./models";

const EXAMPLES = 3;

/** Finds what a report names in the catalogue, however it spells it. Each spelling is resolved once. */
export interface CatalogueLookup {
  accelerator(text: string): AcceleratorMatch;
  model(text: string): string | null;
  /** True for a model's id, in any case. */
  knowsModel(text: string): boolean;
  /** Ids of models whose name, without the organisation, is this one; case and punctuation ignored. */
  modelsCalled(name: string): string[];
  /** The model and precision of a quantised checkpoint; `null` where no model has one of that id. */
  quantised(checkpoint: string): { model: string; precision: string } | null;
  /** The catalogue's entries of a configuration's own ids; `null` where it has none. */
  entriesOf(ids: { model: string; accelerator: string }): { model: Model | null; accelerator: Accelerator | null };
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
  const modelById = new Map(entries.models.map((model) => [model.id, model]));
  const acceleratorById = new Map(entries.accelerators.map((accelerator) => [accelerator.id, accelerator]));
  const vendors = new Map<string, string>();
  const called = groupBy(entries.models, ({ id }) => simplified(id.slice(id.indexOf("/") + 1)));
  const ids = new Set(entries.models.map(({ id }) => id.toLowerCase()));
  const checkpoints = new Map(
    entries.models.flatMap(({ id, quantisedCheckpoints }) =>
      quantisedCheckpoints.map(({ precision, checkpoint }): [string, { model: string; precision: string }] => [
        checkpoint.toLowerCase(),
        { model: id, precision },
      ]),
    ),
  );
  for (const { vendor, id } of entries.accelerators) if (!vendors.has(vendor)) vendors.set(vendor, id);
  return {
    accelerator: (text) => remembered(accelerators, text, () => resolveAccelerator(text, entries.accelerators)),
    model: (text) => remembered(models, text, () => resolveModel(text, entries.models)),
    knowsModel: (text) => ids.has(text.toLowerCase()),
    modelsCalled: (name) => (called.get(simplified(name)) ?? []).map(({ id }) => id),
    // A checkpoint may be a model of the catalogue too: then it is that.
    quantised: (checkpoint) =>
      ids.has(checkpoint.toLowerCase()) ? null : (checkpoints.get(checkpoint.toLowerCase()) ?? null),
    entriesOf: ({ model, accelerator }) => ({
      model: modelById.get(model) ?? null,
      accelerator: acceleratorById.get(accelerator) ?? null,
    }),
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

function simplified(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "");
}
