import { describe, expect, test } from "vitest";
import { put } from "./mistakes";
import { at, type Json, objectsIn, yamlOf } from "./read-bundle";
import { danglingReferences, referencesOf } from "./references";
import { WHOLE } from "./whole-choices";

const BUNDLES = WHOLE.map(({ name, choice }) => ({ name, objects: objectsIn(yamlOf(choice)) }));

/** The objects with one of them called otherwise. */
function renamed(objects: readonly Json[], kind: string, name: string): Json[] {
  return structuredClone(objects).map((object) => {
    if (at(object, "kind") === kind && at(object, "metadata", "name") === name) put(object, ["metadata", "name"], "x");
    return object;
  });
}

describe("objects of a bundle that name each other", () => {
  test.each(BUNDLES)("all name what is there: $name", ({ objects }) => {
    expect(danglingReferences(objects)).toEqual([]);
  });

  test("would be noticed, each of them, if what they name had another name", () => {
    const seen = new Set<string>();
    for (const { objects } of BUNDLES) {
      const there = new Set(objects.map((object) => `${at(object, "kind")} ${at(object, "metadata", "name")}`));
      for (const { from, kind, name } of objects.flatMap(referencesOf)) {
        if (!there.has(`${kind} ${name}`)) continue;
        seen.add(from);
        const complaints = danglingReferences(renamed(objects, kind, name));
        expect(complaints.join("\n")).toContain(`${from} names no ${kind} ${name}`);
      }
    }
    expect([...seen].sort()).toEqual([
      "ClientTrafficPolicy targetRefs",
      "DestinationRule host",
      "GCPBackendPolicy targetRef",
      "HTTPRoute backendRefs",
      "HTTPRoute parentRefs",
      "HealthCheckPolicy targetRef",
      "HorizontalPodAutoscaler scaleTargetRef",
      "InferenceObjective poolRef",
      "InferencePool endpointPickerRef",
      "NodePool nodeClassRef",
      "PersistentVolumeClaim volumeName",
      "RoleBinding roleRef",
      "RoleBinding subjects",
      "ScaledObject authenticationRef",
      "ScaledObject scaleTargetRef",
      "Secret account",
      "TriggerAuthentication secret",
      "nodeSelector",
      "resourceClaims",
      "serviceAccountName",
      "volume",
    ]);
  });

  test.each([
    ["Service", ["spec", "selector", "app.kubernetes.io/name"]],
    ["PodDisruptionBudget", ["spec", "selector", "matchLabels", "app.kubernetes.io/name"]],
    ["NetworkPolicy", ["spec", "podSelector", "matchLabels", "app.kubernetes.io/name"]],
    ["PodMonitor", ["spec", "selector", "matchLabels", "app.kubernetes.io/name"]],
    ["PodMonitoring", ["spec", "selector", "matchLabels", "app.kubernetes.io/name"]],
    ["InferencePool", ["spec", "selector", "matchLabels", "app.kubernetes.io/name"]],
    ["Service", ["spec", "ports", 0, "targetPort"]],
    ["PodMonitor", ["spec", "podMetricsEndpoints", 0, "port"]],
    ["PodMonitoring", ["spec", "endpoints", 0, "port"]],
    ["InferencePool", ["spec", "targetPorts", 0, "number"]],
    ["NetworkPolicy", ["spec", "ingress", 0, "ports", 0, "port"]],
  ])("would be noticed if a %s had another %j", (kind, path) => {
    const having = BUNDLES.filter(({ objects }) => objects.some((object) => at(object, "kind") === kind));
    expect(having.length).toBeGreaterThan(0);
    for (const { objects } of having) {
      const broken = structuredClone(objects);
      put(broken.find((object) => at(object, "kind") === kind) ?? null, path, "typo");
      expect(danglingReferences(broken).join("\n")).toMatch(
        new RegExp(`${kind} (?:selects no pod|names no port typo)`),
      );
    }
  });
});
