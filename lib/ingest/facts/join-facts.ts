import { type ConfigurationFacts, SERVING_MODES, type ServingMode, type Source } from "../../domain";
import type { QualityFlag } from "../../measurement/quality-flags";
import type { SettingGroup, Settings } from "../../measurement/settings";
import { ok, type Result, refused } from "../../result";
import { problem } from "../problem";
import type { GivenFacts, Problem } from "../report";
import { settledFacts } from "./argument-facts";
import { canonicalCheckpoint, canonicalPrecision, canonicalSpeculative, canonicalText } from "./canonical";
import type { CatalogueLookup } from "./catalogue";
import type { DraftRun, FactSources } from "./draft-run";
import { contradictionFlags } from "./fact-flags";
import {
  canonicalParallelism,
  DEFAULT_SOURCE_NAME,
  FACT_NAMES,
  type FactName,
  type FactValue,
  factValue,
  isSettingGroup,
  overlayFacts,
} from "./facts";
import { hubIdIn, modelOfCheckpoint, unclearModel, unclearModelNote } from "./model-fact";
import { isPlainText } from "./models";
import { isPricingModel, PRICING_MODELS } from "./pricing-models";
import { canonicalGroup, SETTINGS_FORM } from "./settings-text";

const TEXT_MAX_LENGTH = 200;
const URL_MAX_LENGTH = 2000;
/** A registry, a name, a tag and a digest. */
const IMAGE_MAX_LENGTH = 500;
/** Models offered in a question. */
const MODELS_OFFERED = 3;
const MAX_COUNT = 1_000_000_000;

/** The facts of a run and what follows from them. Runs with the same facts share one object. */
interface RunFacts {
  facts: GivenFacts;
  configuration: ConfigurationFacts;
  source: Source;
  /** Caveats of what the report and the person say together. */
  flags: QualityFlag[];
}

/** Results kept for reuse, because the runs of one directory state the same few facts over and over. */
interface Joined {
  /** By what the report states, as text. */
  byText: Map<string, RunFacts>;
  /** By the very objects it is stated in: rows of a table share them. */
  byObject: WeakMap<GivenFacts, { hints: GivenFacts; facts: RunFacts }>;
}

/** By what the person gives. */
const JOINED = new WeakMap<FactSources, Joined>();

/** Joins what the report and the person say; each missing or impossible fact is a problem. */
export function joinedFacts(
  draft: DraftRun,
  sources: FactSources,
  catalogue: CatalogueLookup,
): Result<RunFacts, { facts: GivenFacts; problems: Problem[] }> {
  let known = JOINED.get(sources);
  if (known === undefined) {
    known = { byText: new Map(), byObject: new WeakMap() };
    JOINED.set(sources, known);
  }
  const same = known.byObject.get(draft.stated);
  if (same !== undefined && same.hints === draft.hints) return ok(same.facts);
  const key = JSON.stringify([draft.stated, draft.hints]);
  const before = known.byText.get(key);
  if (before !== undefined) {
    known.byObject.set(draft.stated, { hints: draft.hints, facts: before });
    return ok(before);
  }
  const facts = overlaidFacts(draft, sources, catalogue);
  const problems: Problem[] = [];
  const refuse: Refuse = (field, expected, sentence) => {
    problems.push(refusedFact(draft, facts, field, expected, sentence));
  };
  const checked = checkedFacts(facts, draft, sources, catalogue, refuse);
  if (problems.length > 0 || checked === null) return refused({ facts, problems });
  const joined: RunFacts = {
    facts,
    ...checked,
    flags: [...contradictionFlags(draft, sources), ...checked.flags],
  };
  known.byText.set(key, joined);
  known.byObject.set(draft.stated, { hints: draft.hints, facts: joined });
  return ok(joined);
}

/** The problem of a fact that is missing or cannot be. `sentence` says what is wrong, without the file. */
export function refusedFact(
  draft: DraftRun,
  facts: GivenFacts,
  field: FactName["field"],
  expected: string,
  sentence: string,
): Problem {
  const file = draft.files[0] ?? "";
  const location = draft.locationOf?.(field, draft.points) ?? "";
  const fact = FACT_NAMES.find((name) => name.field === field)?.key;
  const message = `${location === "" ? file : `${file}, ${location}`}: ${sentence}`;
  const wrong = problem(file, location, factValue(facts, field), expected, message);
  return fact === undefined ? wrong : { ...wrong, fact };
}

type Refuse = (field: FactName["field"], expected: string, sentence: string) => void;

function overlaidFacts(draft: DraftRun, sources: FactSources, catalogue: CatalogueLookup): GivenFacts {
  const weak = overlayFacts(draft.hints, sources.side);
  const stated = withoutUnknownAccelerator(draft.stated, sources, catalogue);
  const joined = sources.flagsWin
    ? overlayFacts(overlayFacts(weak, stated), sources.flags)
    : overlayFacts(overlayFacts(weak, sources.flags), stated);
  return settledFacts(joined).facts;
}

/** Checks the facts and makes configuration and source from them; `null` if one was refused. */
function checkedFacts(
  facts: GivenFacts,
  draft: DraftRun,
  sources: FactSources,
  catalogue: CatalogueLookup,
  refuse: Refuse,
): Pick<RunFacts, "configuration" | "source" | "flags"> | null {
  let malformed = false;
  for (const { field, flag, key, kind } of FACT_NAMES) {
    const value = factValue(facts, field);
    if (value === undefined) continue;
    if (isSettingGroup(field)) {
      if (canonicalGroup(field, value) !== null) continue;
      malformed = true;
      refuse(field, SETTINGS_FORM, `${key.replaceAll("_", " ")} (${flag}, ${key}) must be ${SETTINGS_FORM}.`);
    } else if (kind === "count" ? !isCount(value) : !isFactText(field, value)) {
      const expected =
        kind === "count" ? "a whole number, 1 or more" : `plain text of at most ${maxLengthOf(field)} characters`;
      malformed = true;
      refuse(field, expected, `${key.replaceAll("_", " ")} (${flag}, ${key}) must be ${expected}.`);
    }
  }
  if (malformed) return null;

  const model = facts.model === undefined ? null : catalogue.model(hubIdIn(facts.model.trim()));
  const unclear = model === null ? null : unclearModel(model, draft, sources, catalogue);
  if (facts.model === undefined) {
    refuse("model", missing("model", catalogue.modelExamples), missingSentence(draft, "model", "model"));
  } else if (model === null) {
    refuse(
      "model",
      "a Hugging Face id such as org/name",
      "the model is no name; expected a Hugging Face id such as org/name.",
    );
  } else if (unclear !== null && draft.tokenizer === undefined) {
    const offered =
      unclear.offers.length === 0 ? "" : ` (is it ${unclear.offers.slice(0, MODELS_OFFERED).join(" or ")}?)`;
    refuse(
      "model",
      "a Hugging Face id such as org/name",
      `the report calls the model "${model}", ${unclear.is}; give its Hugging Face id${offered} as --model, or model: in an iq.yaml beside it.`,
    );
  } else if (unclear !== null && unclear.offers.length > 0) {
    sources.notes.add(unclearModelNote(model, unclear));
  }
  const match = resolveAcceleratorFact(facts.accelerator, draft, sources, catalogue, refuse);
  const accelerator = match?.accelerator ?? null;
  const acceleratorCount = acceleratorCountOf(facts);
  if (acceleratorCount === null) {
    refuse(
      "acceleratorCount",
      missing("acceleratorCount", ["1", "8"]),
      missingSentence(draft, "acceleratorCount", "number of accelerators"),
    );
  }
  const servingMode = servingModeOf(facts);
  if (servingMode === null)
    refuse("servingMode", SERVING_MODES.join(" or "), `the serving mode must be ${SERVING_MODES.join(" or ")}.`);
  if (facts.workloadId !== undefined && !isWorkloadId(facts.workloadId)) {
    refuse(
      "workloadId",
      "lower-case letters, digits, `.` and `-`",
      "a workload's name may hold lower-case letters, digits, `.` and `-`.",
    );
  }
  if (facts.pricingModel !== undefined && !isPricingModel(facts.pricingModel)) {
    const expected = PRICING_MODELS.join(", ");
    refuse(
      "pricingModel",
      `one of ${expected}`,
      `the pricing model of the published costs must be one of ${expected}.`,
    );
  }
  if (facts.sourceUrl !== undefined && !/^https?:\/\/\S+$/i.test(facts.sourceUrl)) {
    refuse("sourceUrl", "an http or https address", "the source's address must start with http:// or https://.");
  }
  if (model === null || accelerator === null || acceleratorCount === null || servingMode === null) return null;

  const weights = sources.flagsWin
    ? modelOfCheckpoint(model, facts, catalogue)
    : { model, checkpoint: facts.checkpoint, precision: facts.precision, flags: [] };
  const configuration: ConfigurationFacts = {
    model: weights.model,
    checkpoint: canonicalCheckpoint(weights.checkpoint, weights.model),
    accelerator,
    acceleratorCount,
    nodes: facts.nodes ?? null,
    server: canonicalText(facts.server),
    serverVersion: facts.serverVersion?.trim().replace(/^v(?=\d)/, "") ?? null,
    precision: canonicalPrecision(weights.precision),
    parallelism: canonicalParallelism(facts.parallelism ?? {}),
    speculative: canonicalSpeculative(facts.speculative),
    speculativeTokens: facts.speculativeTokens ?? null,
    servingMode,
    prefillAccelerators: facts.prefillAccelerators ?? null,
    decodeAccelerators: facts.decodeAccelerators ?? null,
    settings: settingsOf(facts),
  };
  const source: Source = {
    name: facts.sourceName?.trim() ?? DEFAULT_SOURCE_NAME,
    url: facts.sourceUrl?.trim() ?? null,
    licence: facts.licence?.trim() ?? null,
  };
  return { configuration, source, flags: [...weights.flags, ...(match?.flags ?? [])] };
}

/** What the server was started with, in the form it is stored in. */
function settingsOf(facts: GivenFacts): Settings {
  const groupOf = (group: SettingGroup) => {
    const values = facts[group];
    return values === undefined ? null : canonicalGroup(group, values);
  };
  return {
    serverArguments: groupOf("serverArguments"),
    environment: groupOf("environment"),
    engineOptions: groupOf("engineOptions"),
    image: facts.image?.trim() ?? null,
  };
}

/** Drops the report's name for the accelerator if the catalogue does not know it and the person gives another. */
function withoutUnknownAccelerator(stated: GivenFacts, sources: FactSources, catalogue: CatalogueLookup): GivenFacts {
  const given = sources.flags.accelerator ?? sources.side.accelerator;
  if (given === undefined || stated.accelerator === undefined) return stated;
  if (catalogue.accelerator(stated.accelerator).kind === "found") return stated;
  const { accelerator: _, ...rest } = stated;
  return rest;
}

function resolveAcceleratorFact(
  text: string | undefined,
  draft: DraftRun,
  sources: FactSources,
  catalogue: CatalogueLookup,
  refuse: Refuse,
): { accelerator: string; flags: QualityFlag[] } | null {
  if (text === undefined) {
    refuse(
      "accelerator",
      missing("accelerator", catalogue.acceleratorExamples),
      missingSentence(draft, "accelerator", "accelerator"),
    );
    return null;
  }
  const match = catalogue.accelerator(text);
  if (match.kind === "found") {
    const { id } = match.accelerator;
    if (match.others.length === 0) return { accelerator: id, flags: [] };
    sources.notes.add(
      `"${text}" was taken for ${id}; it may also mean ${match.others.join(" or ")}: then give --accelerator.`,
    );
    return { accelerator: id, flags: ["accelerator_form_assumed"] };
  }
  if (match.kind === "ambiguous") {
    const candidates = match.candidates.join(", ");
    refuse("accelerator", `one of ${candidates}`, `accelerator "${text}" may mean ${candidates}; name one of them.`);
  } else {
    const nearest = match.nearest.join(", ");
    refuse(
      "accelerator",
      `a catalogue id, e.g. ${nearest}`,
      `accelerator "${text}" is not in the catalogue; nearest: ${nearest}. One that is missing is added with iq catalogue add, or as iq.catalogue.yaml beside the report.`,
    );
  }
  return null;
}

function missing(field: FactName["field"], examples: readonly string[]): string {
  const name = FACT_NAMES.find((fact) => fact.field === field);
  return `${name?.flag} or ${name?.key}: in iq.yaml, e.g. ${examples.join(", ")}`;
}

function missingSentence(draft: DraftRun, field: FactName["field"], what: string): string {
  const name = FACT_NAMES.find((fact) => fact.field === field);
  const others = new Set(draft.files).size - 1;
  const also = others > 0 ? ` (and ${others} more file${others === 1 ? "" : "s"} of the same run)` : "";
  return `the report${also} does not say the ${what}; give ${name?.flag}, or ${name?.key}: in an iq.yaml beside it.`;
}

/**
 * Accelerators of the whole deployment: as given, else those of prefill and decode together. Never guessed from the
 * parallelism; `null` = unknown.
 */
export function acceleratorCountOf(facts: GivenFacts): number | null {
  if (facts.acceleratorCount !== undefined) return facts.acceleratorCount;
  const { prefillAccelerators, decodeAccelerators } = facts;
  return prefillAccelerators === undefined || decodeAccelerators === undefined
    ? null
    : prefillAccelerators + decodeAccelerators;
}

function servingModeOf(facts: GivenFacts): ServingMode | null {
  if (facts.servingMode !== undefined) return SERVING_MODES.find((mode) => mode === facts.servingMode) ?? null;
  return facts.prefillAccelerators === undefined && facts.decodeAccelerators === undefined
    ? "aggregated"
    : "disaggregated";
}

function isCount(value: FactValue): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= MAX_COUNT;
}

function isFactText(field: FactName["field"], value: FactValue): boolean {
  return typeof value === "string" && isPlainText(value, maxLengthOf(field));
}

/** Characters. */
function maxLengthOf(field: FactName["field"]): number {
  if (field === "sourceUrl") return URL_MAX_LENGTH;
  return field === "image" ? IMAGE_MAX_LENGTH : TEXT_MAX_LENGTH;
}

function isWorkloadId(text: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,99}$/.test(text);
}
