import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AskedOptions, STORAGES, type StorageKind } from "../../../lib/manifests/options/manifest-options";
import { STORAGE_KINDS } from "../../../lib/manifests/storage/all";
import { folderSource, imageSource } from "../../../lib/manifests/storage/source";
import { choice, H100 } from "./choice";
import { objectsIn, refusalOf, yamlOf } from "./read-bundle";

const WHERE: Record<Exclude<StorageKind, "hub">, AskedOptions> = {
  pvc: { platform: "generic" },
  gcsfuse: { platform: "gke" },
  lustre: { platform: "gke" },
  s3: { platform: "eks" },
  "oci-image": { platform: "generic", clusterVersion: { major: 1, minor: 35 } },
};
const NAMED = STORAGES.filter((storage): storage is Exclude<StorageKind, "hub"> => storage !== "hub");

function from(storage: Exclude<StorageKind, "hub">, storageSource: string) {
  return choice({ accelerator: H100, options: { ...WHERE[storage], storage, storageSource } });
}

function accepts(storage: StorageKind, text: string): boolean {
  return STORAGE_KINDS[storage].source?.pattern.test(text) ?? false;
}

describe("what names the weights", () => {
  test("is needed for every storage but the hub, which takes none", () => {
    for (const storage of NAMED) {
      expect(refusalOf(choice({ options: { ...WHERE[storage], storage } }))).toMatch(new RegExp(`^${storage} needs`));
    }
    expect(refusalOf(choice({ options: { storageSource: "models" } }))).toMatch(/The hub needs no source/);
  });

  test("is accepted as each storage writes it", () => {
    const good: [StorageKind, string[]][] = [
      ["pvc", ["models", "models/llama-3.1-8b", "team.models/a/b_c.d/", "0-claim"]],
      ["lustre", ["lustre-models/llama"]],
      ["gcsfuse", ["my-models", "gs://my-models", "gs://my_models.example/a/b", "gs://abc/A_1/"]],
      ["s3", ["my-models", "s3://my-models.eu/llama-3.1-8b"]],
      [
        "oci-image",
        [
          "ghcr.io/org/model:1.0",
          "localhost:5000/model:v1",
          `ghcr.io/org/model@sha256:${"0".repeat(64)}`,
          `ghcr.io/org/model:A_b@sha256:${"0".repeat(64)}#models/llama`,
        ],
      ],
    ];
    for (const [storage, texts] of good) {
      for (const text of texts) expect([storage, text, accepts(storage, text)]).toEqual([storage, text, true]);
    }
  });

  test("is refused where it leads out of its folder, breaks a shell, a mount option or YAML, or names no version", () => {
    const paths = [
      "/..",
      "/../etc",
      "/a/../b",
      "/./a",
      "//a",
      "/a b",
      "/a,uid=0",
      "/$(id)",
      "/`id`",
      '/"',
      "/a\nb",
      "/a'b",
      "/a:b",
      "/é",
    ];
    const noBucket: [StorageKind, string[]][] = [
      ["s3", ["s3://169.254.169.254/latest", "192.168.0.1", "a-.b", "a.-b/x", "xn--bucket"]],
      ["gcsfuse", ["gs://169.254.169.254", "a-.b/x", "goog-models"]],
    ];
    for (const [storage, names] of noBucket) {
      for (const name of names) expect([name, accepts(storage, name)]).toEqual([name, false]);
    }
    for (const storage of ["pvc", "lustre", "gcsfuse", "s3"] satisfies StorageKind[]) {
      for (const path of paths) expect([path, accepts(storage, `models${path}`)]).toEqual([path, false]);
      for (const name of ["", "-models", "Models", "m odels", "models;rm", "mo$dels", "a..b/x", "models\u0000"]) {
        expect([name, accepts(storage, name)]).toEqual([name, false]);
      }
    }
    for (const image of [
      "ghcr.io/org/model",
      "localhost:5000/model",
      "model:1",
      "ghcr.io/Org/model:1",
      "ghcr.io/org/model:1#../x",
      "ghcr.io/org/model:1#/x",
      "ghcr.io/org/model:1 --x",
      "ghcr.io/org/model@sha256:abc",
      "https://ghcr.io/org/model:1",
    ]) {
      expect([image, accepts("oci-image", image)]).toEqual([image, false]);
    }
    expect(accepts("gcsfuse", "s3://models")).toBe(false);
    expect(accepts("s3", "gs://models")).toBe(false);
  });

  test("is taken apart into name and folder", () => {
    expect(folderSource("gs://my-models/a/b/")).toEqual({ name: "my-models", folder: "a/b" });
    expect(folderSource("models")).toEqual({ name: "models", folder: "" });
    expect(imageSource("r.io/a/b:1#models/x/")).toEqual({ reference: "r.io/a/b:1", folder: "models/x", pinned: false });
  });

  test("either makes the same objects for both YAML versions or is refused, whatever it is", () => {
    const seeds = [
      "models/a",
      "gs://models/a",
      "s3://models/a",
      "r.io/a/b:1",
      "..",
      "$(x)",
      "\n",
      "'",
      '"',
      "#",
      "&a",
      "*a",
      "!",
    ];
    const hostile = fc
      .array(fc.oneof(fc.constantFrom(...seeds), fc.string({ maxLength: 12, unit: "binary" })), { maxLength: 4 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.constantFrom(...NAMED), hostile, (storage, text) => {
        if (!accepts(storage, text)) {
          expect(refusalOf(from(storage, text))).toMatch(/expected e\.g\.|needs/);
          return;
        }
        const yaml = yamlOf(from(storage, text));
        expect(objectsIn(yaml, "1.1")).toEqual(objectsIn(yaml, "1.2"));
        for (const command of yaml.match(/^# {3}.*(?:gcloud|aws|docker|kubectl).*$/gm) ?? []) {
          expect(command).not.toMatch(/\$\(|`|;/);
        }
      }),
      { numRuns: 80 },
    );
  });

  test("is judged in time that grows with its length only", () => {
    for (const storage of NAMED) {
      for (const text of [
        "a".repeat(500),
        "a-".repeat(250),
        "a/".repeat(250),
        "a.".repeat(250),
        `r.io/${"a-".repeat(240)}!`,
      ]) {
        accepts(storage, text);
      }
    }
  });
});

describe("commands for filling a storage", () => {
  test("hold no model name a shell would read", () => {
    for (const storage of NAMED) {
      const source = STORAGE_KINDS[storage].source?.example ?? "";
      const one = choice({
        configuration: { model: "a/$(reboot)'; rm -rf ~ #" },
        options: { ...WHERE[storage], storage, storageSource: source },
      });
      const commands = yamlOf(one).match(/^# {3}(?:hf|gcloud|aws|docker|printf) .*$/gm) ?? [];
      expect(commands.some((line) => line.includes("hf download REPOSITORY "))).toBe(true);
      expect(commands.join("\n")).not.toMatch(/\$\(|;|rm -rf/);
    }
  });
});
