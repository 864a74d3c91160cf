import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { instanceName, labelValue } from "../../../lib/manifests/objects/kubernetes-names";
import { commented } from "../../../lib/manifests/write/commented";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import { serialize } from "../../../lib/manifests/write/yaml-serializer";
import { choice } from "./choice";
import { at, objectsIn } from "./read-bundle";

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
/** What go-yaml takes for a line break beside \n. */
const OTHER_LINE_BREAKS = /[\r\u0085\u2028\u2029]/;

test("a precision named as what every object inherits has no width that could be reckoned with", () => {
  const bundle = manifestBundle(choice({ configuration: { precision: "constructor", checkpoint: "org/weights" } }));
  if (!bundle.ok) throw new Error(bundle.error);
  expect(bundle.value.yaml).toContain("64 GB of weights");
  expect(bundle.value.yaml).not.toMatch(/NaN|native code|at function/);
});

const awkward = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        "\n",
        "\r",
        "\t",
        ": ",
        " #",
        "*",
        "&a",
        "- ",
        "--",
        "---\n",
        "...\n",
        "{",
        "}",
        "[",
        "]",
        ",",
        "|",
        ">",
        "%",
        "@",
        "`",
        "\u0085",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u0000",
        "\u007f",
        "$(HF_TOKEN)",
        "$$",
        "🦙",
        "Ω",
        "\\",
        "\\n",
        "yes",
        "null",
        "0x1f",
        "1e3",
        "12:30:45",
        "2026-01-01",
        "~",
        "!!binary ",
        "<<",
        "=",
        "/",
        "Qwen",
        "kind: Secret\n",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
  fc.integer({ min: 1, max: 400 }).map((length) => "long-name/".repeat(length)),
);

describe("whatever a model is called", () => {
  test("the objects, arguments and annotations are the same in YAML 1.1 and 1.2 and exactly what was meant", () => {
    fc.assert(
      fc.property(awkward, awkward, awkward, (model, checkpoint, sourceName) => {
        const bundle = manifestBundle(
          choice({
            configuration: { model, checkpoint: checkpoint === "" ? null : checkpoint },
            choice: { sources: [{ name: sourceName, url: null, licence: null }] },
            options: { platform: "gke" },
          }),
        );
        if (!bundle.ok) {
          expect(bundle.error).toMatch(/starts with a dash|has no name|not valid text|a path or an address/);
          return;
        }
        expect(bundle.value.yaml).not.toMatch(OTHER_LINE_BREAKS);
        const objects = objectsIn(bundle.value.yaml, "1.1");
        expect(objectsIn(bundle.value.yaml, "1.2")).toEqual(objects);
        expect(objects.map((object) => at(object, "kind"))).toEqual([
          "Deployment",
          "Service",
          "PodDisruptionBudget",
          "PodMonitoring",
          "Rules",
          "ConfigMap",
          "HorizontalPodAutoscaler",
        ]);
        const [deployment] = objects;
        const args = at(deployment, "spec", "template", "spec", "containers", 0, "args") as string[];
        const expanded = args.map((argument) => argument.replaceAll("$$", "$"));
        expect(expanded[0]).toBe(checkpoint === "" ? model : checkpoint);
        expect(expanded[1]).toBe(`--served-model-name=${model}`);
        expect(expanded[2]).toBe("--port=8000");
        expect(at(deployment, "metadata", "annotations", "inference-quickstart.dev/model")).toBe(model);
        for (const object of objects)
          expect(at(object, "metadata", "name")).toMatch(new RegExp(`^${bundle.value.name}(-dash)?$`));
        expect(bundle.value.name).toMatch(DNS_LABEL);
        expect(bundle.value.name.length).toBeLessThanOrEqual(63);
      }),
      { numRuns: 300 },
    );
  });

  test("Kubernetes expands no variable in it", () => {
    const bundle = manifestBundle(choice({ configuration: { model: "a/$(HF_TOKEN)" } }));
    expect(bundle.ok && bundle.value.yaml).toContain("$$(HF_TOKEN)");
  });

  test("names and label values keep Kubernetes' rules", () => {
    fc.assert(
      fc.property(awkward, awkward, fc.integer({ min: 1, max: 72 }), (model, accelerator, count) => {
        const name = instanceName(choice({ configuration: { model, accelerator } }).configuration, count);
        expect(name).toMatch(DNS_LABEL);
        expect(name.length).toBeLessThanOrEqual(63);
        const label = labelValue(model);
        expect(label).toMatch(LABEL_VALUE);
        expect(label.length).toBeLessThanOrEqual(63);
      }),
    );
  });
});

describe("the serializer", () => {
  test("gives back every string it was given, in both YAML versions", () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const yaml = serialize([{ value: text, list: [text] }], text);
        const expected = text.replace(
          /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
          "\ufffd",
        );
        for (const version of ["1.1", "1.2"] as const) {
          expect(parse(yaml, { version })).toEqual({ value: expected, list: [expected] });
        }
      }),
      { numRuns: 500 },
    );
  });

  test("quotes what YAML 1.1 reads as something else", () => {
    for (const text of [
      "yes",
      "No",
      "on",
      "OFF",
      "y",
      "n",
      "null",
      "~",
      "8",
      "1_000",
      "0x1f",
      "12:30:45",
      "1e3",
      ".inf",
      "2026-01-01",
      "",
    ]) {
      expect(serialize([{ value: text }], "")).toContain(`value: ${JSON.stringify(text)}`);
    }
  });

  test("keeps the order of keys, leaves out absent fields and writes comments above their field", () => {
    const object = commented(
      { zebra: 1, apple: undefined, mango: commented(["x", "z"], [undefined, "why y"]) },
      { zebra: "why zebra" },
    );
    expect(serialize([object], "top")).toBe("# top\n\n# why zebra\nzebra: 1\nmango:\n  - x\n  # why y\n  - z\n");
  });

  test("keeps a comment a comment, whatever stands in it", () => {
    const yaml = serialize(
      [commented({ a: 1 }, { a: "x\nkind: Secret\u2028kind: Secret\rkind: Secret" })],
      "\u0085a: 2",
    );
    expect(parse(yaml)).toEqual({ a: 1 });
    expect(yaml).not.toMatch(OTHER_LINE_BREAKS);
  });
});
