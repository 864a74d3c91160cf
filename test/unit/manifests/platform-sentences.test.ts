import { describe, expect, it } from "vitest";
import { OPTION_LABELS } from "../../../lib/manifests/options/option-labels";
import { OPTION_PARAMS } from "../../../lib/manifests/options/option-params";
import { PLATFORMS, platformNames } from "../../../lib/manifests/platforms/all";
import type { Platform } from "../../../lib/manifests/platforms/platform";

const ALL: readonly Platform[] = PLATFORMS;

function help(option: string): string {
  return OPTION_PARAMS.find((item) => item.option === option)?.help ?? "";
}

describe("sentences that list platforms", () => {
  it("name every service whose clusters take no RDMA resource, and no other", () => {
    const listed = /not with (.*)\)$/.exec(help("rdmaResource"))?.[1]?.split(/, | and /);
    const refusing = ALL.filter(({ unwrittenRdma }) => unwrittenRdma !== undefined).map(({ service }) => service);
    expect(listed).toEqual([...new Set(refusing)]);
  });

  it("name every service that sells the Lustre a claim may be on", () => {
    const text = OPTION_LABELS.storage.lustre?.help ?? "";
    for (const { lustre, service } of ALL) {
      if (lustre !== undefined) expect(text).toContain(`${lustre.name} (${service})`);
    }
  });

  it("name a service where something is true of all its ways, else the ways it is true of", () => {
    expect(platformNames(({ id }) => id.startsWith("gke") || id === "openshift")).toBe("GKE and OpenShift");
    expect(platformNames(({ mode }) => mode !== undefined, "or")).toBe("Autopilot or Karpenter");
    expect(platformNames(({ id }) => id === "aks")).toBe("AKS");
    expect(platformNames(() => false)).toBe("");
  });
});
