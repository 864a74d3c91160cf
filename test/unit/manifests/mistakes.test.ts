import { describe, expect, test } from "vitest";
import { type Mistake, podsIn, TEXT_MISTAKES } from "./mistakes";
import { OBJECT_MISTAKES } from "./mistakes-in-objects";
import { POD_MISTAKES } from "./mistakes-in-pods";
import { at, objectsIn, yamlOf } from "./read-bundle";
import { WHOLE } from "./whole-choices";

const YAMLS = WHOLE.map(({ choice }) => yamlOf(choice));
const OBJECTS = YAMLS.flatMap((yaml) => objectsIn(yaml));

function subjects({ kind }: Mistake) {
  if (kind === "*") return OBJECTS;
  return kind === "Pod" ? OBJECTS.flatMap(podsIn) : OBJECTS.filter((object) => at(object, "kind") === kind);
}

/**
 * What is wrong in manifests found elsewhere (official samples among them), each told apart from what is right and looked
 * for in every object of the whole bundles that could have it.
 */
describe("a mistake people publish", () => {
  test.each([...POD_MISTAKES, ...OBJECT_MISTAKES])("is in no $kind: $name", (mistake) => {
    const all = subjects(mistake);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter((object) => mistake.has(object))).toEqual([]);
    const broken = structuredClone(all[0] ?? null);
    mistake.make(broken);
    expect(mistake.has(broken)).toBe(true);
  });

  test.each(TEXT_MISTAKES)("is in no YAML: $name", ({ has, make }) => {
    for (const yaml of YAMLS) {
      expect(has(yaml)).toBe(false);
      expect(has(make(yaml))).toBe(true);
    }
  });
});
