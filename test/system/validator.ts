import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { podsIn } from "../unit/manifests/mistakes";
import { at, type Json, objectsIn } from "../unit/manifests/read-bundle";
import { VALIDATOR } from "../unit/manifests/shared-figures";

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

/** One run of the validator over all texts: the start costs seconds, a file costs milliseconds. */
export function validated(texts: Iterable<string>): Verdict {
  const directory = mkdtempSync(path.join(tmpdir(), "manifests-"));
  try {
    let index = 0;
    for (const text of texts)
      writeFileSync(path.join(directory, `${String(index++).padStart(5, "0")}.yaml`), withPods(text));
    const run = spawnSync(process.execPath, [VALIDATOR, directory], {
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
