import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
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

/** Objects of gateways whose types the validator has no schema for. */
const UNKNOWN = /^unknown \S+ (?:DestinationRule|ClientTrafficPolicy)\/\S+ \(\S+\)$/;

export interface Verdict {
  /** Errors and warnings alike: everything but the last line and types that are known to have no schema. */
  complaints: string[];
  /** Positions of the texts that were refused. */
  refused: Set<number>;
  /** The last line. */
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

/**
 * One run of the validator over all texts: the start costs seconds, a file costs milliseconds. Without the validator what our own
 * checks say.
 */
export function validated(texts: Iterable<string>): Verdict {
  if (!hasValidator) return ourVerdict([...texts]);
  const directory = mkdtempSync(path.join(tmpdir(), "manifests-"));
  try {
    let index = 0;
    for (const text of texts)
      writeFileSync(path.join(directory, `${String(index++).padStart(5, "0")}.yaml`), withPods(text));
    // Resolved: started through a symbolic link, it would take itself for an imported module and do nothing.
    const run = spawnSync(process.execPath, [realpathSync(VALIDATOR), directory], {
      encoding: "utf8",
      maxBuffer: 2 ** 27,
    });
    const lines = (run.stdout + run.stderr).split("\n").filter((line) => line !== "");
    const isSummary = (line: string) => /^\d+ files, /.test(line);
    return {
      complaints: lines.filter((line) => !UNKNOWN.test(line) && !isSummary(line)),
      refused: new Set(lines.flatMap((line) => /^FAIL \S*?(\d{5})\.yaml/.exec(line)?.[1] ?? []).map(Number)),
      summary: lines.find(isSummary) ?? "",
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
