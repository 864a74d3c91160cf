import { describe, expect, test } from "vitest";
import { type Json, objectsIn, yamlOf } from "./read-bundle";
import { WHOLE } from "./whole-choices";

/**
 * What definitions of Gateway API 1.6 and its inference extension 1.6 fill in where it is left out: written out, a second
 * apply and a GitOps controller see no difference. Kubernetes' own kinds are left: controllers know their defaults.
 */
const DEFAULTS: Record<string, { list?: string[]; path: string[] }[]> = {
  Gateway: [{ list: ["spec", "listeners"], path: ["allowedRoutes", "namespaces", "from"] }],
  HTTPRoute: [
    { list: ["spec", "parentRefs"], path: ["group"] },
    { list: ["spec", "parentRefs"], path: ["kind"] },
    { list: ["spec", "rules"], path: ["matches", "0", "path", "type"] },
    { list: ["spec", "rules"], path: ["matches", "0", "path", "value"] },
    { list: ["spec", "rules"], path: ["backendRefs", "0", "group"] },
    { list: ["spec", "rules"], path: ["backendRefs", "0", "kind"] },
    { list: ["spec", "rules"], path: ["backendRefs", "0", "weight"] },
  ],
  InferencePool: [
    { path: ["spec", "appProtocol"] },
    { path: ["spec", "endpointPickerRef", "group"] },
    { path: ["spec", "endpointPickerRef", "kind"] },
    { path: ["spec", "endpointPickerRef", "failureMode"] },
  ],
  LeaderWorkerSet: [
    { path: ["spec", "startupPolicy"] },
    { path: ["spec", "rolloutStrategy", "type"] },
    { path: ["spec", "leaderWorkerTemplate", "restartPolicy"] },
  ],
};

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, key) =>
      found !== null && typeof found === "object"
        ? Array.isArray(found)
          ? found[Number(key)]
          : found[key]
        : undefined,
    value,
  );
}

function missing(object: Json): string[] {
  const kind = String(valueAt(object, ["kind"]));
  return (DEFAULTS[kind] ?? []).flatMap(({ list, path }) => {
    const items = list === undefined ? [object] : valueAt(object, list);
    return (Array.isArray(items) ? items : [])
      .filter((item) => valueAt(item, path) === undefined)
      .map(() => `${kind} ${[...(list ?? []), ...path].join(".")}`);
  });
}

describe("what an API server would fill in", () => {
  const objects = WHOLE.flatMap(({ choice }) => objectsIn(yamlOf(choice)));

  test("is written out in every kind it matters for", () => {
    expect(objects.flatMap(missing)).toEqual([]);
    const kinds = new Set(objects.map((object) => String(valueAt(object, ["kind"]))));
    for (const kind of Object.keys(DEFAULTS)) expect(kinds).toContain(kind);
  });

  test("would be noticed where it is not", () => {
    for (const kind of ["Gateway", "HTTPRoute", "InferencePool"]) {
      const one = objects.find((object) => valueAt(object, ["kind"]) === kind);
      const bare = JSON.parse(JSON.stringify(one), (key, value) =>
        ["allowedRoutes", "weight", "failureMode"].includes(key) ? undefined : value,
      );
      expect(missing(bare).length, kind).toBeGreaterThan(0);
    }
  });
});

describe("every container", () => {
  test("asks for CPU and memory, so that a namespace with a quota takes it", () => {
    const containers = WHOLE.flatMap(({ choice }) => objectsIn(yamlOf(choice))).flatMap((object) => {
      const text = JSON.stringify(object);
      const found: Json[] = [];
      JSON.parse(text, (key, value) => {
        if (key === "containers" || key === "initContainers") found.push(...value);
        return value;
      });
      return found;
    });
    expect(containers.length).toBeGreaterThan(30);
    for (const container of containers) {
      const requests = valueAt(container, ["resources", "requests"]);
      expect(Object.keys((requests ?? {}) as object), String(valueAt(container, ["name"]))).toEqual(
        expect.arrayContaining(["cpu", "memory"]),
      );
    }
  });
});
