import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type RouterRelease, routerRelease } from "../../../lib/manifests/helm/release";
import type { GatewayKind } from "../../../lib/manifests/options/manifest-options";
import type { Choice } from "../../../lib/manifests/plan/choice";
import { manifestOutput } from "../../../lib/manifests/write/manifest-output";
import { expectValue } from "../expect-value";
import { type ChoiceParts, choice } from "./choice";
import { at, fileIn, type Json, objectNamed, objectOfKind, objectsIn, yamlOf } from "./read-bundle";

const KINDS = ["gke", "istio", "agentgateway", "envoy-ai-gateway"] as const satisfies GatewayKind[];
/** Of helm/chart's version, rendered with `helm template` by others. */
const RENDERED = path.resolve(import.meta.dirname, "../../../../shared/manifests/samples/rendered");
const hasRendered = existsSync(RENDERED);
if (!hasRendered) console.log("skipped: the chart's rendered samples are not beside this checkout");

/** Names of values in config/charts/README.md of llm-d-router; the chart ignores any other without a word. */
const CHART_VALUES = new Set([
  "router.modelServers.type",
  "router.modelServers.protocol",
  "router.modelServers.targetPorts",
  "router.modelServers.matchLabels",
  "router.epp.image.tag",
  "router.epp.image.pullPolicy",
  "router.epp.resources.requests.cpu",
  "router.epp.resources.requests.memory",
  "router.epp.resources.limits.memory",
  "router.epp.pluginsConfigFile",
  "router.epp.pluginsCustomConfig",
  "router.inferencePool.failureMode",
  "router.monitoring.prometheus.enabled",
  "router.monitoring.prometheus.auth.enabled",
  "provider.name",
  "httpRoute.create",
  "httpRoute.inferenceGatewayName",
  "httpRoute.requestTimeout",
]);
/** Values whose keys are the user's. */
const FREE_MAPS = new Set(["router.modelServers.matchLabels", "router.epp.pluginsCustomConfig"]);

function behind(gateway: GatewayKind, parts: ChoiceParts = {}): Choice {
  return choice({
    ...parts,
    options: { platform: gateway === "gke" ? "gke" : "generic", gateway, inferenceObjective: true, ...parts.options },
  });
}

function released(of: Choice): RouterRelease {
  return expectValue(routerRelease(of));
}

function valuePaths(value: Json, prefix = ""): string[] {
  if (value === null || typeof value !== "object" || Array.isArray(value) || FREE_MAPS.has(prefix)) return [prefix];
  return Object.entries(value).flatMap(([key, item]) => valuePaths(item, prefix === "" ? key : `${prefix}.${key}`));
}

function identities(yaml: string): string[] {
  return objectsIn(yaml).map((object) => `${at(object, "kind")} ${at(object, "metadata", "name")}`);
}

/** Every name of a pool that objects refer to. */
function poolsReferredTo(value: Json): string[] {
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap(poolsReferredTo);
  const own = value.kind === "InferencePool" && typeof value.name === "string" ? [value.name] : [];
  return [...own, ...Object.values(value).flatMap(poolsReferredTo)];
}

describe.each(KINDS)("llm-d's router chart behind %s", (gateway) => {
  const plain = yamlOf(behind(gateway));
  const made = released(behind(gateway));
  const values = parse(made.values) as Json;

  test("gets the pool and the picker that the plain manifest has", () => {
    const pool = objectOfKind(plain, "InferencePool");
    expect(at(values, "router", "modelServers", "matchLabels")).toEqual(at(pool, "spec", "selector", "matchLabels"));
    expect(at(values, "router", "modelServers", "targetPorts")).toEqual(at(pool, "spec", "targetPorts"));
    expect(at(values, "router", "inferencePool", "failureMode")).toBe(
      at(pool, "spec", "endpointPickerRef", "failureMode"),
    );
    const file = String(at(values, "router", "epp", "pluginsConfigFile"));
    expect(at(values, "router", "epp", "pluginsCustomConfig", file)).toBe(fileIn(plain, "-epp", "plugins.yaml"));
    const picker = at(objectNamed(plain, "Deployment", "-epp"), "spec", "template", "spec", "containers", 0);
    expect(at(values, "router", "epp", "resources")).toEqual(at(picker, "resources"));
    expect(at(picker, "image")).toBe(
      `ghcr.io/llm-d/llm-d-router-endpoint-picker:${at(values, "router", "epp", "image", "tag")}`,
    );
  });

  test("is given values by the chart's own names only", () => {
    for (const name of valuePaths(values)) expect(CHART_VALUES, name).toContain(name);
  });

  test("leaves every other object to the manifest beside it", () => {
    const { release, name } = made;
    const brought = new Set([
      ...["ServiceAccount", "Role", "RoleBinding", "ConfigMap", "Deployment", "Service"].map(
        (kind) => `${kind} ${name}-epp`,
      ),
      `InferencePool ${name}`,
      ...(gateway === "gke" ? [] : [`HTTPRoute ${name}`]),
      ...(gateway === "istio" ? [`DestinationRule ${name}-epp`] : []),
    ]);
    const beside = identities(made.objects).map((identity) => identity.replace(`${release}-epp`, `${name}-epp`));
    expect(beside).toEqual(identities(plain).filter((identity) => !brought.has(identity)));
  });

  test("and what refers to the pool refers to the release's", () => {
    const referred = poolsReferredTo(objectsIn(made.objects));
    expect(referred.length).toBeGreaterThan(0);
    expect(new Set(referred)).toEqual(new Set([made.release]));
  });

  test("lets a request take as long as the plain manifest does", () => {
    const route = at(objectOfKind(plain, "HTTPRoute"), "spec", "rules", 0, "timeouts", "request");
    if (gateway === "gke") {
      expect(at(values, "httpRoute", "create")).toBe(false);
      expect(at(objectOfKind(made.objects, "GCPBackendPolicy"), "spec", "default", "timeoutSec")).toBe(600);
    } else {
      expect(at(values, "httpRoute")).toEqual({
        create: true,
        inferenceGatewayName: at(objectOfKind(made.objects, "Gateway"), "metadata", "name"),
        requestTimeout: route,
      });
    }
  });

  test("says which chart it is for, and the command that installs it", () => {
    const command = `helm upgrade --install ${made.release} oci://ghcr.io/llm-d/charts/llm-d-router-gateway --version v0.10.0 -f ${made.name}.values.yaml`;
    expect(made.values).toContain(`#   ${command}`);
    expect(made.objects).toContain(`#   ${command}`);
    expect(made.guide.steps.map(({ id }) => id)).toEqual(["secret", "router", "replicas", "apply", "watch", "test"]);
  });
});

describe("the release", () => {
  test("has a name the chart does not cut, with the hash that tells configurations apart", () => {
    const model = "org/a-model-whose-name-is-very-long-indeed-2507-FP8";
    const one = released(behind("istio", { configuration: { model, configurationId: "c-1" }, model: null }));
    const other = released(behind("istio", { configuration: { model, configurationId: "c-2" }, model: null }));
    expect(one.name.length).toBeGreaterThan(40);
    expect(one.release.length).toBeLessThanOrEqual(40);
    expect(one.release).not.toBe(other.release);
    expect(one.release.slice(-8)).toBe(one.name.slice(-8));
    expect(one.release).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
  });

  test("pairs prefill with decode servers by the same configuration as the plain manifest", () => {
    const disaggregated = behind("istio", {
      configuration: {
        acceleratorCount: 16,
        nodes: 2,
        servingMode: "disaggregated",
        prefillAccelerators: 4,
        decodeAccelerators: 12,
        serverVersion: "0.27.0",
      },
      parallelism: { label: "p1x(tp4)+d3x(tp4)", tensor: null, pipeline: null, data: null, expert: null },
      options: { autoscaler: "none", rdmaResource: "rdma/ib" },
    });
    const { values, objects } = released(disaggregated);
    expect(values).toContain("always-disagg-pd-decider");
    expect(identities(objects).filter((identity) => identity.startsWith("Deployment "))).toHaveLength(2);
  });

  test.each([
    ["gmp", "gke", "PodMonitoring"],
    ["prometheus-operator", "istio", "PodMonitor"],
  ] as const)("has its picker's metrics collected by %s", (monitoring, gateway, kind) => {
    const { objects, release } = released(behind(gateway, { options: { monitoring } }));
    const collection = objectNamed(objects, kind, "-epp");
    expect(at(collection, "spec", "selector", "matchLabels")).toEqual({ "llm-d-router-gateway": `${release}-epp` });
  });

  test("goes into the namespace asked for", () => {
    const { guide } = released(behind("istio", { options: { namespace: "llm" } }));
    const router = guide.steps.find(({ id }) => id === "router");
    expect(router?.lines.join()).toContain(" -n llm -f ");
  });

  test("holds a hostile model name in comments, where Helm and YAML let it be", () => {
    const model = `org/x"}} {{ .Release.Name }}\n${"$"}{HOME}: [`;
    const { values } = released(behind("istio", { configuration: { model }, model: null }));
    const body = values
      .split("\n")
      .filter((line) => !/^\s*#/.test(line))
      .join("\n");
    expect(body).not.toContain("Release");
    expect(body).not.toContain("HOME");
    expect(() => parse(values)).not.toThrow();
  });

  test("is refused without a gateway, with what to do", () => {
    expect(routerRelease(choice({ options: { gateway: "none" } }))).toEqual({
      ok: false,
      error: expect.stringContaining("choose a gateway"),
    });
  });
});

describe("Helm files among the others", () => {
  test("lie in the tree, byte for byte what is asked for alone, and the README says what to do with them", () => {
    const asked = { platform: "generic", gateway: "istio" } as const;
    const tree = expectValue(manifestOutput(choice({ options: asked }), asked, "kustomize"));
    if (tree.kind !== "kustomize") throw new Error(tree.kind);
    for (const output of ["helm-values", "helm-objects"] as const) {
      const alone = expectValue(manifestOutput(choice({ options: asked }), asked, output));
      if (alone.kind !== "text") throw new Error(alone.kind);
      expect(tree.files.find((file) => file.path === `${tree.name}/helm/${alone.file}`)?.text).toBe(alone.text);
    }
    const readme = tree.files.find((file) => file.path.endsWith("/README.txt"))?.text;
    expect(readme).toContain("helm version --short");
    expect(readme).toContain(`-f ${tree.name}.values.yaml`);
    expect(readme).toContain(`kubectl apply -f ${tree.name}.objects.yaml`);
  });

  test("are not there without a gateway", () => {
    const tree = expectValue(manifestOutput(choice(), {}, "kustomize"));
    if (tree.kind !== "kustomize") throw new Error(tree.kind);
    expect(tree.files.filter((file) => file.path.includes("/helm/"))).toEqual([]);
  });
});

describe.skipIf(!hasRendered)(
  "what the chart really makes of a release (skipped where it is not rendered beside this checkout)",
  () => {
    test.each(["llm-d-router-gke.yaml", "llm-d-router-istio.yaml"])(
      "is named and labelled as expected here: %s",
      (file) => {
        // Helm writes empty documents between its templates.
        const chart = objectsIn(readFileSync(path.join(RENDERED, file), "utf8")).filter((object) => object !== null);
        const ofKind = (kind: string) => chart.filter((object) => at(object, "kind") === kind);
        const [pool] = ofKind("InferencePool");
        const release = String(at(pool, "metadata", "name"));
        const [picker] = ofKind("Deployment");
        expect(at(picker, "metadata", "name")).toBe(`${release}-epp`);
        expect(at(picker, "spec", "template", "metadata", "labels", "llm-d-router-gateway")).toBe(`${release}-epp`);
        expect(at(pool, "spec", "endpointPickerRef", "failureMode")).toBe("FailOpen");
        const [route] = ofKind("HTTPRoute");
        expect(at(route, "spec", "rules", 0, "backendRefs", 0, "name")).toBe(release);
        const values = parse(released(behind("istio")).values) as Json;
        const image = String(at(picker, "spec", "template", "spec", "containers", 0, "image"));
        expect(image.split(":")[1]).toBe(at(values, "router", "epp", "image", "tag"));
        const ports = at(picker, "spec", "template", "spec", "containers", 0, "ports");
        expect(ports).toContainEqual({ name: "metrics", containerPort: 9090 });
      },
    );
  },
);
