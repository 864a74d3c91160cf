import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { manifestParts } from "../../../lib/manifests/view/manifest-view";
import { yamlLines } from "../../../lib/manifests/view/yaml-tokens";
import { choice, PLAN } from "./choice";
import { at, objectsIn, yamlOf } from "./read-bundle";

const EVERYTHING = choice({
  options: { platform: "gke", gateway: "gke", benchmarkJob: true, networkPolicy: true },
  choice: { capacity: PLAN },
});

function kindsOf(line: string): string[] {
  return (yamlLines(line)[0] ?? [])
    .filter((token) => token.kind !== "plain")
    .map(({ kind, text }) => `${kind} ${text}`);
}

describe("the pieces of YAML", () => {
  it("are keys, texts, numbers, words and comments", () => {
    expect(kindsOf("  image: vllm/vllm-openai:v0.23.0")).toEqual(["key image:", "text vllm/vllm-openai:v0.23.0"]);
    expect(kindsOf("    failureThreshold: 180")).toEqual(["key failureThreshold:", "number 180"]);
    expect(kindsOf("  optional: true")).toEqual(["key optional:", "word true"]);
    expect(kindsOf('  inference-quickstart.dev/model: "a: b"')).toEqual([
      "key inference-quickstart.dev/model:",
      'text "a: b"',
    ]);
    expect(kindsOf("      - name: vllm")).toEqual(["key name:", "text vllm"]);
    expect(kindsOf("      - --port=8000")).toEqual(["text --port=8000"]);
    expect(kindsOf('      "a: key": 1')).toEqual(['key "a: key":', "number 1"]);
    expect(kindsOf("# why")).toEqual(["comment # why"]);
    expect(kindsOf("---")).toEqual(["mark ---"]);
  });

  it("of a file inside are text and its own comments, until it ends", () => {
    const lines = yamlLines("data:\n  run.sh: |\n    # waits\n    key: value\n\n    end\n  other: 1");
    expect(lines.map((line) => line.at(-1)?.kind ?? "empty")).toEqual([
      ...["key", "mark", "comment", "text", "empty", "text", "number"],
    ]);
  });

  it("joined are the text, whatever it is", () => {
    const piece = fc.constantFrom("a: ", "- ", "|", "#", " ", "\n", '"', "\\", "x", "1", ":", "\t");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        const again = yamlLines(text).map((line) => line.map((token) => token.text).join(""));
        expect(again.join("\n")).toBe(text);
      }),
    );
  });
});

describe("the parts of a manifest", () => {
  it("joined are the manifest", () => {
    const yaml = yamlOf(EVERYTHING);
    expect(
      manifestParts(yaml)
        .map((part) => part.text)
        .join(""),
    ).toBe(yaml);
    for (const part of manifestParts(yaml)) {
      const lines = part.passages.flatMap((passage) => passage.lines);
      expect(lines).toHaveLength(part.lineCount);
      expect(`${lines.map((line) => line.map((token) => token.text).join("")).join("\n")}\n`).toBe(part.text);
    }
  });

  it("are the comment on top and every object by kind and name", () => {
    const yaml = yamlOf(EVERYTHING);
    const [top, ...objects] = manifestParts(yaml);
    expect(top?.object).toBeNull();
    expect(objects.map((part) => part.object)).toEqual(
      objectsIn(yaml).map((object) => ({ kind: at(object, "kind"), name: at(object, "metadata", "name") })),
    );
  });

  it("tell comments that lead a number back to the measurement from others", () => {
    const notes = manifestParts(yamlOf(EVERYTHING))
      .filter((part) => part.object !== null)
      .flatMap((part) => part.passages)
      .filter((passage) => passage.kind !== "yaml")
      .map(({ kind, lines }) => ({
        kind,
        text: lines
          .map((line) =>
            line
              .map((token) => token.text)
              .join("")
              .trim()
              .replace("# ", ""),
          )
          .join(" "),
      }));
    const kindOf = (start: string) => notes.find((note) => note.text.startsWith(start))?.kind;
    expect(kindOf("choice: measured with 1,024 input")).toBe("measured");
    expect(kindOf("12 requests/s with 20% headroom")).toBe("measured");
    expect(kindOf("requests running in each pod, from the measured operating point")).toBe("measured");
    expect(kindOf("the target TTFT p95")).toBe("measured");
    expect(kindOf("a restart costs a model load")).toBe("comment");
    expect(kindOf("a ceiling on spending, not a measured limit")).toBe("comment");
    expect(kindOf("the version that was measured")).toBe("comment");
  });
});
