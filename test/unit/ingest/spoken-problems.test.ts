import { describe, expect, it } from "vitest";
import { factsInName, factsInPath, flagsOf } from "../../../lib/ingest/facts/folder-facts";
import { proposedFacts, spokenProblems } from "../../../lib/ingest/spoken-problems";
import { factForms } from "../../../lib/upload/fact-forms";
import { read, textFile } from "./support";

const result = JSON.stringify({
  ...{ model_id: "org/m", completed: 10, duration: 5, request_throughput: 2, output_throughput: 100, mean_ttft_ms: 10 },
  ...{ request_rate: "inf", max_concurrency: 4, random_input_len: 128, random_output_len: 50 },
});

describe("facts a name proposes", () => {
  it.each([
    [
      "h100x4-vllm0.11-fp8-tp4",
      "--accelerator h100 --accelerator-count 4 --server vllm --server-version 0.11 --precision fp8 --tp 4",
    ],
    [
      "8xH200_sglang_v0.5.4_bf16",
      "--accelerator h200 --accelerator-count 8 --server sglang --server-version 0.5.4 --precision bf16",
    ],
    ["a100 80gb 2gpu tp2 pp2", '--accelerator "a100 80gb" --accelerator-count 2 --tp 2 --pp 2'],
    ["rtx-4090-isl1024-osl128", '--accelerator "rtx 4090" --input-tokens 1024 --output-tokens 128'],
    ["tensorrt-llm-1.0.0-mi300x", "--accelerator mi300x --server trtllm --server-version 1.0.0"],
  ])("%s → %s", (name, flags) => {
    expect(flagsOf(factsInName(name))).toBe(flags);
  });

  it.each(["results", "run 3", "2026-09-01", "data/x4", "max-concurrency-8", "tp", "h100s of requests"])(
    "%s proposes nothing",
    (name) => {
      expect(factsInPath(name)).toEqual({});
    },
  );
});

describe("problems as sentences", () => {
  const paths = Array.from({ length: 28 }, (_, index) => `h100x4-vllm0.11/c${index}/result.json`);
  const { problems } = read(
    paths.map((path) => textFile(path, result.replace('"duration":5', `"duration":${path.length}`))),
    {},
  );

  it("are one for each thing to do, however many files lack it", () => {
    expect(problems).toHaveLength(2 * 28);
    const sentences = spokenProblems(problems);
    expect(sentences).toHaveLength(2);
    expect(sentences[0]).toMatch(
      /^28 files do not say the accelerator: give --accelerator, or accelerator: in an iq\.yaml/,
    );
    expect(proposedFacts(problems)[0]).toContain("--accelerator h100 --accelerator-count 4");
  });

  it("of different kinds and of few files stay as they are", () => {
    const few = problems.slice(0, 2);
    expect(spokenProblems(few)).toEqual(few.map(({ message }) => message));
  });

  it("are asked once on the page too, of the folder above, whose answers reach them", () => {
    const forms = factForms({ runs: [], problems });
    expect(forms.map(({ directory, files }) => [directory, files.length])).toEqual([["h100x4-vllm0.11", 28]]);
    expect(forms[0]?.proposed).toMatchObject({ accelerator: "h100", accelerator_count: "4" });
  });

  it("of folders whose names propose different answers are asked one by one", () => {
    const apart = ["h100", "h200", "b200", "l4", "l40s", "a30"].map((chip) => textFile(`${chip}/result.json`, result));
    expect(factForms({ runs: [], problems: read(apart, {}).problems })).toHaveLength(6);
  });
});
