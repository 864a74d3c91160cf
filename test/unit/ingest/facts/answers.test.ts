import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answersYaml } from "../../../../lib/ingest/facts/answers";
import { FACT_NAMES, type FactValue, factsFromKeys } from "../../../../lib/ingest/facts/facts";
import { canonicalGroup } from "../../../../lib/ingest/facts/settings-text";
import { readSideFile } from "../../../../lib/ingest/facts/side-file";
import { parseFile } from "../../../../lib/ingest/parse/parse-file";

function read(yaml: string) {
  const parse = parseFile({ path: "iq.yaml", bytes: new TextEncoder().encode(yaml) });
  if (parse.kind !== "parsed") throw new Error("the side file cannot be parsed");
  return readSideFile(parse.file);
}

describe("answers of a form", () => {
  it("hold how the server was started as a block of text", () => {
    const side = read(answersYaml({ started_with: "vllm serve org/m \\\n  -tp 2: # x\n" }) ?? "");
    expect(side.facts).toMatchObject({ server: "vllm", serverArguments: { model: "org/m", tp: "2:" } });
  });

  it("become a side file in the order facts are documented, empty ones left out", () => {
    expect(answersYaml({ server_version: "0.10", accelerator_count: "8", accelerator: " h100 ", licence: " " })).toBe(
      'accelerator: h100\naccelerator_count: 8\nserver_version: "0.10"\n',
    );
    expect(answersYaml({ licence: "" })).toBeNull();
  });

  it("are read back as they were given, whatever they look like in YAML", () => {
    const text = fc.oneof(
      fc.constantFrom("yes", "null", "0.10", "1e3", "- a", "a: b", "# x", "'", '"', "~", "2026-09-01", "*a", "&a"),
      fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
        .filter((value) => /\S/.test(value) && !/\p{C}/u.test(value)),
    );
    const answers = fc.dictionary(fc.constantFrom(...FACT_NAMES.map(({ key }) => key)), text, { minKeys: 1 });
    const count = fc.integer({ min: 1, max: 99_999 }).map(String);
    fc.assert(
      fc.property(answers, count, (given, number) => {
        const said = new Map<string, FactValue>();
        const typed: Record<string, string> = {};
        for (const { key, kind } of FACT_NAMES) {
          const value = given[key];
          if (value === undefined) continue;
          typed[key] = kind === "count" ? number : kind === "settings" ? JSON.stringify({ a: value }) : value;
          if (kind === "settings") {
            said.set(
              key,
              canonicalGroup(key === "environment" ? "environment" : "serverArguments", { a: value }) ?? {},
            );
          } else said.set(key, kind === "count" ? Number(number) : value.trim());
        }
        expect(read(answersYaml(typed) ?? "")).toEqual({ facts: factsFromKeys(said), problems: [], notes: [] });
      }),
    );
  });
});
