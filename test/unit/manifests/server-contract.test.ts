import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../../db/store/read-catalogue";
import type { Accelerator } from "../../../lib/catalogue/catalogue";
import { completeOptions } from "../../../lib/manifests/options/complete-options";
import { decideBundle } from "../../../lib/manifests/plan/decide-bundle";
import { SERVERS } from "../../../lib/manifests/servers/all";
import { at, containerOf, objectsIn, yamlOf } from "./read-bundle";
import { danglingReferences } from "./references";
import { measuredWith } from "./server-choices";

const CATALOGUE = readCatalogue(path.resolve(import.meta.dirname, "../../../data")).accelerators;
/** A version of each runtime whose image is known, as reports give it. */
const VERSIONS = [
  "0.23.0",
  "0.21.0",
  "0.26.0",
  "0.19.0",
  "0.24.0",
  "0.5.9",
  "1.2.0",
  "1.3.0rc12",
  "vllm-v0.19.0-nightly_20260516",
  "sglang-v0.5.10-nightly_20260520",
  null,
];
const SENTENCE = /^(?:[A-Z]|vLLM ).{20,}[.)]$/s;

function choices(server: string, accelerator: Accelerator) {
  return VERSIONS.map((version) =>
    measuredWith(server, version, {
      accelerator,
      configuration: { acceleratorCount: 1 },
      parallelism: { label: null, tensor: null },
      model: { weightBytes: 8e9, totalParametersBillions: 4 },
      // What an older release cannot be asked for is none of this.
      options: { autoscaler: "none", monitoring: "none" },
    }),
  );
}

/** What each model server promises, whoever wrote it: it is asked of every one in the list. */
describe.each(SERVERS.map((server) => [server.name, server] as const))("the model server %s", (name, it) => {
  const all = CATALOGUE.flatMap((accelerator) => choices(name, accelerator));
  const decided = all.flatMap((choice) => {
    const bundle = decideBundle(choice);
    return bundle.ok ? [{ choice, bundle: bundle.value }] : [];
  });

  test("has a name reports use and a label, each its own", () => {
    expect(name).toMatch(/^[a-z]+(?:-[a-z]+)?$/);
    for (const field of ["name", "label"] as const) {
      expect(SERVERS.filter((other) => other[field] === it[field])).toHaveLength(1);
    }
  });

  test("is written for one accelerator at least, and says why for the others", () => {
    expect(decided.length).toBeGreaterThan(0);
    for (const choice of all) {
      const reason = it.refusal(choice);
      if (reason !== null) expect(reason, choice.accelerator.id).toMatch(SENTENCE);
      const bundle = decideBundle(choice);
      if (!bundle.ok) expect(bundle.error, choice.accelerator.id).toMatch(SENTENCE);
    }
  });

  test("takes an image by a tag that does not move, and says why this one", () => {
    for (const { bundle } of decided) {
      const { image } = bundle.server;
      expect(image.reference).toMatch(/^[a-z0-9.-]+(?:\/[a-z0-9._-]+)+:[\w.-]+$/);
      expect(image.reference).not.toMatch(/:(?:latest|nightly)/);
      expect(image.reason).toMatch(/\S.{10,}/);
    }
  });

  test("loads what the storage says, answers on its port to every probe, and names its pods as it is called", () => {
    for (const { bundle } of decided) {
      const { server, storage, identity } = bundle;
      expect([...server.command, ...server.arguments.map(({ value }) => value)].join(" ")).toContain(storage.model);
      // An operator's frontend listens for its workers.
      const listens = server.arguments.some(({ value }) => value.includes(String(server.port)));
      expect(listens).toBe(it.hasOperator !== true);
      for (const probe of Object.values(server.probes)) expect(probe).toMatch(/^\//);
      expect(identity.selector["app.kubernetes.io/name"]).toBe(name);
      expect(server.name).toBe(name);
    }
  });

  test("exports its load under names of its own where it says it does", () => {
    for (const { choice, bundle } of decided) {
      expect(bundle.server.hasMetrics).toBe(it.exportsLoad(choice));
      const { running, waiting } = bundle.server.signals;
      expect(new Set([running, waiting]).size).toBe(2);
      for (const metric of [running, waiting]) expect(metric).toMatch(/^[a-z]+[:_][a-z_]+$/);
    }
  });

  test.skipIf(it.hasOperator === true)("asks for what its container needs, and its objects name what is there", () => {
    const seen = new Set<string>();
    for (const { choice } of decided) {
      if (seen.has(choice.accelerator.id)) continue;
      seen.add(choice.accelerator.id);
      expect(danglingReferences(objectsIn(yamlOf(choice)))).toEqual([]);
      const container = containerOf(choice);
      expect(at(container, "name")).toBe(name);
      expect(at(container, "resources", "requests", "cpu")).toBeDefined();
      expect(at(container, "securityContext")).toBeDefined();
    }
  });

  test("cannot be scaled by a load it does not export", () => {
    for (const { choice } of decided.filter((item) => !it.exportsLoad(item.choice))) {
      const scaled = { ...choice, options: completeOptions({ autoscaler: "hpa" }, choice.accelerator) };
      expect(it.refusal(scaled)).toMatch(/choose .*the autoscaler none/);
    }
  });
});
