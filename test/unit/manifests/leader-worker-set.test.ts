import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manifestTree } from "../../../lib/manifests/write/manifest-tree";
import { manifestBundle } from "../../../lib/manifests/write/manifest-yaml";
import { type ChoiceParts, choice, H100, PLAN, tpu } from "./choice";
import { at, type Json, notesOf, objectNamed, objectOfKind, objectsIn, refusalOf, yamlOf } from "./read-bundle";
import { B200, MI300X, measuredWith } from "./server-choices";

const LEADER = "leaderworkerset.sigs.k8s.io/worker-index";
const V6E = tpu("tpu-v6e", "tpu-v6e-slice", 32);
const V7X = tpu("tpu-v7x", "tpu7x", 192);

/** Sixteen H100 on two machines, as tensor parallel 8 × pipeline parallel 2 unless said otherwise. */
function onTwoMachines(parts: ChoiceParts = {}): ReturnType<typeof choice> {
  return choice({
    ...parts,
    configuration: { acceleratorCount: 16, nodes: 2, ...parts.configuration },
    parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2, ...parts.parallelism },
  });
}

function onSlice(accelerator: typeof V6E, chips: number, tensor: number, nodes: number | null) {
  return choice({
    accelerator,
    configuration: { accelerator: accelerator.id, acceleratorCount: chips, nodes, serverVersion: "0.22.0" },
    parallelism: { label: `tp${tensor}`, tensor },
    options: { platform: "gke" },
  });
}

type Member = "leaderTemplate" | "workerTemplate";

function templateOf(one: ReturnType<typeof choice>, member: Member): Json | undefined {
  return at(objectOfKind(yamlOf(one), "LeaderWorkerSet"), "spec", "leaderWorkerTemplate", member);
}

function containerOf(one: ReturnType<typeof choice>, member: Member): Json | undefined {
  return at(templateOf(one, member), "spec", "containers", 0);
}

function argumentsOf(one: ReturnType<typeof choice>, member: Member): string[] {
  const args = at(containerOf(one, member), "args") ?? [];
  if (!Array.isArray(args)) throw new Error("no list of args");
  return args.map(String);
}

function environmentOf(one: ReturnType<typeof choice>, member: Member): Map<string, Json | undefined> {
  const env = at(containerOf(one, member), "env") ?? [];
  if (!Array.isArray(env)) throw new Error("no list of env");
  return new Map(env.map((item) => [String(at(item, "name")), at(item, "value") ?? at(item, "valueFrom")]));
}

describe("one replica over several machines", () => {
  test("is a LeaderWorkerSet of as many pods as machines, each with its machine's accelerators", () => {
    const yaml = yamlOf(onTwoMachines());
    const set = objectOfKind(yaml, "LeaderWorkerSet");
    expect(at(set, "apiVersion")).toBe("leaderworkerset.x-k8s.io/v1");
    expect(at(set, "spec", "leaderWorkerTemplate", "size")).toBe(2);
    expect(at(set, "spec", "leaderWorkerTemplate", "restartPolicy")).toBe("RecreateGroupOnPodRestart");
    expect(objectsIn(yaml).map((object) => at(object, "kind"))).not.toContain("Deployment");
    for (const member of ["leaderTemplate", "workerTemplate"] as const) {
      const resources = at(containerOf(onTwoMachines(), member), "resources");
      expect(at(resources, "limits", "nvidia.com/gpu")).toBe("8");
      expect(at(resources, "requests", "cpu")).toBe("64");
    }
  });

  test("starts the same vLLM on each machine, without Ray; the workers have no API server", () => {
    const leader = argumentsOf(onTwoMachines(), "leaderTemplate");
    const worker = argumentsOf(onTwoMachines(), "workerTemplate");
    for (const args of [leader, worker]) {
      expect(args).toContain("--tensor-parallel-size=8");
      expect(args).toContain("--pipeline-parallel-size=2");
      expect(args).toContain("--nnodes=$(LWS_GROUP_SIZE)");
      expect(args).toContain("--node-rank=$(LWS_WORKER_INDEX)");
      expect(args).toContain("--distributed-executor-backend=mp");
      expect(args).toContain("--max-model-len=3072");
    }
    expect(leader).toContain("--port=8000");
    expect(leader).not.toContain("--headless");
    expect(worker).toContain("--headless");
    expect(worker).toContain("--master-addr=$(LWS_LEADER_ADDRESS)");
    expect(worker.filter((arg) => /^--(?:port|shutdown-timeout|disable-access-log)/.test(arg))).toEqual([]);
  });

  test("opens sockets on the leader's address, not on its name", () => {
    expect(argumentsOf(onTwoMachines(), "leaderTemplate")).toContain("--master-addr=$(VLLM_HOST_IP)");
    expect(environmentOf(onTwoMachines(), "leaderTemplate").get("VLLM_HOST_IP")).toEqual({
      fieldRef: { fieldPath: "status.podIP" },
    });
  });

  test("is reached at the leader alone: Service, probes, scraping, routing, benchmark", () => {
    const one = onTwoMachines({ options: { gateway: "istio", benchmarkJob: true } });
    const yaml = yamlOf(one);
    const leaders = { "app.kubernetes.io/name": "vllm", [LEADER]: "0" };
    const name = at(objectOfKind(yaml, "LeaderWorkerSet"), "metadata", "name");
    for (const suffix of [String(name), "-bench"]) {
      expect(at(objectNamed(yaml, "Service", suffix), "spec", "selector")).toEqual(expect.objectContaining(leaders));
    }
    expect(at(objectOfKind(yaml, "InferencePool"), "spec", "selector", "matchLabels")).toEqual(
      expect.objectContaining(leaders),
    );
    const worker = templateOf(one, "workerTemplate");
    const container = containerOf(one, "workerTemplate");
    for (const field of ["ports", "startupProbe", "readinessProbe", "livenessProbe"]) {
      expect(at(container, field), field).toBeUndefined();
      expect(at(containerOf(one, "leaderTemplate"), field), field).toBeDefined();
    }
    expect(JSON.stringify(at(worker, "metadata", "annotations") ?? {})).not.toContain("prometheus.io");
    expect(JSON.stringify(at(templateOf(one, "leaderTemplate"), "metadata", "annotations"))).toContain("prometheus.io");
  });

  test("keeps its workers until the leader has answered its requests, within the grace period", () => {
    const pod = at(templateOf(onTwoMachines(), "workerTemplate"), "spec");
    const seconds = (member: Member) =>
      Number(at(containerOf(onTwoMachines(), member), "lifecycle", "preStop", "sleep", "seconds"));
    expect(seconds("workerTemplate")).toBe(seconds("leaderTemplate") + 60);
    expect(Number(at(pod, "terminationGracePeriodSeconds"))).toBeGreaterThanOrEqual(seconds("workerTemplate") + 30);
  });

  test("is scaled and drained as a whole", () => {
    const yaml = yamlOf(onTwoMachines({ choice: { capacity: PLAN } }));
    expect(at(objectOfKind(yaml, "HorizontalPodAutoscaler"), "spec", "scaleTargetRef")).toEqual({
      apiVersion: "leaderworkerset.x-k8s.io/v1",
      kind: "LeaderWorkerSet",
      name: at(objectOfKind(yaml, "LeaderWorkerSet"), "metadata", "name") ?? "",
    });
    expect(at(objectOfKind(yaml, "LeaderWorkerSet"), "spec", "replicas")).toBeUndefined();
    const fixed = yamlOf(onTwoMachines({ choice: { capacity: PLAN }, options: { autoscaler: "none" } }));
    expect(at(objectOfKind(fixed, "LeaderWorkerSet"), "spec", "replicas")).toBe(4);
    const selector = at(objectOfKind(fixed, "PodDisruptionBudget"), "spec", "selector", "matchLabels");
    expect(selector).not.toHaveProperty(LEADER);
    expect(selector).toHaveProperty(["app.kubernetes.io/instance"]);
    const keda = yamlOf(onTwoMachines({ options: { autoscaler: "keda" } }));
    expect(at(objectOfKind(keda, "ScaledObject"), "spec", "scaleTargetRef", "kind")).toBe("LeaderWorkerSet");
  });

  test("says what the cluster needs and how to watch it", () => {
    const yaml = yamlOf(onTwoMachines());
    expect(yaml).toContain("kubectl get crd leaderworkersets.leaderworkerset.x-k8s.io");
    expect(yaml).toMatch(/kubectl apply --server-side -f \S+lws\/releases\S+/);
    expect(yaml).toMatch(/kubectl wait --for=condition=Available leaderworkerset\/\S+ --timeout=\d+s/);
    expect(yaml).not.toContain("rollout status");
    expect(yaml).toContain("on 2 machines with 8 × NVIDIA H100 SXM 80GB");
    expect(notesOf(onTwoMachines())).toContain("Which network the measurement had is not recorded");
  });

  test("asks for RDMA where the cluster's resource is named, and only there", () => {
    const fast = onTwoMachines({ options: { rdmaResource: "rdma/ib" } });
    for (const member of ["leaderTemplate", "workerTemplate"] as const) {
      expect(at(containerOf(fast, member), "resources", "limits", "rdma/ib")).toBe("1");
    }
    expect(yamlOf(choice({ options: { rdmaResource: "rdma/ib" } }))).not.toContain("rdma/ib");
    const noResource = [
      "ib: x",
      "a..b/ib",
      "a.-b/ib",
      "requests.nvidia.com/gpu",
      "kubernetes.io/ib",
      "x.kubernetes.io/ib",
    ];
    for (const rdmaResource of noResource) {
      expect(refusalOf(onTwoMachines({ options: { rdmaResource } })), rdmaResource).toContain("e.g. rdma/ib");
    }
    // It would take the place of the GPUs the pod asks for.
    expect(refusalOf(onTwoMachines({ options: { rdmaResource: "nvidia.com/gpu" } }))).toContain(
      "the accelerator itself",
    );
    expect(refusalOf(onTwoMachines({ options: { platform: "gke", rdmaResource: "rdma/ib" } }))).toContain("DRANET");
    expect(refusalOf(onTwoMachines({ options: { platform: "eks", rdmaResource: "rdma/ib" } }))).toContain("EFA");
  });

  test("has time to wait for the nodes and images of the other machines", () => {
    const budget = (one: ReturnType<typeof choice>, kind: "Deployment" | "LeaderWorkerSet") => {
      const spec = at(objectOfKind(yamlOf(one), kind), "spec");
      const pod = at(spec, "template", "spec") ?? at(spec, "leaderWorkerTemplate", "leaderTemplate", "spec");
      return Number(at(pod, "containers", 0, "startupProbe", "failureThreshold")) * 10;
    };
    expect(budget(onTwoMachines(), "LeaderWorkerSet") - budget(choice(), "Deployment")).toBe(1200);
    const text = yamlOf(onTwoMachines()).replaceAll(/\s+#?\s*/g, " ");
    expect(text).toContain("and 20 minutes for the nodes and images of the other machines");
  });

  test("has a node pool for each replica on GKE, where nodes carry its label", () => {
    const annotation = "leaderworkerset.sigs.k8s.io/exclusive-topology";
    const annotations = (one: ReturnType<typeof choice>) =>
      at(objectOfKind(yamlOf(one), "LeaderWorkerSet"), "metadata", "annotations");
    expect(annotations(onTwoMachines({ options: { platform: "gke" } }))).toHaveProperty(
      [annotation],
      "cloud.google.com/gke-nodepool",
    );
    expect(annotations(onTwoMachines())).not.toHaveProperty([annotation]);
    expect(refusalOf(onTwoMachines({ options: { platform: "gke-autopilot" } }))).toContain("choose the platform gke");
  });

  test("lets its machines reach each other on all ports where there is a NetworkPolicy", () => {
    const yaml = yamlOf(onTwoMachines({ options: { networkPolicy: true } }));
    const ingress = at(objectOfKind(yaml, "NetworkPolicy"), "spec", "ingress");
    const open = Array.isArray(ingress) ? ingress.filter((rule) => at(rule, "ports") === undefined) : [];
    expect(open).toHaveLength(1);
  });

  test("takes no other accelerator for one of its machines", () => {
    const one = onTwoMachines({
      options: { deviceAccess: "dra", autoscaler: "none" },
      choice: { fallbacks: { accelerators: [{ ...H100, ...B200 }], notes: [] } },
    });
    const claim = JSON.stringify(objectOfKind(yamlOf(one), "ResourceClaimTemplate"));
    expect(claim).toContain("exactly");
    expect(claim).not.toContain("firstAvailable");
  });

  test("is in a Kustomize tree too, its place a part of each overlay", () => {
    const one = onTwoMachines({ options: { platform: "gke" } });
    const tree = manifestTree(one, { platform: "gke" });
    if (!tree.ok) throw new Error(tree.error);
    const text = (end: string) => tree.value.files.find((file) => file.path.endsWith(end))?.text ?? "";
    expect(text("base/leaderworkerset.yaml")).toContain("kind: LeaderWorkerSet");
    expect(text("base/leaderworkerset.yaml")).not.toContain("gke-nodepool");
    expect(text("overlays/gke/patch-leaderworkerset.yaml")).toContain("cloud.google.com/gke-nodepool");
    expect(text("overlays/gke/patch-leaderworkerset.yaml")).toContain("cloud.google.com/gke-accelerator");
  });

  test("has a name short enough for the sets and pods made from it", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), (model) => {
        fc.pre(model.trim() !== "" && !model.startsWith("-"));
        const bundle = manifestBundle(onTwoMachines({ configuration: { model: `org/${model}` }, model: null }));
        if (!bundle.ok) return;
        expect(bundle.value.name).toMatch(/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/);
      }),
      { numRuns: 50 },
    );
  });
});

describe("data parallel over several machines", () => {
  const one = onTwoMachines({
    configuration: { acceleratorCount: 32, nodes: 4 },
    parallelism: { label: "tp4-dp8-ep32", tensor: 4, pipeline: 1, data: 8, expert: 32 },
  });

  test("runs whole engines on each machine, numbered from the machine's place", () => {
    expect(argumentsOf(one, "leaderTemplate")).toEqual(
      expect.arrayContaining([
        "--data-parallel-size=8",
        "--data-parallel-size-local=2",
        "--data-parallel-address=$(VLLM_HOST_IP)",
      ]),
    );
    expect(argumentsOf(one, "leaderTemplate").join(" ")).not.toContain("--nnodes");
    expect(at(containerOf(one, "workerTemplate"), "command")).toEqual([
      "/bin/sh",
      "-c",
      'exec vllm serve "$@" --data-parallel-start-rank=$((LWS_WORKER_INDEX * 2))',
      "vllm",
    ]);
    expect(argumentsOf(one, "workerTemplate")).toContain("--headless");
  });

  test("passes names from data as arguments, never through the shell's own text", () => {
    const hostile = onTwoMachines({
      configuration: { model: "org/$(rm -rf) `x` \"y\" 'z'", checkpoint: null },
      parallelism: { label: "tp8-dp2", tensor: 8, pipeline: 1, data: 2 },
      model: null,
    });
    expect(JSON.stringify(at(containerOf(hostile, "workerTemplate"), "command"))).not.toContain("rm -rf");
    expect(argumentsOf(hostile, "workerTemplate")[0]).toBe("org/$$(rm -rf) `x` \"y\" 'z'");
  });

  test("is refused where an engine would span machines", () => {
    const spanning = onTwoMachines({
      configuration: { acceleratorCount: 32, nodes: 4 },
      parallelism: { label: "tp16-dp2", tensor: 16, pipeline: 1, data: 2 },
    });
    expect(refusalOf(spanning)).toContain("Each of the 2 data-parallel engines takes 16 accelerators");
  });
});

describe("SGLang over several machines", () => {
  test("starts the same command on each, which meet at the leader", () => {
    const one = measuredWith("sglang", "0.5.13.post1", {
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp16", tensor: 16 },
    });
    for (const member of ["leaderTemplate", "workerTemplate"] as const) {
      expect(argumentsOf(one, member)).toEqual(
        expect.arrayContaining([
          "--tensor-parallel-size=16",
          "--dist-init-addr=$(LWS_LEADER_ADDRESS):20000",
          "--nnodes=$(LWS_GROUP_SIZE)",
          "--node-rank=$(LWS_WORKER_INDEX)",
        ]),
      );
    }
    expect(argumentsOf(one, "workerTemplate").filter((arg) => /^--(?:host|port|enable-metrics)/.test(arg))).toEqual([]);
  });

  test("gives data-parallel attention the leader's address, since sockets open on no name", () => {
    const one = measuredWith("sglang", "0.5.13.post1", {
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "tp16-dp2-dpattn", tensor: 16, data: 2 },
    });
    expect(argumentsOf(one, "leaderTemplate")).toContain("--dist-init-addr=$(POD_IP):20000");
    expect(argumentsOf(one, "workerTemplate")).toContain("--dist-init-addr=$(LWS_LEADER_ADDRESS):20000");
  });
});

describe("a slice of several TPU hosts", () => {
  test("is a group of all its hosts, each pod with the chips of one, joined by Ray", () => {
    const one = onSlice(V6E, 16, 16, 4);
    expect(at(objectOfKind(yamlOf(one), "LeaderWorkerSet"), "spec", "leaderWorkerTemplate", "size")).toBe(4);
    for (const member of ["leaderTemplate", "workerTemplate"] as const) {
      expect(at(containerOf(one, member), "resources", "limits", "google.com/tpu")).toBe("4");
      expect(at(templateOf(one, member), "spec", "nodeSelector")).toEqual({
        "cloud.google.com/gke-tpu-accelerator": "tpu-v6e-slice",
        "cloud.google.com/gke-tpu-topology": "4x4",
      });
      expect(environmentOf(one, member).get("TPU_MULTIHOST_BACKEND")).toBe("ray");
    }
    expect(argumentsOf(one, "leaderTemplate")).toContain("--distributed-executor-backend=ray");
    expect(JSON.stringify(at(containerOf(one, "leaderTemplate"), "command"))).toContain("multi-node-serving.sh");
    expect(argumentsOf(one, "workerTemplate")).toEqual([]);
  });

  test("counts two ranks a chip on TPU7x", () => {
    const one = onSlice(V7X, 8, 16, null);
    expect(at(objectOfKind(yamlOf(one), "LeaderWorkerSet"), "spec", "leaderWorkerTemplate", "size")).toBe(2);
    expect(at(templateOf(one, "workerTemplate"), "spec", "nodeSelector", "cloud.google.com/gke-tpu-topology")).toBe(
      "2x2x2",
    );
  });

  test("is refused where the hosts measured are not those of the slice", () => {
    expect(refusalOf(onSlice(V6E, 16, 16, 2))).toContain("a slice of 4 hosts, and 2 were measured");
    expect(refusalOf(onSlice(V6E, 12, 12, 3))).toContain("there is none of 12");
  });
});

describe("refused over several machines, with the reason", () => {
  const cases: [what: string, one: ReturnType<typeof choice>, reason: RegExp][] = [
    [
      "a number of machines nobody recorded",
      onTwoMachines({ configuration: { nodes: null } }),
      /does not say how many machines.*record the number of nodes/,
    ],
    [
      "machines that share unevenly",
      onTwoMachines({ configuration: { nodes: 3 } }),
      /on 3 machines cannot be shared evenly/,
    ],
    [
      "more on a machine than it has",
      choice({ configuration: { acceleratorCount: 32, nodes: 2 }, parallelism: { label: "tp32", tensor: 32 } }),
      /16 on each; a machine has at most 8/,
    ],
    [
      "vLLM before it could without Ray",
      onTwoMachines({ configuration: { serverVersion: "0.11.0" } }),
      /from 0\.12\.0 on.*measured with v0\.11\.0/,
    ],
    [
      "AMD GPUs",
      measuredWith("vllm", "0.20.0", {
        accelerator: MI300X,
        configuration: { acceleratorCount: 16, nodes: 2 },
        parallelism: { label: "tp8-pp2", tensor: 8, pipeline: 2 },
      }),
      /written for NVIDIA GPUs and Cloud TPUs/,
    ],
    [
      "racks joined by NVLink",
      onTwoMachines({
        accelerator: { ...H100, id: "gb200-nvl72", name: "NVIDIA GB200 NVL72", shortName: "GB200" },
        configuration: { acceleratorCount: 8, nodes: 2 },
        parallelism: { label: "tp8", tensor: 8, pipeline: 1 },
      }),
      /ComputeDomain/,
    ],
    [
      "TensorRT-LLM",
      measuredWith("trtllm", "1.3.0rc14", {
        configuration: { acceleratorCount: 16, nodes: 2 },
        parallelism: { label: "tp16", tensor: 16 },
        options: { autoscaler: "none" },
      }),
      /MPI/,
    ],
    [
      "replicas in one SGLang server",
      measuredWith("sglang", "0.5.13.post1", {
        configuration: { acceleratorCount: 16, nodes: 2 },
        parallelism: { label: "tp8-dp2", tensor: 8, data: 2 },
      }),
      /whole replicas in one SGLang server/,
    ],
  ];
  test.each(cases)("%s", (_, one, reason) => {
    expect(refusalOf(one)).toMatch(reason);
  });

  test("not where many replicas of one machine each were measured on several", () => {
    const routed = choice({
      configuration: { acceleratorCount: 16, nodes: 2 },
      parallelism: { label: "2x(tp8)", tensor: 8 },
    });
    expect(objectOfKind(yamlOf(routed), "Deployment")).toBeDefined();
  });
});
