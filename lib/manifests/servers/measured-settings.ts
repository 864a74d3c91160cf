import type { V1EnvVar } from "@kubernetes/client-node";
import { type ArgumentTable, argumentMeaning, argumentName } from "../../measurement/server-arguments/argument-table";
import { argumentTable } from "../../measurement/server-arguments/tables";
import { type SettingAt, type SettingPlace, settingAt } from "../../measurement/setting-expressions";
import { isSettings, type SettingValue, type SettingValues } from "../../measurement/settings";
import type { Choice } from "../plan/choice";
import type { Argument } from "../plan/served-weights";
import type { ServingRole } from "../plan/server-plan";
import { commented } from "../write/commented";
import { wellFormed } from "../write/yaml-serializer";
import { literalArgument, type ServerRequest } from "./server";
import { imageDeparture, type ServerImage } from "./server-image";
import { isOwnAffair, isServersVariable, namesCode } from "./setting-rules";

/** How one server is told its arguments. */
export interface ArgumentSpelling {
  /** Items of a command line that turn a switch off; `null` = it is off without. */
  off(name: string): string | null;
  /** Whether the server that is started knows this argument; left out where it is the one that was measured. */
  knows?: (name: string) => boolean;
  /** The same of options in a file of the engine's own. */
  knowsOption?: (name: string) => boolean;
}

/** A measured argument as it stands on a command line. */
interface MeasuredArgument {
  name: string;
  /** `[]` = the server is told nothing: off is what it is without. */
  items: readonly string[];
}

/** What of the measured settings a manifest carries, and what it cannot. */
export interface CarriedSettings {
  /** Whether the source says how the server was started. */
  isKnown: boolean;
  arguments: readonly MeasuredArgument[];
  environment: V1EnvVar[];
  /** Options in a file of the engine's own, at this load; `null` = none known. */
  engineOptions: SettingValues | null;
  /** Settings of the measurement that are not carried, as parts of sentences: `max-num-seqs (it follows …)`. */
  leftOut: readonly string[];
}

/** Longest argument or variable that is carried, in characters; recorded ones have at most a few hundred. */
const MAX_ITEM_LENGTH = 4000;
const ARGUMENT_NAME = /^[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*$/;
const VARIABLE_NAME = /^[A-Z][A-Z0-9_]*$/i;
const NAMES_CODE = "it names code to load, or who may reach the server";
const NAMES_PLACE = "it names a file or an address of the machine it was measured on";

/** Where settings are looked up: the operating point's load and the workload's lengths. */
export function settingPlace({ operatingPoint, workload }: Pick<Choice, "operatingPoint" | "workload">): SettingPlace {
  const { loadKind, loadValue } = operatingPoint;
  return {
    load: loadValue,
    concurrency: loadKind === "concurrency" ? loadValue : null,
    inputTokens: workload.inputTokens,
    outputTokens: workload.outputTokens,
    workloadId: workload.workloadId,
  };
}

/** A setting at the operating point. Between two loads it is known where it is the same at both. */
function atOperatingPoint(value: SettingValue, choice: Choice): SettingAt {
  const place = settingPlace(choice);
  const found = settingAt(value, place);
  const { operatingPoint } = choice;
  if (found.kind !== "unknown" || operatingPoint.kind !== "interpolated") return found;
  const [low, high] = operatingPoint.between.map(({ loadKind, loadValue }) =>
    settingAt(value, { ...place, load: loadValue, concurrency: loadKind === "concurrency" ? loadValue : null }),
  );
  return low !== undefined && JSON.stringify(low) === JSON.stringify(high) ? low : found;
}

function isText(value: string): boolean {
  return value.length <= MAX_ITEM_LENGTH && !/\p{Cc}/u.test(value) && wellFormed(value) === value;
}

/** A path or an address anywhere in a value. */
function namesPlace(value: SettingValue): boolean {
  if (typeof value === "string") return /^(?:\.{0,2}\/|~)|^[a-z][a-z0-9+.-]*:\/\//i.test(value);
  if (Array.isArray(value)) return value.some(namesPlace);
  return isSettings(value) && Object.values(value).some(namesPlace);
}

function holdsCode(value: SettingValue): boolean {
  if (Array.isArray(value)) return value.some(holdsCode);
  return isSettings(value) && Object.entries(value).some(([name, member]) => namesCode(name) || holdsCode(member));
}

/** A draft model by its id on the hub, as the model itself is named. */
function isDraftModel(name: string, value: SettingValue): boolean {
  return (
    name === "speculative-draft-model-path" && typeof value === "string" && /^[\w][\w.-]*\/[\w][\w.-]*$/.test(value)
  );
}

/** Why a name with its value may not be given to a server; `null` if it may. */
function refusalOf(name: string, value: SettingValue): string | null {
  if (isDraftModel(name, value)) return null;
  if (namesCode(name) || holdsCode(value)) return NAMES_CODE;
  if (namesPlace(value)) return NAMES_PLACE;
  return null;
}

function settingItemText(value: SettingValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `--name=value`; a list is its items after the name, a document is JSON. */
function itemsOf(name: string, value: SettingValue, spelling: ArgumentSpelling): readonly string[] {
  if (value === true) return [`--${name}`];
  if (value === false) {
    const off = spelling.off(name);
    return off === null ? [] : [off];
  }
  if (Array.isArray(value)) return [`--${name}`, ...value.map(settingItemText)];
  return [`--${name}=${settingItemText(value)}`];
}

function ofRole(values: SettingValues | null, role: ServingRole | null): SettingValues | null {
  if (values === null || role === null) return values;
  const part = values[role];
  return part !== undefined && isSettings(part) ? part : null;
}

/** What was measured with unknown settings carries nothing. */
const UNKNOWN: CarriedSettings = { isKnown: false, arguments: [], environment: [], engineOptions: null, leftOut: [] };

/**
 * The measured settings as arguments, variables and engine options of a server that is started for this choice. A report is a
 * stranger's text: only what can be an argument is taken, and nothing that loads code, opens the server or names a place on the
 * machine it was measured on. What depends on load or lengths is worked out for the operating point.
 * @param described what has to be recorded for the server to count as described: TensorRT-LLM also has a file of options, which is
 *   all that Dynamo's worker around it takes
 */
export function carriedSettings(
  choice: Choice,
  role: ServingRole | null,
  spelling: ArgumentSpelling,
  described: "arguments" | "options" | "both" = "arguments",
): CarriedSettings {
  const { settings, server } = choice.configuration;
  const recorded = ofRole(settings.serverArguments, role);
  const needsOptions = described !== "arguments" && ofRole(settings.engineOptions, role) === null;
  if (needsOptions || (recorded === null && described !== "options")) return UNKNOWN;
  const values = recorded ?? {};
  const table = argumentTable(server);
  const leftOut: string[] = [];
  const list: MeasuredArgument[] = [];
  for (const [written, stored] of Object.entries(values)) {
    const name = argumentName(table, written);
    const found = atOperatingPoint(stored, choice);
    // Facts stand in the layout and the model, which are written from them.
    const meaning = argumentMeaning(table, name);
    if (found.kind === "notSet" || meaning === "fact" || meaning === "neutral" || isOwnAffair(name)) continue;
    const problem = argumentProblem(name, found, spelling);
    if (problem !== null || found.kind !== "known") {
      leftOut.push(`${shown(name)} (${problem ?? "not known"})`);
      continue;
    }
    list.push({ name, items: itemsOf(name, found.value, spelling).map(literalArgument) });
  }
  const environment = carriedEnvironment(choice, ofRole(settings.environment, role), leftOut);
  const engineOptions = carriedOptions(choice, ofRole(settings.engineOptions, role), spelling, leftOut);
  return { isKnown: true, arguments: list, environment, engineOptions, leftOut };
}

/** A stranger's name in a sentence. */
function shown(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 60);
}

function argumentProblem(name: string, found: SettingAt, spelling: ArgumentSpelling): string | null {
  if (!ARGUMENT_NAME.test(name)) return "that is no argument of the server";
  if (found.kind === "unknown") return found.reason;
  if (found.kind === "notSet") return null;
  if (found.value === null) return "its value is not recorded";
  const refusal = refusalOf(name, found.value);
  if (refusal !== null) return refusal;
  if (!isText(settingItemText(found.value))) return "its value is longer than an argument, or has line breaks";
  if (spelling.knows !== undefined && !spelling.knows(name))
    return "the server that is started here has no such argument";
  return null;
}

function carriedEnvironment(choice: Choice, values: SettingValues | null, leftOut: string[]): V1EnvVar[] {
  return Object.entries(values ?? {}).flatMap(([name, stored]) => {
    const found = atOperatingPoint(stored, choice);
    if (found.kind === "notSet") return [];
    const problem = variableProblem(name, found);
    if (problem !== null || found.kind !== "known") {
      leftOut.push(`${shown(name)} (${problem ?? "not known"})`);
      return [];
    }
    return [commented({ name, value: literalArgument(settingItemText(found.value)) }, { name: "measured" })];
  });
}

function variableProblem(name: string, found: SettingAt): string | null {
  if (!VARIABLE_NAME.test(name)) return "that is no name of a variable";
  if (!isServersVariable(name)) return "not known as a variable of the server or the libraries under it";
  if (found.kind === "unknown") return found.reason;
  if (found.kind === "notSet") return null;
  if (namesPlace(found.value)) return NAMES_PLACE;
  return isText(settingItemText(found.value)) ? null : "its value is longer than a variable, or has line breaks";
}

function carriedOptions(
  choice: Choice,
  values: SettingValues | null,
  spelling: ArgumentSpelling,
  leftOut: string[],
): SettingValues | null {
  if (values === null) return null;
  const kept: [string, SettingValue][] = [];
  for (const [name, stored] of Object.entries(values)) {
    if (spelling.knowsOption?.(name) === false) {
      leftOut.push(`${shown(name)} (the server that is started here has no such option)`);
      continue;
    }
    const found = optionAt(name, stored, choice, leftOut);
    if (found !== null) kept.push([name, found]);
  }
  return Object.fromEntries(kept);
}

/** One option with those of its members that are known here. */
function optionAt(name: string, stored: SettingValue, choice: Choice, leftOut: string[]): SettingValue | null {
  if (isSettings(stored) && Object.keys(stored).length > 0) {
    const members = Object.entries(stored).flatMap(([inner, member]): [string, SettingValue][] => {
      const found = optionAt(`${name}.${inner}`, member, choice, leftOut);
      return found === null ? [] : [[inner, found]];
    });
    return members.length === 0 ? null : Object.fromEntries(members);
  }
  const found = atOperatingPoint(stored, choice);
  if (found.kind === "notSet") return null;
  const problem =
    found.kind === "unknown"
      ? found.reason
      : !name.split(".").every((part) => ARGUMENT_NAME.test(part))
        ? "that is no option of the server"
        : refusalOf(name.slice(name.lastIndexOf(".") + 1), found.value);
  if (problem === null && found.kind === "known") return found.value;
  leftOut.push(`${shown(name)} (${problem})`);
  return null;
}

/** The name of the flag an argument sets, as the table calls it; `null` for a positional argument. */
function flagName(table: ArgumentTable, { value }: Argument): string | null {
  const written = /^--([^=]+)/.exec(value)?.[1];
  if (written === undefined) return null;
  const name = argumentName(table, written);
  return table.hasNegations && name.startsWith("no-") ? name.slice("no-".length) : name;
}

/** How weights are read changes nothing once they are. */
const LOADING = new Set(["load-format", "model-loader-extra-config", "safetensors-load-strategy"]);

/**
 * Arguments of our own with the measured ones: a measured value takes the place of what was chosen, except where the pod needs
 * its own, which is then a departure from what was measured.
 */
export function withMeasured(
  server: string,
  own: readonly Argument[],
  measured: readonly MeasuredArgument[],
): { list: Argument[]; departures: string[] } {
  const table = argumentTable(server);
  const byName = new Map(measured.map((argument) => [argument.name, argument]));
  const departures: string[] = [];
  const list = own.flatMap((argument): Argument[] => {
    const name = flagName(table, argument);
    const found = name === null ? undefined : byName.get(name);
    if (name === null || found === undefined) return [argument];
    byName.delete(name);
    if (argument.origin === "measurement" || argument.origin === "choice") return argumentsOf(found, argument.why);
    if (!LOADING.has(name) && found.items[0] !== argument.value) {
      departures.push(`${argument.value} in the place of ${found.items.join(" ") || `no ${name}`}`);
    }
    return [argument];
  });
  return { list: [...list, ...[...byName.values()].flatMap((found) => argumentsOf(found))], departures };
}

/** One argument for each item; the reason stands above the first. */
function argumentsOf({ items }: MeasuredArgument, why?: string): Argument[] {
  return items.map((value, index) =>
    index === 0 ? { value, origin: "measurement", why: measuredReason(why) } : { value, origin: null },
  );
}

/** A reason that speaks of a choice does not hold for the measured value. */
function measuredReason(why: string | undefined): string | undefined {
  return why?.startsWith("measured") === true ? why : undefined;
}

/** Variables of our own go before measured ones. */
export function withMeasuredEnvironment(own: V1EnvVar[], measured: readonly V1EnvVar[]): V1EnvVar[] {
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...measured.filter(({ name }) => !names.has(name))];
}

/**
 * How a server is started differently from the one that was measured; `null` where it is not recorded how that was.
 * @param own arguments of our own in the place of measured ones
 */
export function departuresOf(
  { choice, weights }: Pick<ServerRequest, "choice" | "weights">,
  image: ServerImage,
  measured: CarriedSettings,
  own: readonly string[],
): string[] | null {
  if (!measured.isKnown) return null;
  const { configuration } = choice;
  const departure = imageDeparture(configuration, image);
  return [
    ...(departure === null ? [] : [departure]),
    ...(weights.asMeasured
      ? []
      : [`weights of ${weights.repository}, as the source does not name those that were measured`]),
    ...(choice.options.context === "model" ? ["requests as long as the model and the memory allow"] : []),
    ...own,
    ...(measured.leftOut.length === 0 ? [] : [`without ${measured.leftOut.join(", ")}`]),
  ];
}
