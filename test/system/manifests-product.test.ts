import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { Choice } from "../../lib/manifests/plan/choice";
import { manifestOutput } from "../../lib/manifests/write/manifest-output";
import { bundleRefusal } from "../../lib/manifests/write/manifest-yaml";
import { objectsIn, yamlOf } from "../unit/manifests/read-bundle";
import { danglingReferences } from "../unit/manifests/references";
import { shippedChoices } from "../unit/manifests/shipped-configurations";
import { coveringArray, pairsIn, type Row } from "./covering-array";
import { builtTrees, hasKubectl, type TreeToBuild } from "./kustomize-build";
import {
  askedBy,
  bases,
  choiceOf,
  DIMENSIONS,
  formOf,
  refusalOfRow,
  withOptionsOf,
} from "./manifests-product-dimensions";
import { validated } from "./validator";

if (!hasKubectl) console.log("skipped: kubectl is not on the path, so no Kustomize tree is built");
const SECONDS = 1000;
const REASON = /^\S.{30,}\.$/s;
const NO_WORD = /undefined|null|NaN|\[object/;

/**
 * The whole product of server and accelerator (19), platform (8), cluster version (4), device access (2), autoscaler (3),
 * source of its metric (3), gateway (5), storage (6), monitoring (3), benchmark Job (2), NetworkPolicy (2), namespace (2) and
 * output (5) is 312 million bundles. It is reduced to a pairwise covering array: each of the 2,159 pairs of values stands in
 * at least one bundle, or cannot be and has its reason. Every configuration that comes with the program stands in it once
 * more, with the options of one row after the other.
 */
const { rows, impossible, pairs } = coveringArray(DIMENSIONS, bases, refusalOfRow);

/** What a row comes as: the YAML itself, and the tree whose overlay kubectl builds. */
function written(row: Row): { texts: string[]; trees: TreeToBuild[] } {
  const made = manifestOutput(choiceOf(row), askedBy(row), formOf(row));
  if (!made.ok) throw new Error(`${JSON.stringify(row)}: ${made.error}`);
  const output = made.value;
  const platforms = [row.platform ?? ""];
  switch (output.kind) {
    case "text":
      // Helm values are no objects of a cluster.
      return { texts: formOf(row) === "helm-values" ? [] : [output.text], trees: [] };
    case "kustomize":
      return { texts: [], trees: [{ files: output.files, name: output.name, platforms }] };
    case "zip": {
      const files = Object.entries(unzipSync(output.bytes)).map(([path, bytes]) => ({ path, text: strFromU8(bytes) }));
      const single = files.find(({ path }) => path === `${output.name}/${output.name}.yaml`);
      if (single === undefined) throw new Error(`${JSON.stringify(row)}: no YAML in the zip`);
      return { texts: [single.text], trees: [{ files, name: output.name, platforms }] };
    }
  }
}

/** What kubectl would send to the cluster for rows. */
function texts(some: readonly Row[]): string[] {
  const all = some.map(written);
  const overlays = hasKubectl ? builtTrees(all.flatMap(({ trees }) => trees)).flat() : [];
  return [...all.flatMap((one) => one.texts), ...overlays];
}

interface Shipped {
  made: Choice[];
  refused: { label: string; reason: string }[];
}

/** Every shipped configuration with the options of a row: the first, from another one each time, that it can be. */
function shipped(): Shipped {
  const made: Choice[] = [];
  const refused: Shipped["refused"] = [];
  for (const [index, { choice, label }] of shippedChoices().entries()) {
    const turns = rows.map((_, turn) => rows[(index + turn) % rows.length] ?? {});
    const found = turns.map((row) => withOptionsOf(choice, row)).find((one) => bundleRefusal(one) === null);
    if (found !== undefined) made.push(found);
    else
      refused.push({
        label,
        reason: bundleRefusal(choice) ?? bundleRefusal(withOptionsOf(choice, turns[0] ?? {})) ?? "",
      });
  }
  return { made, refused };
}

const ofShipped = shipped();

describe("the product of everything that can be chosen", () => {
  test("has each pair of values in a bundle, or a reason why not", () => {
    expect(pairs).toBe(2159);
    const covered = new Set(rows.flatMap(pairsIn));
    expect(covered.size + impossible.length).toBe(pairs);
    for (const row of rows) expect(refusalOfRow(row)).toBeNull();
    // A rule that refuses more than before shows here.
    expect(impossible.length).toBe(168);
    for (const { pair, reason } of impossible) {
      expect(reason, JSON.stringify(pair)).toMatch(REASON);
      expect(reason, JSON.stringify(pair)).not.toMatch(NO_WORD);
    }
  });

  test("holds every configuration that comes with the program, or there is a reason", () => {
    expect(ofShipped.made.length).toBeGreaterThan(320);
    for (const { label, reason } of ofShipped.refused) {
      expect(reason, label).toMatch(REASON);
      expect(reason, label).not.toMatch(NO_WORD);
    }
  });

  test(
    "makes bundles whose objects name only what is there, in every form they come in, and that a Kubernetes API server accepts",
    () => {
      const whole = [...texts(rows.filter((row) => formOf(row) !== "helm-objects")), ...ofShipped.made.map(yamlOf)];
      expect(whole.length).toBeGreaterThan(350);
      for (const text of whole) expect(danglingReferences(objectsIn(text))).toEqual([]);
      // The pool and its picker come with the chart.
      const besideChart = texts(rows.filter((row) => formOf(row) === "helm-objects"));
      for (const text of besideChart) {
        const others = danglingReferences(objectsIn(text)).filter(
          (item) => !/names no InferencePool |-epp: Pod\w+ selects no pod/.test(item),
        );
        expect(others).toEqual([]);
      }
      const { complaints, summary } = validated(whole);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
      // What names an object of the chart is a warning.
      expect(validated(besideChart).summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors,/);
    },
    600 * SECONDS,
  );
});
