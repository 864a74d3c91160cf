import { describe, expect, test } from "vitest";
import { fallbacksOf } from "../../../lib/manifests/devices/fallback-accelerators";
import { choice, H100, withHardware } from "./choice";
import { at, objectOfKind, refusalOf, yamlOf } from "./read-bundle";

const H200 = withHardware({
  ...H100,
  id: "h200-sxm-141gb",
  name: "NVIDIA H200 SXM 141GB",
  shortName: "H200 SXM",
  memoryGib: 141,
});
const PCIE = withHardware({
  ...H100,
  id: "h100-pcie-80gb",
  name: "NVIDIA H100 PCIe 80GB",
  shortName: "H100 PCIe",
  memoryGib: 80,
});
const MI300X = withHardware({
  ...H100,
  id: "mi300x-192gb",
  name: "AMD MI300X",
  shortName: "MI300X",
  vendor: "AMD",
  kubernetesResource: "amd.com/gpu",
});
const dra = { options: { deviceAccess: "dra" as const } };
const chosen = choice(dra).configuration;

describe("accelerators by claims", () => {
  test("come by one claim a pod, not by an extended resource and not by node labels", () => {
    const yaml = yamlOf(choice(dra));
    const template = objectOfKind(yaml, "ResourceClaimTemplate");
    expect(at(template, "apiVersion")).toBe("resource.k8s.io/v1");
    const request = at(template, "spec", "spec", "devices", "requests", 0);
    expect(request).toMatchObject({
      exactly: {
        deviceClassName: "gpu.nvidia.com",
        allocationMode: "ExactCount",
        count: 2,
        selectors: [
          { cel: { expression: "device.attributes['gpu.nvidia.com'].productName == 'NVIDIA H100 80GB HBM3'" } },
        ],
      },
    });
    const pod = at(objectOfKind(yaml, "Deployment"), "spec", "template", "spec");
    expect(at(pod, "resourceClaims", 0, "resourceClaimTemplateName")).toBe(at(template, "metadata", "name"));
    expect(at(pod, "containers", 0, "resources", "claims")).toEqual([{ name: "accelerators" }]);
    expect(JSON.stringify(at(pod, "containers", 0, "resources"))).not.toContain("nvidia.com/gpu");
    expect(at(pod, "nodeSelector")).toEqual({ "kubernetes.io/arch": "amd64" });
    expect(at(pod, "tolerations", 0, "key")).toBe("nvidia.com/gpu");
  });

  test.each(["generic", "eks", "aks"] as const)(
    "do not ask for the device plugin that must not stand beside them, on %s",
    (platform) => {
      const yamlWith = (deviceAccess: "plugin" | "dra") =>
        yamlOf(choice({ options: { platform, deviceAccess } })).replaceAll("\n# ", " ");
      expect(yamlWith("plugin")).toContain("NVIDIA device plugin");
      expect(yamlWith("dra")).not.toContain("NVIDIA device plugin");
      expect(yamlWith("dra")).toContain("without its device plugin");
    },
  );

  test("fall back in the order of the ranking, with the same count", () => {
    const fallbacks = { accelerators: [H200, PCIE], notes: [] };
    const template = objectOfKind(yamlOf(choice({ ...dra, choice: { fallbacks } })), "ResourceClaimTemplate");
    const list = at(template, "spec", "spec", "devices", "requests", 0, "firstAvailable");
    expect(list).toMatchObject([
      { name: "h100-sxm-80gb", count: 2 },
      { name: "h200-sxm-141gb", count: 2 },
      // No certain product name: by memory.
      {
        name: "h100-pcie-80gb",
        count: 2,
        selectors: [{ cel: { expression: expect.stringContaining("quantity('72Gi')") } }],
      },
    ]);
  });

  test("need the driver's own way to devices, and no device plugin beside it", () => {
    for (const platform of ["generic", "eks", "aks"] as const) {
      const yaml = yamlOf(
        choice({
          options: { ...dra.options, platform },
          configuration: { acceleratorCount: 8 },
          parallelism: { label: "tp8", tensor: 8 },
        }),
      );
      expect(yaml, platform).not.toMatch(/nvidia-device-plugin|NVIDIA device plugin|device plugin's or operator/);
      expect(yaml, platform).toContain("--set gpuResourcesEnabledOverride=true");
    }
    const openshift = yamlOf(choice({ options: { ...dra.options, platform: "openshift" } }));
    expect(openshift).toContain("devicePlugin.enabled: false");
    expect(openshift).not.toContain("each with its default instance");
    const gke = yamlOf(choice({ options: { ...dra.options, platform: "gke" } }));
    expect(gke).toContain("gpu-driver-version=disabled");
    expect(gke).not.toContain("GKE's managed driver.");
  });

  test("need a cluster that has them, and a driver that is known", () => {
    const old = { options: { deviceAccess: "dra" as const, clusterVersion: { major: 1, minor: 33 } } };
    expect(refusalOf(choice(old))).toContain("1.34");
  });
});

describe("what a claim may fall back to", () => {
  const all = [H100, H200, PCIE, MI300X];
  const other = (accelerator: string, change = {}) => ({ ...chosen, accelerator, ...change });

  test("is what meets the targets with the very flags, best first", () => {
    const ranked = [other(PCIE.id), chosen, other(H200.id, { serverVersion: "0.20.0" })];
    const { accelerators, notes } = fallbacksOf(chosen, ranked, all);
    expect(accelerators.map((item) => item.id)).toEqual([PCIE.id, H200.id]);
    expect(notes).toEqual(["H200 SXM met the targets with version 0.20.0 of the server; here it runs 0.23.0."]);
    expect(fallbacksOf(chosen, [other(H200.id, { serverVersion: null })], all).notes).toEqual([
      "H200 SXM met the targets with an unknown version of the server; here it runs 0.23.0.",
    ]);
  });

  test("leaves out, with the reason, what needs another image, count, layout or weights", () => {
    const reasons = [
      [other(MI300X.id), "another vendor"],
      [other(H200.id, { acceleratorCount: 1 }), "takes 1 accelerators"],
      [other(H200.id, { parallelism: { ...chosen.parallelism, tensor: 1 } }), "parallelism differs"],
      [other(H200.id, { precision: "fp8" }), "other weights (fp8)"],
      [other(H200.id, { server: "sglang" }), "sglang"],
    ] as const;
    for (const [configuration, reason] of reasons) {
      const { accelerators, notes } = fallbacksOf(chosen, [configuration], all);
      expect(accelerators, reason).toEqual([]);
      expect(notes.join(), reason).toContain(reason);
    }
  });
});
