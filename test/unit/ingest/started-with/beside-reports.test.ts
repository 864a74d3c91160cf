import { describe, expect, it } from "vitest";
import { onlyRun, read, textFile } from "../support";

const RESULT = textFile(
  "run/result.json",
  JSON.stringify({
    ...{ date: "20260427-170958", backend: "vllm", model_id: "llama", num_prompts: 10, request_rate: "inf" },
    ...{ max_concurrency: 4, duration: 10, completed: 10, total_input_tokens: 1000, total_output_tokens: 500 },
    ...{
      request_throughput: 1,
      output_throughput: 50,
      total_token_throughput: 150,
      mean_ttft_ms: 100,
      mean_tpot_ms: 10,
    },
  }),
);
const FACTS = { accelerator: "l40s", acceleratorCount: 2 };
const COMMAND =
  "vllm serve example-org/Example-8B-Instruct --served-model-name llama -tp 2 --max-num-seqs 64 --port 1\n";

describe("how a server was started, beside reports", () => {
  it.each(["run/start.sh", "run/iq.started-with.txt", "iq.started-with", "serve.sh"])(
    "completes them as %s, names the weights behind the served name, and belongs to the run",
    (path) => {
      const result = read([textFile(path, COMMAND), RESULT], FACTS);
      const run = onlyRun(result);
      expect(run.configuration).toMatchObject({
        model: "example-org/Example-8B-Instruct",
        server: "vllm",
        parallelism: { label: "tp2" },
        settings: { serverArguments: { "max-num-seqs": 64 }, environment: {} },
      });
      expect(run.files).toContain(path);
      expect(result.skipped).toMatchObject([
        { file: path, reason: expect.stringContaining("how the server was started") },
      ]);
      expect(result.notes?.join()).toContain("max-num-seqs 64");
    },
  );

  it("completes them as manifests", () => {
    const pod = `kind: Pod\nspec:\n  containers:\n    - { image: "vllm/vllm-openai:v0.11.0", args: [--model=org/m, --max-num-seqs=8] }\n`;
    const run = onlyRun(read([textFile("run/pod.yaml", pod), RESULT], FACTS));
    expect(run.configuration).toMatchObject({
      ...{ model: "org/m", checkpoint: null, serverVersion: "0.11.0" },
      settings: { image: "vllm/vllm-openai:v0.11.0", serverArguments: { "max-num-seqs": 8 } },
    });
  });

  it("names the weights where the report names another model", () => {
    const { configuration } = onlyRun(
      read([textFile("run/start.sh", "vllm serve org/m-FP8"), RESULT], { ...FACTS, model: "org/m" }),
    );
    expect(configuration).toMatchObject({ model: "org/m", checkpoint: "org/m-FP8", precision: "fp8" });
  });

  it("stands in iq.yaml too, and gives way to what iq.yaml says outright", () => {
    const side = `started_with: |\n  ${COMMAND}tensor_parallelism: 1\nserver_arguments: { max-num-seqs: 8 }\n`;
    const { configuration } = onlyRun(read([textFile("run/iq.yaml", side), RESULT], FACTS));
    expect(configuration.parallelism.tensor).toBe(1);
    expect(configuration.settings.serverArguments).toEqual({ "max-num-seqs": 8 });
  });

  it("counts for nothing where two files start different servers, and says so", () => {
    const result = read(
      [textFile("run/a.sh", "vllm serve org/a --max-num-seqs 1"), textFile("run/b.sh", "vllm serve org/a"), RESULT],
      { ...FACTS, model: "org/a" },
    );
    expect(onlyRun(result).configuration.settings.serverArguments).toBeNull();
    expect(result.notes?.join()).toMatch(/run\/a\.sh, run\/b\.sh start different model servers/);
  });

  it("is a problem where a file by that name starts none", () => {
    const result = read([textFile("run/iq.started-with.sh", "echo hello"), RESULT], FACTS);
    expect(result.problems).toMatchObject([{ file: "run/iq.started-with.sh" }]);
    const side = read([textFile("run/iq.yaml", "started_with: [a]\n"), RESULT], FACTS);
    expect(side.problems).toMatchObject([{ file: "run/iq.yaml", at: "started_with" }]);
  });
});
