import { isList } from "../../../is-list";
import type { ReadPoint } from "../../report";

export type Extras = NonNullable<ReadPoint["extras"]>;
export type ExtraValue = string | number | boolean | null;

/**
 * How GKE Inference Quickstart's own rows and profiles are kept beside the load points read from them, so that an export gives
 * them back unchanged: every cell or JSON leaf under the source's own name, and these few names of ours. The form is one of the
 * tables below, `array`, `documents`, or the key of a response that holds the profiles.
 */
export const GIQ_FORM = "giq_form";
/** Index of the row in its table, or of the profile in its list. */
export const GIQ_ROW = "giq_row";
/** Index of the figures within their profile. */
export const GIQ_STAT = "giq_stat";
/** Prefix of what a response says beside its profiles; kept with its first load point only. */
export const GIQ_RESPONSE = "giq_response";

/** A table: gcloud's `csvprofile` or the columns of its `profile` table. */
export const GIQ_TABLE_FORM = "table";
export const GIQ_TABLE_CRLF_FORM = "table-crlf";

/** More leaves than any profile has with one set of figures; a file beyond it is none of GIQ's. */
export const MAX_LEAVES = 300;

/** An empty key within a path. */
const EMPTY_STEP = "\\~";

/**
 * A JSON value as its leaves by path: `cost[0].costPerMillionInputTokens.units`. Empty objects and arrays are leaves `name{}`
 * and `name[]` of value `null`. Special characters of keys are escaped with a backslash. At most `MAX_LEAVES` + 1 leaves.
 */
export function flattenJson(value: unknown, path: string, into: Map<string, ExtraValue>): void {
  if (into.size > MAX_LEAVES) return;
  if (isList(value)) {
    if (value.length === 0) into.set(`${path}[]`, null);
    for (const [index, element] of value.entries()) {
      if (into.size > MAX_LEAVES) return;
      flattenJson(element, `${path}[${index}]`, into);
    }
  } else if (typeof value === "object" && value !== null) {
    const members = Object.entries(value);
    if (members.length === 0) into.set(`${path}{}`, null);
    for (const [key, member] of members) {
      if (into.size > MAX_LEAVES) return;
      const step = key === "" ? EMPTY_STEP : key.replace(/[\\.[\]{}]/g, "\\$&");
      flattenJson(member, path === "" ? step : `${path}.${step}`, into);
    }
  } else if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null) {
    into.set(path, value);
  }
}

type Tree = Map<string, Tree | ExtraValue> & { isArray?: boolean };

/** The JSON value whose leaves these are: the inverse of {@link flattenJson}, members in the order of their first leaf. */
export function unflattenJson(leaves: Iterable<readonly [string, ExtraValue]>): unknown {
  const root: Tree = new Map();
  for (const [path, value] of leaves) {
    const empty = /(?<!\\)(?:\[\]|\{\})$/.exec(path)?.[0];
    const steps = stepsOf(empty === undefined ? path : path.slice(0, -2));
    const last = steps.pop();
    if (last === undefined) continue;
    let node = root;
    for (const step of steps) {
      node.isArray = step.isIndex;
      const known = node.get(step.key);
      const next: Tree = known instanceof Map ? known : new Map();
      if (next !== known) node.set(step.key, next);
      node = next;
    }
    node.isArray = last.isIndex;
    node.set(last.key, empty === undefined ? value : Object.assign(new Map(), { isArray: empty === "[]" }));
  }
  return jsonOf(root);
}

function jsonOf(node: Tree | ExtraValue | undefined): unknown {
  if (!(node instanceof Map)) return node ?? null;
  if (node.isArray === true) {
    const byIndex = [...node].sort(([left], [right]) => Number(left) - Number(right));
    return byIndex.map(([, member]) => jsonOf(member));
  }
  // `fromEntries` defines members, also one called `__proto__`.
  return Object.fromEntries([...node].map(([key, member]) => [key, jsonOf(member)]));
}

function stepsOf(path: string): { key: string; isIndex: boolean }[] {
  const steps: { key: string; isIndex: boolean }[] = [];
  for (const [, index, key] of path.matchAll(/\[(\d+)\]|((?:\\.|[^\\.[\]])+)/gs)) {
    if (index !== undefined) steps.push({ key: index, isIndex: true });
    else if (key !== undefined)
      steps.push({ key: key === EMPTY_STEP ? "" : key.replace(/\\(.)/gs, "$1"), isIndex: false });
  }
  return steps;
}
