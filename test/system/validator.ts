import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { podsIn } from "../unit/manifests/mistakes";
import { at, type Json, objectsIn } from "../unit/manifests/read-bundle";
import { danglingReferences } from "../unit/manifests/references";

/** Schemas and known mistakes of Kubernetes beside this checkout, where they are. */
export const REFERENCE_MANIFESTS = path.resolve(import.meta.dirname, "../../../shared/manifests");
const VALIDATOR = path.join(REFERENCE_MANIFESTS, "validate.mjs");
export const hasValidator = existsSync(VALIDATOR);
if (!hasValidator) {
  console.log(
    "The manifest validator is not beside this checkout: our own checks of structure and references stand in; tests of the validator itself are skipped.",
  );
}

/** What the validator says of one object. */
interface ObjectVerdict {
  /** `Kind/name (apiVersion)`. */
  id: string;
  status: "valid" | "invalid" | "unknown" | "skipped";
  errors: { at: string; msg: string }[];
  warnings: { at: string; msg: string }[];
}

interface Validator {
  /** The schemas of a folder, each compiled when it is first needed. */
  Registry: new (
    schemas: string,
  ) => object;
  validateText(registry: object, text: string): ObjectVerdict[];
}

/** The validator with its schemas, once for all files of a worker: to read and compile them takes seconds, a text milliseconds. */
async function loadedValidator(): Promise<(text: string) => ObjectVerdict[]> {
  const { Registry, validateText }: Validator = await import(pathToFileURL(VALIDATOR).href);
  const registry = new Registry(path.join(REFERENCE_MANIFESTS, "schemas"));
  return (text) => validateText(registry, text);
}

const validateText = hasValidator ? await loadedValidator() : null;

/** Objects of gateways whose types the validator has no schema for. */
const UNKNOWN = /^(?:DestinationRule|ClientTrafficPolicy|ComputeDomain)\/\S+ \(\S+\)$/;

const MADE_BY_DOMAIN = /^ResourceClaimTemplate\/\S+-nvlink is not in this set$/;

export interface Verdict {
  /** Errors and warnings alike, and types nobody knows but those that are known to have no schema. */
  complaints: string[];
  /** Positions of the texts that were refused. */
  refused: Set<number>;
  /** How many of what, in one line. */
  summary: string;
}

function objectsOrNone(text: string): Json[] {
  try {
    return objectsIn(text);
  } catch {
    return [];
  }
}

/** A text with the pods of its groups of machines as pods of their own: the schema of a group knows no words of theirs. */
function withPods(text: string): string {
  if (!text.includes("LeaderWorkerSet")) return text;
  const pods = objectsOrNone(text)
    .filter((object) => at(object, "kind") === "LeaderWorkerSet")
    .flatMap((group) =>
      podsIn(group).map((pod, index) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `${at(group, "metadata", "name")}-${index}` },
        spec: at(pod, "spec"),
      })),
    );
  return [text, ...pods.map((pod) => JSON.stringify(pod))].join("\n---\n");
}

/** What is wrong with a text's structure and in the names its objects call one another by, as far as we can tell ourselves. */
function ourComplaints(text: string): string[] {
  let objects: Json[];
  try {
    objects = objectsIn(text);
  } catch (error) {
    return [`unreadable: ${error}`];
  }
  const unnamed = objects.filter((object) => ["apiVersion", "kind"].some((key) => typeof at(object, key) !== "string"));
  return [...unnamed.map((object) => `no object: ${JSON.stringify(object)}`), ...danglingReferences(objects)];
}

function ourVerdict(texts: readonly string[]): Verdict {
  const found = texts.map(ourComplaints);
  const refused = new Set(found.flatMap((complaints, index) => (complaints.length > 0 ? [index] : [])));
  return {
    complaints: found.flat(),
    refused,
    summary: `${texts.length} files, 0 invalid, 0 of unknown type, 0 skipped; 0 errors, ${refused.size} warnings`,
  };
}

/** What the validator says of all texts; without it what our own checks say. */
export function validated(texts: Iterable<string>): Verdict {
  if (validateText === null) return ourVerdict([...texts]);
  const complaints: string[] = [];
  const refused = new Set<number>();
  const counts = { files: 0, invalid: 0, unknown: 0, skipped: 0, errors: 0, warnings: 0 };
  for (const text of texts) {
    const domains = text.includes("kind: ComputeDomain");
    for (const { id, status, errors, warnings: all } of validateText(withPods(text))) {
      // A ComputeDomain makes the template of its channel itself.
      const warnings = all.filter(({ msg }) => !(domains && MADE_BY_DOMAIN.test(msg)));
      if (status !== "valid") counts[status] += 1;
      counts.errors += errors.length;
      counts.warnings += warnings.length;
      if (errors.length > 0) refused.add(counts.files);
      if (status === "unknown" && !UNKNOWN.test(id)) complaints.push(`${counts.files}: ${id}: unknown type`);
      for (const { at, msg } of errors) complaints.push(`${counts.files}: ${id}: error ${at || "(object)"}: ${msg}`);
      for (const { at, msg } of warnings) complaints.push(`${counts.files}: ${id}: warn ${at || "(object)"}: ${msg}`);
    }
    counts.files += 1;
  }
  const { files, invalid, unknown, skipped, errors, warnings } = counts;
  return {
    complaints,
    refused,
    summary: `${files} files, ${invalid} invalid, ${unknown} of unknown type, ${skipped} skipped; ${errors} errors, ${warnings} warnings`,
  };
}
