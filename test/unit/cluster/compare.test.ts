import { describe, expect, it } from "vitest";
import { DEFAULT_QUESTION } from "@/lib/answer/answer";
import { clusterFacts } from "@/lib/cluster/cluster-facts";
import { compareRunning, runningLines } from "@/lib/cluster/compare-running";
import { readKubectlText } from "@/lib/cluster/kubectl-text";
import { type RunningServer, runningServers } from "@/lib/cluster/running-servers";
import { namerOf } from "@/lib/explorer/name-stock";
import { rank } from "@/lib/selection/rank";
import { curve, latency, point, price } from "../frontier/builders";
import { shippedCatalogue } from "../shipped-figures";
import { h100Node, listText, nodeText } from "./cluster-texts";

const catalogue = shippedCatalogue();

function deployment(
  args: string[],
  more: { replicas?: number; image?: string; selector?: Record<string, string> } = {},
) {
  const { replicas = 3, image = "vllm/vllm-openai:v0.10.2", selector } = more;
  const containers = [{ name: "server", image, args, resources: { limits: { "nvidia.com/gpu": "2" } } }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "gpt-oss", namespace: "llm" },
    spec: {
      replicas,
      template: { spec: { containers, ...(selector === undefined ? {} : { nodeSelector: selector }) } },
    },
  };
}

function running(...objects: object[]): RunningServer[] {
  const read = readKubectlText(listText(...objects));
  if (!read.ok) throw new Error(read.error);
  const facts = clusterFacts(read.value, namerOf(catalogue.accelerators));
  return runningServers(read.value.objects, facts, catalogue);
}

const ARGS = ["--model", "openai/gpt-oss-120b", "--tensor-parallel-size", "2", "--max-num-seqs", "64"];

describe("model servers that run in a cluster", () => {
  it("are read as one replica of them, whatever the number of replicas", () => {
    const [server, ...others] = running(h100Node("a"), deployment(ARGS), {
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {},
    });
    expect(others).toEqual([]);
    expect(server).toMatchObject({
      name: "Deployment llm/gpt-oss",
      replicas: 3,
      configuration: {
        ok: true,
        value: {
          ...{ model: "openai/gpt-oss-120b", accelerator: "h100-sxm-80gb", acceleratorCount: 2, server: "vllm" },
          ...{ serverVersion: "0.10.2", parallelism: { tensor: 2 } },
          settings: { serverArguments: { "max-num-seqs": 64 } },
        },
      },
    });
  });

  it.each([
    [[deployment(ARGS)], "not known without the nodes"],
    [
      [nodeText({ name: "cpu" }), deployment(ARGS)],
      "no node its pods may run on has an accelerator of the catalogue (they ask for nvidia.com/gpu)",
    ],
    [
      [
        h100Node("a"),
        h100Node("b", {
          labels: { "cloud.google.com/gke-accelerator": "nvidia-l4" },
          allocatable: { "nvidia.com/gpu": "1" },
        }),
        deployment(ARGS),
      ],
      "its pods may run on h100-sxm-80gb and l4-24gb",
    ],
    [[h100Node("a"), deployment(["--port", "80"])], "model"],
  ])("%# that cannot be held against figures say why", (objects, reason) => {
    const [server] = running(...objects);
    expect(server?.configuration.ok === false ? server.configuration.error : "").toContain(reason);
  });

  it("of two kinds of nodes are those of the node selector", () => {
    const l4 = h100Node("b", { labels: { "cloud.google.com/gke-accelerator": "nvidia-l4" } });
    const selector = { "cloud.google.com/gke-accelerator": "nvidia-l4" };
    const [server] = running(h100Node("a"), l4, deployment(ARGS, { selector }));
    expect(server?.configuration).toMatchObject({ ok: true, value: { accelerator: "l4-24gb" } });
  });
});

describe("a running server against what was measured", () => {
  const measured = (id: string, outputTokensPerSecond: number, maxNumSeqs: number, more: object = {}) => {
    const made = curve([point({ loadValue: 8, outputTokensPerSecond, tpotMs: latency({ mean: 20 }) })], {
      configurationId: id,
      accelerator: "h100-sxm-80gb",
      acceleratorCount: 2,
      server: "vllm",
      settings: { serverArguments: { "max-num-seqs": maxNumSeqs }, environment: {}, engineOptions: null, image: null },
      ...more,
    });
    return made;
  };
  const ask = (...curves: ReturnType<typeof measured>[]) => {
    const ranking = rank(curves, [price()], DEFAULT_QUESTION);
    const [server] = running(h100Node("a"), deployment(ARGS));
    if (server?.configuration.ok !== true) throw new Error("not read");
    const comparison = compareRunning(server.configuration.value, ranking);
    return { comparison, lines: runningLines(server, comparison, catalogue.accelerators) };
  };

  it("is told the figure of what is most like it, and what does more by how much and by what", () => {
    const { comparison, lines } = ask(measured("like", 1000, 64), measured("more", 1400, 256));
    expect(comparison.nearest?.entry.curve.configuration.configurationId).toBe("like");
    expect(comparison.best?.entry.curve.configuration.configurationId).toBe("more");
    expect(comparison.gain).toBeCloseTo(1.4, 9);
    expect(lines[2]).toContain("1.4 × the throughput of each accelerator");
    expect(lines[2]).toContain("max-num-seqs 256 (here 64)");
  });

  it("is not sent to another accelerator, nor praised by a larger deployment", () => {
    const other = measured("h200", 9000, 64, { accelerator: "h200-sxm-141gb" });
    const large = measured("large", 1600, 64, { acceleratorCount: 8 });
    const { comparison } = ask(measured("like", 1000, 64), other, large);
    expect(comparison.best?.entry.curve.configuration.configurationId).toBe("like");
    expect(ask(other).lines[1]).toMatch(/nothing was measured on the same accelerator/);
  });
});
