import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { inferenceServiceText, llmInferenceServiceText } from "../../lib/manifests/forms/kserve";
import { nodePoolText } from "../../lib/manifests/forms/machines";
import type { FormText } from "../../lib/manifests/forms/one-pod";
import { productionStackText } from "../../lib/manifests/forms/production-stack";
import { PLATFORM_IDS } from "../../lib/manifests/platforms/all";
import { manifestBundle } from "../../lib/manifests/write/manifest-yaml";
import type { Result } from "../../lib/result";
import { INFERENCE_SERVICE, misfits, PRODUCTION_STACK } from "../unit/manifests/form-shapes";
import { at, type Json, objectsIn } from "../unit/manifests/read-bundle";
import { measuredWith } from "../unit/manifests/server-choices";
import { shippedChoices } from "../unit/manifests/shipped-configurations";
import { hasKubectl } from "./kustomize-build";
import { validated } from "./validator";

const SECONDS = 1000;
const HAS_TERRAFORM = spawnSync("terraform", ["version"], { stdio: "ignore" }).status === 0;
const CHOICES = shippedChoices({ autoscaler: "none", monitoring: "none" }).map(({ choice }) => choice);

/** Texts of a form of all shipped configurations; what is refused has a reason a person can act on. */
function madeOf(form: (choice: (typeof CHOICES)[number]) => Result<FormText>): string[] {
  return CHOICES.flatMap((choice) => {
    const made = form(choice);
    if (made.ok) return [made.value.text];
    expect(made.error).toMatch(/^\S.{40,}\.$/s);
    return [];
  });
}

/** What the schemas of Kubernetes know: an InferenceService by its predictor, which is a pod, and its other objects. */
function asPods(text: string): string {
  const objects = objectsIn(text).map((object): Json => {
    if (at(object, "kind") !== "InferenceService") return object;
    const { containers, volumes, ...rest } = at(object, "spec", "predictor") as { [field: string]: Json };
    const ofKserve = ["minReplicas", "maxReplicas", "timeout", "deploymentStrategy", "labels", "annotations"];
    const spec = Object.fromEntries(Object.entries(rest).filter(([name]) => !ofKserve.includes(name)));
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: at(object, "metadata", "name") ?? null, labels: rest.labels ?? {} },
      spec: { ...spec, containers: containers ?? [], volumes: volumes ?? [] },
    };
  });
  return objects.map((object) => JSON.stringify(object)).join("\n---\n");
}

describe("forms for controllers of others, of every shipped configuration", () => {
  test(
    "KServe's LLMInferenceService is one its own definition accepts",
    () => {
      const texts = madeOf(llmInferenceServiceText);
      expect(texts.length).toBeGreaterThan(300);
      expect(validated(texts).complaints).toEqual([]);
    },
    240 * SECONDS,
  );

  test(
    "KServe's InferenceService has a predictor that is a pod Kubernetes accepts, and fields KServe knows",
    () => {
      const texts = madeOf(inferenceServiceText);
      expect(texts.length).toBeGreaterThan(700);
      expect(validated(texts.map(asPods)).complaints).toEqual([]);
      for (const text of texts) {
        const service = objectsIn(text).find((object) => at(object, "kind") === "InferenceService");
        expect(misfits(at(service, "spec"), INFERENCE_SERVICE)).toEqual([]);
        expect(`${at(service, "metadata", "name")}-predictor`.length).toBeLessThanOrEqual(63);
      }
    },
    240 * SECONDS,
  );

  test(
    "values of the production stack are those its schema knows",
    () => {
      const texts = madeOf(productionStackText);
      expect(texts.length).toBeGreaterThan(250);
      for (const text of texts) expect(misfits(objectsIn(text)[0], PRODUCTION_STACK)).toEqual([]);
    },
    120 * SECONDS,
  );
});

describe("machines", () => {
  test.skipIf(!HAS_TERRAFORM)("are Terraform as terraform itself would write it", () => {
    const texts = PLATFORM_IDS.flatMap((platform) =>
      (["none", "hpa"] as const).flatMap((autoscaler) => {
        const made = nodePoolText(measuredWith("vllm", "0.24.0", { options: { platform, autoscaler } }), "terraform");
        return made.ok ? [made.value.text] : [];
      }),
    );
    expect(texts.length).toBe(6);
    for (const text of texts) {
      const { status, stderr } = spawnSync("terraform", ["fmt", "-check", "-"], { input: text, encoding: "utf8" });
      expect(`${status} ${stderr}`.trim(), text).toMatch(/^0/);
    }
  });
});

describe("the file in the repository that Argo CD and Flux follow", () => {
  test.skipIf(!hasKubectl)("has Kustomize fetch the manifest from its address, query and all", async () => {
    const bundle = manifestBundle(measuredWith("vllm", "0.24.0"));
    if (!bundle.ok) throw new Error(bundle.error);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.setHeader("content-type", "application/yaml; charset=utf-8");
      response.end(bundle.value.yaml);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const folder = mkdtempSync(path.join(tmpdir(), "git-ops-"));
    try {
      const { port } = server.address() as AddressInfo;
      const address = `http://127.0.0.1:${port}/api/v1/manifests?configuration=c&slo=ttft%3Ap95%3A500&rev=3`;
      writeFileSync(
        path.join(folder, "kustomization.yaml"),
        `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - ${JSON.stringify(address)}\n`,
      );
      const { stdout } = await promisify(execFile)("kubectl", ["kustomize", folder]);
      expect(asked).toContain("/api/v1/manifests?configuration=c&slo=ttft%3Ap95%3A500&rev=3");
      const kinds = (text: string) =>
        objectsIn(text)
          .map((object) => at(object, "kind"))
          .sort();
      expect(kinds(stdout)).toEqual(kinds(bundle.value.yaml));
    } finally {
      rmSync(folder, { recursive: true });
      server.close();
    }
  });
});
