import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../../db/store/read-catalogue";
import type { Accelerator } from "../../../lib/catalogue/catalogue";
import { runtimeOf } from "../../../lib/catalogue/hosts";
import { completeOptions } from "../../../lib/manifests/options/complete-options";
import { GATEWAYS } from "../../../lib/manifests/options/manifest-options";
import { optionConflicts } from "../../../lib/manifests/options/option-conflicts";
import { optionHelpText } from "../../../lib/manifests/options/option-labels";
import { OPTION_PARAMS, parseOptionParams } from "../../../lib/manifests/options/option-params";
import { defaultPlatform, PLATFORMS, platformOf } from "../../../lib/manifests/platforms/all";
import type { Platform } from "../../../lib/manifests/platforms/platform";
import { manifestOutput } from "../../../lib/manifests/write/manifest-output";
import { expectValue } from "../expect-value";
import { choice, H100, SOURCES } from "./choice";
import { notesOf, objectsIn, yamlOf } from "./read-bundle";
import { danglingReferences } from "./references";
import { measuredWith } from "./server-choices";

const CATALOGUE = readCatalogue(path.resolve(import.meta.dirname, "../../../data")).accelerators;
const ONE_POD = {
  measuredReplicas: 1,
  accelerators: 1,
  tensor: 1,
  pipeline: 1,
  data: 1,
  expertParallel: false,
  expert: 1,
  dataParallelAttention: false,
};
/** A whole sentence, or several. */
const SENTENCE = /^[A-Z].{15,}[.)]$/s;
/** A sentence that a command follows. */
const LEADS_TO_COMMAND = /^[A-Z].{10,}[.:]$/s;
const WHOLE_LINE = /^[^\n]{10,140}[^.\n]$/;

/** What each platform promises, whoever wrote it: it is asked of every one in the list. */
describe.each(PLATFORMS.map((platform): [string, Platform] => [platform.id, platform]))("the platform %s", (id, it) => {
  const sold = CATALOGUE.filter((accelerator) => it.lacks(accelerator) === null);
  const lacked = CATALOGUE.filter((accelerator) => it.lacks(accelerator) !== null);

  test("has an id for addresses, a label and a line of help, each its own", () => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(it.label).toMatch(/^\S[^\n.]{2,40}$/);
    expect(it.help).toMatch(WHOLE_LINE);
    for (const field of ["id", "label", "help"] as const) {
      expect(PLATFORMS.filter((other) => other[field] === it[field])).toHaveLength(1);
    }
    expect(platformOf({ platform: id })).toBe(it);
  });

  test("can be asked for in an address and on the command line, whose help says what it means", () => {
    expect(parseOptionParams({ platform: id })).toEqual({ asked: { platform: id }, problems: [] });
    expect(OPTION_PARAMS.find(({ option }) => option === "platform")?.values).toContain(id);
    expect(optionHelpText((option) => option)).toContain(it.help);
  });

  test("says of every accelerator that it cannot have why, names it, and places no pod", () => {
    for (const accelerator of lacked) {
      const reason = it.lacks(accelerator) ?? "";
      expect(reason).toMatch(SENTENCE);
      expect(reason).toContain(accelerator.name);
      expect(it.placement(accelerator, ONE_POD, "name")).toEqual({ ok: false, error: reason });
      expect(optionConflicts(completeOptions({ platform: id }, accelerator), accelerator)).toEqual([
        { option: "platform", value: id, reason },
      ]);
    }
  });

  test("places a pod of every accelerator that it can have, or says why not, and tolerates its nodes' taint", () => {
    expect(sold.length).toBeGreaterThan(0);
    const placed = sold.flatMap((accelerator) => {
      const placement = it.placement(accelerator, ONE_POD, "name");
      if (!placement.ok) {
        expect(placement.error, accelerator.id).toMatch(SENTENCE);
        return [];
      }
      const { tolerations, comment } = placement.value;
      expect(comment, accelerator.id).toMatch(/\S.{10,}/);
      const key = accelerator.kubernetesResource;
      if (runtimeOf(accelerator) !== "cpu")
        expect(tolerations).toContainEqual({ key, operator: "Exists", effect: "NoSchedule" });
      return [accelerator];
    });
    expect(placed.length).toBeGreaterThan(0);
  });

  test("fits its own defaults: where it is asked for alone, nothing is at odds", () => {
    for (const accelerator of sold) {
      expect(optionConflicts(completeOptions({ platform: id }, accelerator), accelerator), accelerator.id).toEqual([]);
    }
  });

  test("is the default only for accelerators it can have", () => {
    for (const accelerator of CATALOGUE.filter((item) => defaultPlatform(item).id === id)) {
      expect([accelerator.id, it.lacks(accelerator)]).toEqual([accelerator.id, null]);
    }
  });

  test("says what must be there and how to check it, for devices either way", () => {
    for (const deviceAccess of ["plugin", "dra"] as const) {
      if (deviceAccess === "dra" && it.claimsProblem !== undefined) {
        expect(it.claimsProblem).toMatch(SENTENCE);
        continue;
      }
      const options = completeOptions({ platform: id, deviceAccess }, H100);
      const needed = it.prerequisites(options, H100);
      expect(needed.length).toBeGreaterThan(0);
      for (const { what, check } of needed) {
        expect(what).toMatch(LEADS_TO_COMMAND);
        expect(check ?? "").toMatch(/^kubectl /);
      }
    }
    const { what, check } = it.networkPolicyCheck("prod");
    expect(what).toMatch(/NetworkPolicy.*; others ignore it:$/);
    expect(check).toMatch(/^(?:kubectl|gcloud|az|oci|aws) \S/);
    expect(it.unwrittenRdma?.problem ?? "A resource of a device plugin.").toMatch(SENTENCE);
  });

  test("has every gateway and storage, or a reason against it, and each output of those it has", () => {
    const one = measuredWith("vllm", "0.23.0", {
      configuration: { acceleratorCount: 1 },
      model: { weightBytes: 16e9 },
    });
    for (const gateway of GATEWAYS) {
      for (const [storage, storageSource] of Object.entries(SOURCES) as [keyof typeof SOURCES, string | null][]) {
        const asked = { platform: id, gateway, storage, storageSource, clusterVersion: { major: 1, minor: 35 } };
        const options = completeOptions(asked, one.accelerator);
        const [conflict] = optionConflicts(options, one.accelerator);
        if (conflict !== undefined) {
          expect(conflict.reason).toMatch(SENTENCE);
          continue;
        }
        const objects = objectsIn(yamlOf({ ...one, options }));
        expect(danglingReferences(objects)).toEqual([]);
        if (gateway !== "none") expect(manifestOutput({ ...one, options }, asked, "helm-values").ok).toBe(true);
      }
    }
  });

  test("has an overlay in a tree of its own, and objects that name what is there", () => {
    const [accelerator]: readonly (Accelerator | undefined)[] = [H100, ...sold].filter(
      (item) => it.lacks(item) === null,
    );
    const one = choice({ accelerator: accelerator ?? H100, options: { platform: id, networkPolicy: true } });
    expect(danglingReferences(objectsIn(yamlOf(one)))).toEqual([]);
    const tree = expectValue(manifestOutput(one, { platform: id, networkPolicy: true }, "kustomize"));
    if (tree.kind !== "kustomize") throw new Error(tree.kind);
    expect(tree.files.map((file) => file.path)).toContain(`${tree.name}/overlays/${id}/kustomization.yaml`);
    expect(tree.files.find((file) => file.path.endsWith("README.txt"))?.text).toContain(
      `kubectl apply -k ${tree.name}/overlays/${id}`,
    );
    expect(notesOf(one)).not.toMatch(/undefined|NaN|\[object/);
  });
});
