import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import { manifestTree } from "../../../lib/manifests/write/manifest-tree";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import { type ChoiceParts, choice, H100, PLAN } from "./choice";
import { at, fileIn, type Json, notesOf, objectNamed, objectOfKind, objectsIn, refusalOf, yamlOf } from "./read-bundle";
import { MI300X } from "./server-choices";
import { countShipped, shippedChoices } from "./shipped-configurations";

const ROLE = "llm-d.ai/role";
const OPTIONS: AskedOptions = { gateway: "istio", autoscaler: "none", rdmaResource: "rdma/ib" };

/** One prefill server of four and three decode servers of four, unless said otherwise. */
function disaggregated(parts: ChoiceParts = {}): ReturnType<typeof choice> {
  return choice({
    ...parts,
    configuration: {
      acceleratorCount: 16,
      nodes: null,
      servingMode: "disaggregated",
      prefillAccelerators: 4,
      decodeAccelerators: 12,
      ...parts.configuration,
    },
    parallelism: {
      label: "p1x(tp4)+d3x(tp4)",
      tensor: null,
      pipeline: null,
      data: null,
      expert: null,
      ...parts.parallelism,
    },
    options: { ...OPTIONS, ...parts.options },
  });
}

function podOf(one: ReturnType<typeof choice>, role: "prefill" | "decode"): Json | undefined {
  return at(objectNamed(yamlOf(one), "Deployment", `-${role}`), "spec", "template", "spec");
}

function argumentsOf(one: ReturnType<typeof choice>, role: "prefill" | "decode"): string[] {
  const args = at(podOf(one, role), "containers", 0, "args");
  if (!Array.isArray(args)) throw new Error("no args");
  return args.map(String);
}

describe("prefill and decode on separate servers", () => {
  test("are two Deployments with as many servers of each as were measured, labelled with their role", () => {
    const yaml = yamlOf(disaggregated());
    for (const [role, replicas] of [
      ["prefill", 1],
      ["decode", 3],
    ] as const) {
      const deployment = objectNamed(yaml, "Deployment", `-${role}`);
      expect(at(deployment, "spec", "replicas")).toBe(replicas);
      expect(at(deployment, "spec", "selector", "matchLabels", ROLE)).toBe(role);
      expect(at(deployment, "spec", "template", "metadata", "labels", ROLE)).toBe(role);
      expect(at(deployment, "spec", "template", "spec", "containers", 0, "resources", "limits")).toEqual(
        expect.objectContaining({ "nvidia.com/gpu": "4", "rdma/ib": "1" }),
      );
    }
  });

  test("are laid out each as its own part of the label says", () => {
    const one = disaggregated({
      configuration: { prefillAccelerators: 8, decodeAccelerators: 8 },
      parallelism: { label: "p2x(tp4)+d1x(tp8)" },
    });
    expect(argumentsOf(one, "prefill")).toContain("--tensor-parallel-size=4");
    expect(argumentsOf(one, "decode")).toContain("--tensor-parallel-size=8");
    expect(at(objectNamed(yamlOf(one), "Deployment", "-prefill"), "spec", "replicas")).toBe(2);
  });

  test("hand the KV cache over by NIXL, in blocks of one size", () => {
    for (const role of ["prefill", "decode"] as const) {
      const args = argumentsOf(disaggregated(), role);
      const transfer = args.find((arg) => arg.startsWith("--kv-transfer-config="))?.split("=")[1] ?? "";
      expect(JSON.parse(transfer)).toEqual({ kv_connector: "NixlConnector", kv_role: "kv_both" });
      expect(args).toContain("--block-size=128");
      const container = at(podOf(disaggregated(), role), "containers", 0);
      expect(JSON.stringify(at(container, "env"))).toContain("VLLM_NIXL_SIDE_CHANNEL_HOST");
      expect(JSON.stringify(at(container, "ports"))).toContain("5600");
    }
  });

  test("have llm-d's proxy before decode alone, which then listens behind it", () => {
    const proxy = at(podOf(disaggregated(), "decode"), "initContainers", 0);
    expect(at(proxy, "restartPolicy")).toBe("Always");
    expect(at(proxy, "args")).toEqual(
      expect.arrayContaining(["--port=8000", "--vllm-port=8200", "--kv-connector=nixlv2", "--secure-proxy=false"]),
    );
    expect(argumentsOf(disaggregated(), "decode")).toContain("--port=8200");
    expect(at(podOf(disaggregated(), "decode"), "containers", 0, "readinessProbe", "httpGet", "port")).toBe("server");
    expect(at(podOf(disaggregated(), "prefill"), "initContainers")).toBeUndefined();
    expect(argumentsOf(disaggregated(), "prefill")).toContain("--port=8000");
  });

  test("are spread each for themselves: the others do not count", () => {
    expect(
      at(podOf(disaggregated(), "decode"), "topologySpreadConstraints", 1, "labelSelector", "matchLabels"),
    ).toMatchObject({ "llm-d.ai/role": "decode" });
  });

  test("are both in the pool, whose picker pairs one with the other for every request", () => {
    const yaml = yamlOf(disaggregated());
    expect(at(objectOfKind(yaml, "InferencePool"), "spec", "selector", "matchLabels")).not.toHaveProperty([ROLE]);
    const config = parse(fileIn(yaml, "-epp", "plugins.yaml"));
    const types = config.plugins.map((plugin: { type: string }) => plugin.type);
    expect(types).toEqual(expect.arrayContaining(["disagg-profile-handler", "prefill-filter", "decode-filter"]));
    expect(types.indexOf("always-disagg-pd-decider")).toBeLessThan(types.indexOf("disagg-profile-handler"));
    expect(config.schedulingProfiles.map((profile: { name: string }) => profile.name)).toEqual(["prefill", "decode"]);
    expect(config.schedulingProfiles[0].plugins[0].pluginRef).toBe("prefill-filter");
  });

  test("have a Service of the decode servers, by number: a sidecar's port has no name that every Service finds", () => {
    const yaml = yamlOf(disaggregated());
    const service = objectsIn(yaml).find(
      (object) =>
        at(object, "kind") === "Service" && at(object, "metadata", "labels", "app.kubernetes.io/name") === "vllm",
    );
    expect(at(service, "spec", "selector", ROLE)).toBe("decode");
    expect(at(service, "spec", "ports", 0, "targetPort")).toBe(8000);
    expect(notesOf(disaggregated())).toContain("Requests go through the gateway");
  });

  test("reach each other on all ports where there is a NetworkPolicy", () => {
    const yaml = yamlOf(disaggregated({ options: { networkPolicy: true } }));
    const ingress = at(objectOfKind(yaml, "NetworkPolicy"), "spec", "ingress");
    const open = Array.isArray(ingress) ? ingress.filter((rule) => at(rule, "ports") === undefined) : [];
    expect(open).toHaveLength(1);
  });

  test("grow together with the demand, in the proportion that was measured", () => {
    const yaml = yamlOf(disaggregated({ choice: { capacity: PLAN } }));
    expect(at(objectNamed(yaml, "Deployment", "-prefill"), "spec", "replicas")).toBe(4);
    expect(at(objectNamed(yaml, "Deployment", "-decode"), "spec", "replicas")).toBe(12);
  });

  test("get claims of their own size by Dynamic Resource Allocation", () => {
    const yaml = yamlOf(
      disaggregated({
        configuration: { prefillAccelerators: 8, decodeAccelerators: 8 },
        parallelism: { label: "p2x(tp4)+d1x(tp8)" },
        options: { deviceAccess: "dra" },
      }),
    );
    const counts = objectsIn(yaml)
      .filter((object) => at(object, "kind") === "ResourceClaimTemplate")
      .map((object) => at(object, "spec", "spec", "devices", "requests", 0, "exactly", "count"));
    expect(counts.sort()).toEqual([4, 8]);
  });

  test("say how much was measured together, and that the network was not recorded", () => {
    expect(yamlOf(disaggregated())).toContain("1 prefill server of 4 and 3 decode servers of 4");
    expect(notesOf(disaggregated())).toContain("Which network the measurement had is not recorded");
  });

  test("are in a Kustomize tree too", () => {
    const tree = manifestTree(disaggregated(), { ...OPTIONS, platform: "generic" });
    if (!tree.ok) throw new Error(tree.error);
    const texts = tree.value.files.map((file) => file.text).join("\n");
    expect(texts.match(/^kind: Deployment$/gm)?.length).toBeGreaterThanOrEqual(2);
  });
});

describe("prefill and decode on separate servers of SGLang", () => {
  const sglang = (parts: ChoiceParts = {}) =>
    disaggregated({
      ...parts,
      configuration: { server: "sglang", serverVersion: "0.5.13.post1", ...parts.configuration },
    });

  test("are started each in its mode, and hand over by NIXL as llm-d has it", () => {
    for (const role of ["prefill", "decode"] as const) {
      expect(argumentsOf(sglang(), role)).toEqual(
        expect.arrayContaining([
          `--disaggregation-mode=${role}`,
          "--disaggregation-transfer-backend=nixl",
          "--tensor-parallel-size=4",
        ]),
      );
      expect(JSON.stringify(at(podOf(sglang(), role), "containers", 0))).not.toMatch(/VLLM_|kv-transfer-config/);
    }
    expect(yamlOf(sglang())).toMatch(/SGLang's own\s+(?:# )?default is mooncake/);
  });

  test("meet at the prefill server's own port, which the proxy names to both", () => {
    expect(argumentsOf(sglang(), "prefill")).toContain("--disaggregation-bootstrap-port=8998");
    expect(JSON.stringify(at(podOf(sglang(), "prefill"), "containers", 0, "ports"))).toContain("8998");
    expect(argumentsOf(sglang(), "decode").join(" ")).not.toContain("bootstrap-port");
    const proxy = at(podOf(sglang(), "decode"), "initContainers", 0);
    expect(at(proxy, "args")).toEqual(expect.arrayContaining(["--kv-connector=sglang", "--vllm-port=8200"]));
    expect(at(proxy, "env")).toEqual([{ name: "SGLANG_BOOTSTRAP_PORT", value: "8998" }]);
    expect(argumentsOf(sglang(), "decode")).toContain("--port=8200");
    expect(argumentsOf(sglang(), "prefill")).toContain("--port=8000");
    expect(at(podOf(sglang(), "prefill"), "initContainers")).toBeUndefined();
  });

  test("are picked for every prompt: a decode server computes none itself", () => {
    const config = parse(fileIn(yamlOf(sglang()), "-epp", "plugins.yaml"));
    const types = config.plugins.map((plugin: { type: string }) => plugin.type);
    expect(types).toContain("always-disagg-pd-decider");
    expect(notesOf(sglang())).toContain("what is sent to the Service past the gateway fails");
    expect(notesOf(sglang())).not.toMatch(/vLLM/);
  });

  test("fail at once where the picker does not answer: no pod answers alone, as vLLM's do", () => {
    const failure = (choice: Parameters<typeof yamlOf>[0]) =>
      at(objectOfKind(yamlOf(choice), "InferencePool"), "spec", "endpointPickerRef", "failureMode");
    expect(failure(sglang())).toBe("FailClose");
    expect(failure(disaggregated())).toBe("FailOpen");
  });

  test("are tried through the gateway, and their log is read by the server's own name", () => {
    const yaml = yamlOf(sglang());
    expect(yaml).toContain("get gateway");
    expect(yaml).toContain("run gateway-test");
    expect(yaml).not.toContain("port-forward");
    expect(yaml).toContain("-decode -c sglang");
    expect(yamlOf(disaggregated())).toContain("-decode -c vllm");
  });
});

describe("refused, with the reason", () => {
  test("options that are missing, all in one sentence that names them", () => {
    const reason = refusalOf(
      disaggregated({ options: { gateway: "none", rdmaResource: null, autoscaler: "hpa", benchmarkJob: true } }),
    );
    for (const word of ["a gateway", "rdma/ib", "the autoscaler none", "no benchmark Job"]) {
      expect(reason).toContain(word);
    }
    expect(refusalOf(disaggregated({ options: { monitoring: "prometheus-operator" } }))).toContain(
      "the monitoring none",
    );
  });

  const cases: [what: string, parts: ChoiceParts, reason: RegExp][] = [
    ["no layout", { parallelism: { label: null } }, /not recorded in full \(no layout/],
    ["half a layout", { parallelism: { label: "tp4" } }, /not recorded in full \("tp4"/],
    ["accelerators of a role unknown", { configuration: { prefillAccelerators: null } }, /did prefill is not recorded/],
    [
      "accelerators that do not add up",
      { configuration: { acceleratorCount: 24 } },
      /4 accelerators for prefill and 12 for decode are not the 24/,
    ],
    ["a role that is not its label", { configuration: { decodeAccelerators: 24 } }, /make 4, but 8 accelerators/],
    [
      "more tensor parallelism in prefill than in decode",
      {
        configuration: { prefillAccelerators: 8, decodeAccelerators: 8 },
        parallelism: { label: "p1x(tp8)+d2x(tp4)" },
      },
      /more tensor parallelism in prefill \(8\) than in decode \(4\)/,
    ],
    [
      "a role that spans machines",
      {
        configuration: { acceleratorCount: 20, prefillAccelerators: 4, decodeAccelerators: 16 },
        parallelism: { label: "p1x(tp4)+d1x(tp16)" },
      },
      /decode server takes 16 × H100 SXM, a machine has at most 8/,
    ],
    ["an image that may not bring NIXL", { configuration: { serverVersion: "0.18.0" } }, /NIXL.*v0\.23\.0/],
    [
      "another vendor",
      { accelerator: { ...H100, ...MI300X }, configuration: { accelerator: "mi300x-192gb" } },
      /written for vLLM on NVIDIA GPUs/,
    ],
    [
      "SGLang with unequal tensor parallelism",
      {
        configuration: { server: "sglang", serverVersion: "0.5.13", prefillAccelerators: 8, decodeAccelerators: 8 },
        parallelism: { label: "p2x(tp4)+d1x(tp8)" },
      },
      /4 × 1 in prefill and 8 × 1 in decode; between unequal servers SGLang needs staging buffers/,
    ],
    [
      "SGLang with data-parallel ranks",
      {
        configuration: { server: "sglang", serverVersion: "0.5.13" },
        parallelism: { label: "p1x(tp2-dp2)+d3x(tp2-dp2)" },
      },
      /data-parallel ranks in SGLang's prefill or decode servers/,
    ],
    [
      "an SGLang image that may not bring NIXL",
      { configuration: { server: "sglang", serverVersion: "0.5.9" } },
      /NIXL.*v0\.5\.13/,
    ],
    [
      "SGLang on another vendor's accelerator",
      {
        accelerator: { ...H100, ...MI300X },
        configuration: { accelerator: "mi300x-192gb", server: "sglang", serverVersion: "0.5.13" },
      },
      /written for SGLang on NVIDIA GPUs/,
    ],
    [
      "SGLang with speculative decoding",
      {
        configuration: {
          server: "sglang",
          serverVersion: "0.5.13",
          speculative: "mtp2",
          model: "deepseek-ai/DeepSeek-V3",
        },
      },
      /which of the two servers was started with it is not recorded/,
    ],
    ["TensorRT-LLM", { configuration: { server: "trtllm", serverVersion: "1.3.0rc14" } }, /trtllm-serve disaggregated/],
    [
      "a router of its own",
      { configuration: { server: "mori-sglang" } },
      /separate servers of mori-sglang.*its own operator/,
    ],
  ];
  test.each(cases)("%s", (_, parts, reason) => {
    expect(refusalOf(disaggregated(parts))).toMatch(reason);
  });
});

describe("the configurations that come with the program", () => {
  const shipped = shippedChoices({ ...OPTIONS, monitoring: "none" });
  const counted = countShipped(shipped.filter(({ choice: one }) => one.configuration.servingMode === "disaggregated"));

  test("that were measured apart with vLLM can all be deployed so", () => {
    const vllm = counted.find((count) => count.server === "vllm");
    expect(vllm?.made).toBe(5);
    expect([...(vllm?.refused ?? [])]).toEqual([]);
  });

  test("that were measured apart with another server are refused", () => {
    expect(counted.filter((count) => count.server !== "vllm").map((count) => count.made)).toEqual(
      counted.filter((count) => count.server !== "vllm").map(() => 0),
    );
  });

  test("over several machines are replicas that were measured together, or one where server and layout are recorded", () => {
    const several = shipped.filter(
      ({ choice: one }) => one.configuration.servingMode === "aggregated" && (one.configuration.nodes ?? 1) > 1,
    );
    expect(several.length).toBeGreaterThan(20);
    for (const { choice: one } of several) {
      const bundle = manifestBundle(one);
      if (bundle.ok)
        expect(bundle.value.yaml).toMatch(/replicas of this shape were measured together|kind: LeaderWorkerSet/);
    }
  });
});
