import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { manifestBundle } from "../../lib/manifests/bundle";
import { completeOptions } from "../../lib/manifests/options";
import type { PlatformId } from "../../lib/manifests/platforms/ids";
import type { Choice } from "../../lib/manifests/types";
import { choice, PLAN } from "../unit/manifests/choice";
import { yamlOf } from "../unit/manifests/read-bundle";
import { accelerators, hasFigures, hasValidator, VALIDATOR, vllmChoices } from "../unit/manifests/shared-figures";

if (!hasValidator) console.log("skipped: the manifest validator is not beside this checkout");

const SECONDS = 1000;

/** One run of the validator over all texts: the start costs seconds, a file costs milliseconds. */
function validate(texts: Iterable<string>): { status: number | null; output: string } {
  const directory = mkdtempSync(path.join(tmpdir(), "manifests-"));
  try {
    let index = 0;
    for (const text of texts) writeFileSync(path.join(directory, `${String(index++).padStart(5, "0")}.yaml`), text);
    const run = spawnSync(process.execPath, [VALIDATOR, directory], { encoding: "utf8", maxBuffer: 2 ** 26 });
    return { status: run.status, output: run.stdout + run.stderr };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Every accelerator × a few counts × versions × platforms that is not refused. */
function grid(): Choice[] {
  const all: Choice[] = [];
  for (const accelerator of accelerators()) {
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
  return choices.map(manifestBundle).flatMap((bundle) => (bundle.kind === "manifests" ? [bundle.yaml] : []));
}

describe.skipIf(!hasFigures)("what a Kubernetes API server would say", () => {
  test(
    "accepts every accelerator, count, version and platform that is not refused",
    () => {
      const texts = made(grid());
      expect(texts.length).toBeGreaterThan(300);
      const result = validate(new Set(texts));
      expect(result.output).toMatch(/, 0 invalid, 0 of unknown type, 0 skipped; 0 errors, 0 warnings/);
      expect(result.status).toBe(0);
    },
    120 * SECONDS,
  );

  test(
    "accepts every public vLLM configuration on NVIDIA and TPU, or there is a reason",
    () => {
      const choices = vllmChoices().flatMap(({ choice: generic, label }) => [
        { label, choice: generic },
        { label, choice: { ...generic, options: completeOptions({ platform: "gke" }, generic.accelerator) } },
      ]);
      expect(choices.length).toBeGreaterThan(300);
      const texts: string[] = [];
      const refusals = new Map<string, number>();
      for (const { choice: one } of choices) {
        const bundle = manifestBundle(one);
        if (bundle.kind === "manifests") texts.push(bundle.yaml);
        else refusals.set(bundle.reason, (refusals.get(bundle.reason) ?? 0) + 1);
      }
      for (const reason of refusals.keys()) {
        expect(reason).toMatch(
          /pre-quantised checkpoint|Name the checkpoint|speculative|prefill|is not known|is not recorded|No GKE node label|does not sell|gateway/,
        );
      }
      expect(texts.length).toBeGreaterThan(150);
      const result = validate(texts);
      expect(result.output).toMatch(/, 0 invalid, 0 of unknown type, 0 skipped; 0 errors, 0 warnings/);
      expect(result.status).toBe(0);
    },
    120 * SECONDS,
  );

  test(
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
      for (const [from, to, complaint] of wrong) {
        const broken = yaml.replace(from, to);
        expect(broken).not.toBe(yaml);
        const result = validate([broken]);
        expect(result.output).toMatch(complaint);
        expect(result.status).toBe(1);
      }
    },
    120 * SECONDS,
  );
});
