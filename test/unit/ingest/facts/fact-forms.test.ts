import { describe, expect, it } from "vitest";
import type { IngestRunJson } from "../../../../lib/api/ingest-json";
import type { Problem } from "../../../../lib/ingest/report";
import { UNKNOWN_SETTINGS } from "../../../../lib/measurement/settings";
import { factForms, reachesBelow } from "../../../../lib/upload/fact-forms";

function lacks(file: string, fact: string, value = ""): Problem {
  return { file, at: "", value, expected: "", message: `${file}: the ${fact} "${value}" is not known.`, fact };
}

/** A run that states everything but its licence. */
function run(file: string, change: Partial<IngestRunJson> = {}): IngestRunJson {
  return {
    runId: "r",
    format: "f",
    tool: null,
    toolVersion: null,
    measuredOn: "2026-09-01",
    configuration: {
      ...{ configurationId: "c", model: "org/m", checkpoint: null, accelerator: "h100-sxm-80gb", acceleratorCount: 1 },
      ...{ nodes: null, server: "vllm", serverVersion: "0.11.0", precision: "fp8", speculative: null },
      parallelism: { label: "tp1", tensor: 1, pipeline: null, data: null, expert: null, context: null },
      ...{ servingMode: "aggregated" as const, prefillAccelerators: null, decodeAccelerators: null },
      ...{ speculativeTokens: null, settings: { ...UNKNOWN_SETTINGS, serverArguments: {} } },
    },
    workload: { workloadId: "w", dataset: "random", inputTokens: 1, outputTokens: 1 },
    source: { name: "lab", url: null, licence: null },
    ...{ seriesKey: null, qualityFlags: [], points: [], newLoadPoints: 1, duplicates: 0, outliers: [] },
    files: [file],
    ...change,
  };
}

describe("the forms of a preview", () => {
  it("are one for each run directory, those without which nothing is taken first", () => {
    const forms = factForms({
      runs: [run("a/x.json")],
      problems: [
        lacks("c/SERVE--x/y.json", "accelerator"),
        lacks("b/BENCH--n=8/run=0.json", "accelerator"),
        lacks("b/BENCH--n=8/run=0.json", "accelerator_count"),
        lacks("b/BENCH--n=16/run=0.json", "accelerator"),
        { file: "d/broken.json", at: "", value: "", expected: "JSON", message: "d/broken.json is broken." },
      ],
    });
    expect(forms.map(({ directory, missing }) => [directory, missing.map(({ key }) => key)])).toEqual([
      ["b", ["accelerator", "accelerator_count"]],
      ["c", ["accelerator"]],
      ["a", []],
    ]);
    expect(forms[0]?.files).toEqual(["b/BENCH--n=8/run=0.json", "b/BENCH--n=16/run=0.json"]);
  });

  it("ask beside that for what nobody stated, and for nothing that is known", () => {
    const [form] = factForms({ runs: [run("a/x.json")], problems: [] });
    expect(form?.unstated).toEqual(["licence"]);
    const own = run("a/x.json", { source: { name: "own-measurements", url: null, licence: "MIT" }, measuredOn: null });
    expect(factForms({ runs: [own], problems: [] })[0]?.unstated).toEqual(["measured_on", "source_name"]);
    const notStarted = { ...run("a/x.json").configuration, settings: UNKNOWN_SETTINGS };
    expect(factForms({ runs: [run("a/x.json", { configuration: notStarted })], problems: [] })[0]?.unstated).toEqual([
      "licence",
      "started_with",
    ]);
    const [unknown] = factForms({ runs: [], problems: [lacks("a/x.json", "precision")] });
    expect(unknown?.unstated).toContain("server");
    expect(unknown?.unstated).not.toContain("precision");
  });

  it("say what is wrong with a value that was stated, without the file's name", () => {
    const [form] = factForms({
      runs: [],
      problems: [lacks("a/x.json", "model"), lacks("a/x.json", "accelerator", "H1000")],
    });
    expect(form?.missing).toEqual([
      { key: "model", wrong: null },
      { key: "accelerator", wrong: 'The accelerator "H1000" is not known.' },
    ]);
  });
});

describe("an answer", () => {
  it("reaches the folders below its own, as the side file it becomes does", () => {
    expect(reachesBelow("", ["", "a"])).toBe(true);
    expect(reachesBelow("a", ["", "a", "a/b"])).toBe(true);
    expect(reachesBelow("a", ["", "a", "ab", "b/a"])).toBe(false);
    expect(reachesBelow("", [""])).toBe(false);
  });
});
