import type { QualityFlag } from "../../measurement/quality-flags";
import type { GivenFacts } from "../report";
import type { CatalogueLookup } from "./catalogue";
import type { DraftRun, FactSources } from "./draft-run";

/** What a model's name says: the model, and the weights and their precision where the name is that of a quantised checkpoint. */
export interface ModelFact {
  model: string;
  checkpoint: string | undefined;
  precision: string | undefined;
  flags: QualityFlag[];
}

/** A model's name that nobody else would find: `ask` the person for its Hugging Face id. */
export interface UnclearModel {
  /** What the name is, for a sentence: `a path of one machine`. */
  is: string;
  /** Hugging Face ids it may stand for. */
  offers: string[];
}

/** First steps of paths, none of which is an organisation that publishes models. */
const FOLDERS =
  /^(?:models?|checkpoints?|weights|data|mnt|home|root|workspace|work|app|opt|tmp|var|srv|scratch|cache|hub)$/i;

/** `organisation/name`, as the Hugging Face hub writes ids. */
const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/** True for text that is, by its form, a Hugging Face id, and no path of a machine. */
export function isHubId(text: string): boolean {
  return (
    HUB_ID.test(text) && !FOLDERS.test(text.slice(0, text.indexOf("/"))) && !/\.(?:gguf|bin|safetensors)$/i.test(text)
  );
}

/**
 * A Hugging Face id out of the ways tools and people write one: the hub's address, its own scheme, the folder of its cache
 * (`models--org--name/snapshots/…`); any other text as it is.
 */
export function hubIdIn(text: string): string {
  const address =
    /^(?:https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/|hf:\/\/|huggingface:\/\/)([\w.-]+\/[\w.-]+)/i.exec(
      text,
    )?.[1];
  if (address !== undefined) return address;
  const cached = /(?:^|[/\\])models--([\w.-]+?)--([\w.-]+?)(?:[/\\]|$)/.exec(text);
  return cached === null ? text : `${cached[1]}/${cached[2]}`;
}

/**
 * Why the name a report gives its model tells nobody else which model it is; `null` where it does, or where the person has said
 * so. Rows of tables state names of their own.
 */
export function unclearModel(
  text: string,
  draft: DraftRun,
  sources: FactSources,
  catalogue: CatalogueLookup,
): UnclearModel | null {
  const isGiven = sources.flags.model !== undefined || sources.side.model !== undefined;
  if (!sources.flagsWin || isGiven || isHubId(text) || catalogue.knowsModel(text)) return null;
  const isPath = /[/\\]/.test(text) || /\.gguf$/i.test(text);
  const name = text.split(/[/\\]/).findLast((step) => step !== "") ?? text;
  const tail = /([\w.-]+[/\\][\w.-]+)[/\\]?$/.exec(text)?.[1]?.replace("\\", "/") ?? "";
  const known = catalogue.modelsCalled(name);
  const tokenizer = draft.tokenizer !== undefined && isHubId(draft.tokenizer) ? [draft.tokenizer] : [];
  const offers = [...tokenizer, ...(isPath && catalogue.knowsModel(tail) ? [tail] : []), ...known];
  return { is: isPath ? "a path of one machine" : "a served name or an alias", offers: [...new Set(offers)] };
}

/** The sentence about an unclear model whose tokenizer may be its own: it is kept, and this note says so. */
export function unclearModelNote(text: string, { is, offers }: UnclearModel): string {
  return `The model is called "${text}", ${is} and no Hugging Face id: it stands beside no other measurement of that model. If it is ${offers.join(" or ")}, give --model ${offers[0] ?? ""}.`;
}

/**
 * The model behind a name: where the name is that of a quantised checkpoint the catalogue knows, its model, with the checkpoint
 * and its precision; what report or person say of either goes first.
 */
export function modelOfCheckpoint(model: string, facts: GivenFacts, catalogue: CatalogueLookup): ModelFact {
  const base = facts.checkpoint === undefined ? catalogue.quantised(model) : null;
  if (base === null) return { model, checkpoint: facts.checkpoint, precision: facts.precision, flags: [] };
  const isInferred = facts.precision === undefined;
  return {
    model: base.model,
    checkpoint: model,
    precision: facts.precision ?? base.precision,
    flags: isInferred ? ["precision_inferred_from_checkpoint"] : [],
  };
}
