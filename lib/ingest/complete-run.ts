import { type ConfigurationFacts, SERVING_MODES, type ServingMode } from "../domain";
import {
  canonicalCheckpoint,
  canonicalPrecision,
  canonicalSpeculative,
  canonicalText,
  isIsoDate,
  workloadOf,
} from "./canonical";
import type { Catalogue } from "./catalogue";
import type { ExportedFile } from "./export-lines";
import { contradictionFlags, hintFlagsOf, unknownFlags } from "./fact-flags";
import { canonicalParallelism, DEFAULT_SOURCE_NAME, FACT_NAMES, type FactName, factValue, overlayFacts } from "./facts";
import { withGivenConcurrency } from "./given-load";
import { isPlainText } from "./models";
import { isPricingModel, PRICING_MODELS, withPricingModel } from "./pricing-model";
import { problem } from "./problem";
import { withoutSecretTexts } from "./redact-run";
import type { GivenFacts, Problem, ReadPoint, ReadRun } from "./report";

const TEXT_MAX_LENGTH = 200;
const URL_MAX_LENGTH = 2000;
const MAX_COUNT = 1_000_000_000;

/** A run as an adapter read it: what the report says, before what the person says is added. */
export interface DraftRun {
  format: string;
  tool: string | null;
  /** Left out or `null` = the report does not say. */
  toolVersion?: string | null;
  measuredOn: string | null;
  /** What the report itself says. */
  stated: GivenFacts;
  /** What the report makes likely; gives way to everything else. */
  hints: GivenFacts;
  seriesKey: string | null;
  qualityFlags: string[];
  points: ReadPoint[];
  files: string[];
  /** Reports carried along that it was read from, in place of `files`. */
  carriedFiles?: ExportedFile[];
  /** What else the report says sets it apart (free labels of a deployment): runs that differ here are never joined. */
  variant?: string;
  /** Caveats that hold where a hint is what a fact comes from. */
  hintFlags?: Partial<Record<FactName["field"], string>>;
  /** Where a fact of this run stands, for problems; left out = the run as a whole. */
  place?: (field: FactName["field"]) => string;
}

/** What the person says beside the report, and which of the two sides wins where both speak. */
export interface FactSources {
  flags: GivenFacts;
  side: GivenFacts;
  /** Flags correct a report, but only fill the blanks of a table whose rows each state their own facts. */
  flagsWin: boolean;
}

/** A complete run, or every reason why it is none. */
export type RunCompletion = { kind: "run"; run: ReadRun } | { kind: "problems"; problems: Problem[] };

/** Joins what the report and the person say into a complete, canonical run; each missing or impossible fact is a problem. */
export function completeRun(draft: DraftRun, sources: FactSources, catalogue: Catalogue): RunCompletion {
  const file = draft.files[0] ?? "";
  const weak = overlayFacts(draft.hints, sources.side);
  const stated = withoutUnknownAccelerator(draft.stated, sources, catalogue);
  const facts = sources.flagsWin
    ? overlayFacts(overlayFacts(weak, stated), sources.flags)
    : overlayFacts(overlayFacts(weak, sources.flags), stated);
  const problems: Problem[] = [];
  const refuse = (field: FactName["field"], expected: string, sentence: string) => {
    const at = draft.place?.(field) ?? "";
    const fact = FACT_NAMES.find((name) => name.field === field)?.key;
    const message = `${at === "" ? file : `${file}, ${at}`}: ${sentence}`;
    const wrong = problem(file, at, factValue(facts, field), expected, message);
    problems.push(fact === undefined ? wrong : { ...wrong, fact });
  };

  for (const { field, flag, key, kind } of FACT_NAMES) {
    const value = factValue(facts, field);
    if (value === undefined) continue;
    if (kind === "count" ? !isCount(value) : !isFactText(field, value)) {
      const expected =
        kind === "count" ? "a whole number, 1 or more" : `plain text of at most ${TEXT_MAX_LENGTH} characters`;
      refuse(field, expected, `${key.replaceAll("_", " ")} (${flag}, ${key}) must be ${expected}.`);
    }
  }
  if (problems.length > 0) return { kind: "problems", problems };

  const model = facts.model === undefined ? null : catalogue.model(facts.model);
  if (facts.model === undefined) {
    refuse("model", missing("model", catalogue.modelExamples), missingSentence(draft, "model", "model"));
  } else if (model === null) {
    refuse(
      "model",
      "a Hugging Face id such as org/name",
      "the model is no name; expected a Hugging Face id such as org/name.",
    );
  }
  const accelerator = resolveAcceleratorFact(facts.accelerator, draft, catalogue, refuse);
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
  const measuredOn = facts.measuredOn ?? draft.measuredOn;
  if (measuredOn !== null && !isIsoDate(measuredOn)) {
    refuse(
      "measuredOn",
      "a date such as 2026-04-27",
      "the date of the measurement must be an ISO date such as 2026-04-27.",
    );
  }
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
  if (
    problems.length > 0 ||
    model === null ||
    accelerator === null ||
    acceleratorCount === null ||
    servingMode === null
  ) {
    return { kind: "problems", problems };
  }

  const configuration: ConfigurationFacts = {
    model,
    checkpoint: canonicalCheckpoint(facts.checkpoint, model),
    accelerator,
    acceleratorCount,
    nodes: facts.nodes ?? null,
    server: canonicalText(facts.server),
    serverVersion: facts.serverVersion?.trim().replace(/^v(?=\d)/, "") ?? null,
    precision: canonicalPrecision(facts.precision),
    parallelism: canonicalParallelism(facts.parallelism ?? {}),
    speculative: canonicalSpeculative(facts.speculative),
    servingMode,
    prefillAccelerators: facts.prefillAccelerators ?? null,
    decodeAccelerators: facts.decodeAccelerators ?? null,
  };
  const priced = withPricingModel(
    withGivenConcurrency(
      measuredOn === draft.measuredOn ? draft.points : withoutOwnDates(draft.points),
      facts.concurrency,
    ),
    facts.pricingModel,
  );
  const run: ReadRun = {
    format: draft.format,
    tool: draft.tool,
    toolVersion: draft.toolVersion ?? null,
    measuredOn,
    configuration,
    workload: workloadOf(facts, draft.points),
    source: {
      name: facts.sourceName?.trim() ?? DEFAULT_SOURCE_NAME,
      url: facts.sourceUrl?.trim() ?? null,
      licence: facts.licence?.trim() ?? null,
    },
    seriesKey: draft.seriesKey,
    qualityFlags: withoutRepeats([
      ...draft.qualityFlags,
      ...unknownFlags(configuration, measuredOn),
      ...hintFlagsOf(draft, sources),
      ...contradictionFlags(draft, sources),
      ...priced.flags,
    ]),
    points: priced.points,
    files: draft.files,
    ...(draft.carriedFiles === undefined ? {} : { carriedFiles: draft.carriedFiles }),
  };
  return { kind: "run", run: withoutSecretTexts(run) };
}

/** A stated name of an accelerator that means none of the catalogue gives way to what the person says. */
function withoutUnknownAccelerator(stated: GivenFacts, sources: FactSources, catalogue: Catalogue): GivenFacts {
  const said = sources.flags.accelerator ?? sources.side.accelerator;
  if (said === undefined || stated.accelerator === undefined) return stated;
  if (catalogue.accelerator(stated.accelerator).kind === "found") return stated;
  const { accelerator: _, ...rest } = stated;
  return rest;
}

function withoutRepeats(flags: readonly string[]): string[] {
  return [...new Set(flags)];
}

/** A date the person gives holds for every point. */
function withoutOwnDates(points: readonly ReadPoint[]): ReadPoint[] {
  return points.map(({ measuredOn: _, ...point }) => point);
}

function resolveAcceleratorFact(
  text: string | undefined,
  draft: DraftRun,
  catalogue: Catalogue,
  refuse: (field: FactName["field"], expected: string, sentence: string) => void,
): string | null {
  if (text === undefined) {
    refuse(
      "accelerator",
      missing("accelerator", catalogue.acceleratorExamples),
      missingSentence(draft, "accelerator", "accelerator"),
    );
    return null;
  }
  const match = catalogue.accelerator(text);
  if (match.kind === "found") return match.accelerator.id;
  if (match.kind === "ambiguous") {
    const candidates = match.candidates.join(", ");
    refuse("accelerator", `one of ${candidates}`, `accelerator "${text}" may mean ${candidates}; name one of them.`);
  } else {
    const nearest = match.nearest.join(", ");
    refuse(
      "accelerator",
      `a catalogue id, e.g. ${nearest}`,
      `accelerator "${text}" is not in the catalogue; nearest: ${nearest}.`,
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

/** Accelerators of the whole deployment; prefill and decode together are all of it. Never guessed from parallelism; `null` = unknown. */
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

function isCount(value: string | number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= MAX_COUNT;
}

function isFactText(field: FactName["field"], value: string | number): boolean {
  return typeof value === "string" && isPlainText(value, field === "sourceUrl" ? URL_MAX_LENGTH : TEXT_MAX_LENGTH);
}

function isWorkloadId(text: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,99}$/.test(text);
}
