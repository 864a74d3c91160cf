import path from "node:path";
import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../db/store/read-catalogue";
import { parseMeasuringRequest } from "../../lib/api/measuring-request";
import { measuringJob } from "../../lib/manifests/benchmark/measuring-job";
import { completeOptions } from "../../lib/manifests/options/complete-options";
import type { Choice } from "../../lib/manifests/plan/choice";
import type { PlatformId } from "../../lib/manifests/platforms/all";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import { choice, PLAN } from "../unit/manifests/choice";
import { objectsIn, yamlOf } from "../unit/manifests/read-bundle";
import { danglingReferences } from "../unit/manifests/references";
import { shippedChoices } from "../unit/manifests/shipped-configurations";
import { hasValidator, validated } from "./validator";

const SECONDS = 1000;
const DATA = path.resolve(import.meta.dirname, "../../data");
const VENDORS = new Set(["NVIDIA", "Google"]);

/** Every accelerator × a few counts × versions × platforms that is not refused. */
function grid(): Choice[] {
  const all: Choice[] = [];
  for (const accelerator of readCatalogue(DATA).accelerators) {
    const cores = accelerator.gkeAcceleratorLabel === "tpu7x" ? 2 : 1;
    for (const count of [1, 2, 4, 8]) {
      for (const serverVersion of ["0.12.0", "v0.19.0-cu130", "0.23.0", null]) {
        for (const platform of ["gke", "generic"] satisfies PlatformId[]) {
          all.push(
            choice({
              accelerator,
              configuration: { acceleratorCount: count, serverVersion },
              parallelism: { label: null, tensor: count * cores },
              options: { platform },
              choice: { capacity: count === 2 ? PLAN : null },
              operatingPoint: count === 4 ? { loadKind: "max", loadValue: null } : {},
            }),
          );
        }
      }
    }
  }
  return all;
}

function made(choices: Choice[]): string[] {
  return choices.map(manifestBundle).flatMap((bundle) => (bundle.ok ? [bundle.value.yaml] : []));
}

/** The Job that measures a model with a long name on each accelerator, with this server's address known and not. */
function measuringJobs(): string[] {
  const { accelerators } = readCatalogue(DATA);
  return accelerators.flatMap((accelerator, index) => {
    const address = index % 2 === 0 ? "" : "https://iq.example.org";
    const asked = parseMeasuringRequest(
      new URLSearchParams(`model=m&accelerator=${accelerator.id}&accelerators=4&lengths=1000:200&service=llm.serving`),
    );
    if (!asked.ok) throw new Error(asked.error);
    const model = {
      id: "org/Some_Model.With-a-Name-That-Is-Longer-Than-Any-Label-1.5-Instruct",
      gated: index % 3 === 0,
    };
    const job = measuringJob({ ...asked.value, model, accelerator, address });
    if (!job.ok) throw new Error(job.error);
    return [job.value.yaml];
  });
}

describe("what a Kubernetes API server would say", () => {
  test("accepts the Job that measures what nobody measured, on every accelerator", () => {
    const texts = measuringJobs();
    expect(texts.length).toBeGreaterThan(30);
    for (const text of texts) expect(danglingReferences(objectsIn(text))).toEqual([]);
    const { complaints, summary } = validated(texts);
    expect(complaints).toEqual([]);
    expect(summary).toMatch(/, 0 invalid, 0 of unknown type, 0 skipped; 0 errors, 0 warnings/);
  });

  test(
    "accepts every accelerator, count, version and platform that is not refused",
    () => {
      const texts = made(grid());
      expect(texts.length).toBeGreaterThan(300);
      const { complaints, summary } = validated(new Set(texts));
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    120 * SECONDS,
  );

  test(
    "accepts every public vLLM configuration on NVIDIA and TPU, or there is a reason",
    () => {
      const choices = shippedChoices()
        .filter(({ choice: one }) => one.configuration.server === "vllm" && VENDORS.has(one.accelerator.vendor))
        .flatMap(({ choice: generic, label }) => [
          { label, choice: generic },
          { label, choice: { ...generic, options: completeOptions({ platform: "gke" }, generic.accelerator) } },
        ]);
      expect(choices.length).toBeGreaterThan(300);
      const texts: string[] = [];
      const refusals = new Map<string, number>();
      for (const { choice: one } of choices) {
        const bundle = manifestBundle(one);
        if (bundle.ok) texts.push(bundle.value.yaml);
        else refusals.set(bundle.error, (refusals.get(bundle.error) ?? 0) + 1);
      }
      for (const reason of refusals.keys()) {
        expect(reason).toMatch(
          /pre-quantised checkpoint|Name the checkpoint|speculative|prefill|is not known|is not recorded|No GKE node label|does not sell|gateway/,
        );
      }
      expect(texts.length).toBeGreaterThan(150);
      const { complaints, summary } = validated(texts);
      expect(complaints).toEqual([]);
      expect(summary).toMatch(/, 0 invalid, \d+ of unknown type, 0 skipped; 0 errors, 0 warnings/);
    },
    120 * SECONDS,
  );

  test.skipIf(!hasValidator)(
    "would notice a wrong field, a wrong value and a selector that selects nothing",
    () => {
      const yaml = yamlOf(choice());
      const wrong: [RegExp | string, string, RegExp][] = [
        ["failureThreshold: 6", "failureTreshold: 6", /unknown field "failureTreshold"/],
        ["imagePullPolicy: IfNotPresent", "imagePullPolicy: Sometimes", /is not one of/],
        ["optional: true", 'optional: "yes"', /must be boolean/],
        [
          /matchLabels:\n +app.kubernetes.io\/name: vllm/,
          "matchLabels:\n      app.kubernetes.io/name: other",
          /does not match/,
        ],
      ];
      const broken = wrong.map(([from, to]) => yaml.replace(from, to));
      for (const text of broken) expect(text).not.toBe(yaml);
      const { complaints, refused } = validated(broken);
      for (const [, , complaint] of wrong) expect(complaints.join("\n")).toMatch(complaint);
      expect([...refused]).toEqual([...broken.keys()]);
    },
    120 * SECONDS,
  );
});
