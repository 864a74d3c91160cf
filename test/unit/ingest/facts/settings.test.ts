import { describe, expect, it } from "vitest";
import { configurationId } from "../../../../lib/measurement/identity";
import { UNKNOWN_SETTINGS } from "../../../../lib/measurement/settings";
import { onlyRun, read, textFile } from "../support";

const HEADER = "model,accelerator,accelerator_count,load_kind,load_value,output_tokens_per_second";
const ROW = "org/m,mi300x,1,concurrency,4,100";

function table(columns: string, cells: string) {
  return textFile("a.csv", `${HEADER}${columns}\n${ROW}${cells}`);
}

describe("settings of a configuration", () => {
  it("are not known where nobody says them", () => {
    expect(onlyRun(read([table("", "")], {})).configuration.settings).toEqual(UNKNOWN_SETTINGS);
  });

  it("stand in a side file as YAML, or as JSON in a text", () => {
    const side = `image: vllm/vllm-openai:v0.11.0
server_arguments:
  max-num-seqs: 256
  kv-cache-dtype: fp8
environment: '{"VLLM_USE_V1": 1}'
engine_options: {}
speculative_tokens: 3
context_parallelism: 2
tensor_parallelism: 4
`;
    const { configuration } = onlyRun(read([table("", ""), textFile("iq.yaml", side)], {}));
    expect(configuration.settings).toEqual({
      image: "vllm/vllm-openai:v0.11.0",
      serverArguments: { "kv-cache-dtype": "fp8", "max-num-seqs": 256 },
      environment: { VLLM_USE_V1: "1" },
      engineOptions: {},
    });
    expect(configuration).toMatchObject({ speculativeTokens: 3, parallelism: { label: "tp4-cp2", context: 2 } });
  });

  it("stand in a cell as JSON; a side file adds names the row does not have", () => {
    const cells = ',"{""max-num-seqs"": 256}"';
    const side = textFile("iq.yaml", "server_arguments: { max-num-seqs: 8, kv-cache-dtype: fp8 }\n");
    const { configuration } = onlyRun(read([table(",server_arguments", cells), side], {}));
    expect(configuration.settings.serverArguments).toEqual({ "kv-cache-dtype": "fp8", "max-num-seqs": 256 });
  });

  it("give a configuration of its own, defaults another than nothing known", () => {
    const idOf = (cell: string) =>
      configurationId(onlyRun(read([table(",server_arguments", `,${cell}`)], {})).configuration);
    const ids = ["", "{}", '"{""a"": 1}"', '"{""a"": 2}"'].map(idOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect(idOf('"{""b"": 1, ""a"": 1}"')).toBe(idOf('"{""a"": 1, ""b"": 1}"'));
  });

  it.each(["[1]", "5", "null", "{", '"{""a"": ""\u0007""}"', "--max-num-seqs 256"])(
    "are refused as %s, with the cell and what was expected",
    (cell) => {
      const { runs, problems } = read([table(",server_arguments", `,${cell}`)], {});
      expect(runs).toEqual([]);
      expect(problems).toMatchObject([
        { at: "line 2, column server_arguments", expected: expect.stringContaining("settings as JSON") },
      ]);
    },
  );

  it("are refused in a side file that holds a list, naming the key", () => {
    const { problems } = read([table("", ""), textFile("iq.yaml", "server_arguments: [a, b]\n")], {});
    expect(problems).toMatchObject([{ file: "iq.yaml", at: "server_arguments" }]);
  });

  it("stand in a side file whose first line would do as the header of a table", () => {
    const side = textFile("iq.yaml", "server_arguments: { cuda-graph-bs: [1, 2, 4] }\n");
    const { configuration } = onlyRun(read([table("", ""), side], {}));
    expect(configuration.settings.serverArguments).toEqual({ "cuda-graph-bs": [1, 2, 4] });
  });

  it("hold no secret", () => {
    const cell =
      '"{""HF_TOKEN"": ""hf_abcdefghijklmnopqrstuvwxyz0123"", ""LOGIN"": ""sk-abcdefghijklmnopqrstuvwxyz012345""}"';
    const run = onlyRun(read([table(",environment", `,${cell}`)], {}));
    expect(JSON.stringify(run)).not.toMatch(/hf_abc|sk-abc/);
    expect(run.qualityFlags).toContain("secrets_redacted");
  });
});
