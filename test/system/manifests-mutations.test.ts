import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fields, put } from "../unit/manifests/mistakes";
import { at, type Json, objectsIn, yamlOf } from "../unit/manifests/read-bundle";
import { WHOLE } from "../unit/manifests/whole-choices";
import { hasValidator, REFERENCE_MANIFESTS, validated } from "./validator";

/** The validator has no schemas of these. */
const WITHOUT_SCHEMA = new Set(["DestinationRule", "ClientTrafficPolicy"]);
/** Maps whose keys are anybody's: a wrong one there is no wrong field. */
const FREE_KEYS = new Set(
  [
    "labels annotations matchLabels nodeSelector requests limits data parameters volumeAttributes tags capacity",
    // KEDA hands these on to the scaler.
    "metadata",
  ].flatMap((line) => line.split(" ")),
);

/** One object of each kind, the largest, since it has most fields. */
function largestOfEachKind(): Json[] {
  const largest = new Map<string, Json>();
  for (const object of WHOLE.flatMap(({ choice }) => objectsIn(yamlOf(choice)))) {
    const kind = String(at(object, "kind"));
    const before = largest.get(kind);
    if (before === undefined || JSON.stringify(object).length > JSON.stringify(before).length)
      largest.set(kind, object);
  }
  return [...largest].filter(([kind]) => !WITHOUT_SCHEMA.has(kind)).map(([, object]) => object);
}

type Path = readonly (string | number)[];

/** Every place in an object, with its value. */
function places(json: Json | undefined, at: Path = []): [Path, Json][] {
  if (json === undefined) return [];
  const inside: [string | number, Json][] = Array.isArray(json) ? [...json.entries()] : fields(json);
  return [[at, json], ...inside.flatMap(([key, value]) => places(value, [...at, key]))];
}

/** Under a service's `selector` keys are free, elsewhere it is a field. */
function hasFreeKeys(object: Json, place: Path): boolean {
  const last = place.at(-1);
  if (place.length === 0 || place[0] === "metadata") return true;
  return (
    place.some((key) => typeof key === "string" && FREE_KEYS.has(key)) ||
    (last === "selector" && at(object, "kind") === "Service")
  );
}

function mutated(object: Json, place: Path, value: Json): string {
  const copy = structuredClone(object);
  put(copy, place, value);
  return JSON.stringify(copy);
}

interface Mutation {
  what: string;
  text: string;
}

function wrongFields(object: Json): Mutation[] {
  return places(object)
    .filter(([place, value]) => fields(value).length > 0 && !hasFreeKeys(object, place))
    .map(([place]) => ({
      what: `${at(object, "kind")} ${place.join(".")}`,
      text: mutated(object, [...place, "wrongField"], "x"),
    }));
}

/** Fields that take a few words only, by kind where the name alone does not say it. */
const ENUMS =
  /^(?:imagePullPolicy|pullPolicy|protocol|failureMode|whenUnsatisfiable|operator|effect|restartPolicy|allocationMode|startupPolicy|unhealthyPodEvictionPolicy|volumeBindingMode|persistentVolumeReclaimPolicy|consolidationPolicy|fsGroupChangePolicy|instanceStorePolicy|portSpecification)$/;
const TYPES = new Set([
  "Deployment strategy.type",
  "HTTPRoute path.type",
  "HealthCheckPolicy config.type",
  "HorizontalPodAutoscaler metrics.type",
  "LeaderWorkerSet rolloutStrategy.type",
  "Service spec.type",
]);

function wrongWords(object: Json): Mutation[] {
  const kind = String(at(object, "kind"));
  return places(object)
    .filter(([place, value]) => {
      // A listener's protocol may be anybody's own.
      if (kind === "Gateway") return false;
      const names = place.filter((key) => typeof key === "string");
      return (
        typeof value === "string" &&
        (ENUMS.test(names.at(-1) ?? "") || TYPES.has(`${kind} ${names.slice(-2).join(".")}`))
      );
    })
    .map(([place, value]) => ({ what: `${kind} ${place.join(".")}`, text: mutated(object, place, `${value}x`) }));
}

/** Every file of reference manifests that are known to be wrong. */
function knownToBeWrong(): Mutation[] {
  return ["broken", "samples-known-bad"].flatMap((name) => {
    const folder = path.join(REFERENCE_MANIFESTS, name);
    return readdirSync(folder).map((file) => ({ what: file, text: readFileSync(path.join(folder, file), "utf8") }));
  });
}

/** What the other tests rest on: that the validator would say so if a manifest were wrong. */
describe.skipIf(!hasValidator)("the validator (skipped where it is not beside this checkout)", () => {
  const objects = hasValidator ? largestOfEachKind() : [];
  const sets = {
    whole: objects.map((object) => ({ what: String(at(object, "kind")), text: JSON.stringify(object) })),
    fields: objects.flatMap(wrongFields),
    words: objects.flatMap(wrongWords),
    known: hasValidator ? knownToBeWrong() : [],
  };
  let refused: Set<string>;

  beforeAll(() => {
    // Each text is told by its set and what is wrong in it.
    const all = Object.entries(sets).flatMap(([set, list]) =>
      list.map(({ what, text }) => ({ key: `${set} ${what}`, text })),
    );
    const verdict = validated(all.map(({ text }) => text));
    refused = new Set([...verdict.refused].map((index) => all[index]?.key ?? ""));
  });

  const accepted = (set: keyof typeof sets) =>
    sets[set].map(({ what }) => what).filter((what) => !refused.has(`${set} ${what}`));

  test("accepts an object of each kind as it is, so that it refuses the ones below for what is wrong in them", () => {
    expect(accepted("whole")).toEqual(sets.whole.map(({ what }) => what));
  });

  test("refuses a field that does not exist, wherever it is in any kind of object", () => {
    expect(sets.fields.length).toBeGreaterThan(300);
    expect(accepted("fields")).toEqual([]);
  });

  test("refuses a word that is not one of those a field takes", () => {
    expect(sets.words.length).toBeGreaterThan(40);
    expect(accepted("words")).toEqual([]);
  });

  test("refuses every manifest that is known to be wrong", () => {
    expect(sets.known.length).toBeGreaterThan(8);
    expect(accepted("known")).toEqual([]);
  });
});
