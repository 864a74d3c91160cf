import { describe, expect, it } from "vitest";
import type { Configuration } from "../../../lib/domain";
import { settingDistinctions } from "../../../lib/explorer/setting-distinctions";
import { type Settings, UNKNOWN_SETTINGS } from "../../../lib/measurement/settings";
import { configurationSubtitle } from "../../../lib/words";
import { configuration } from "../frontier/builders";
import { shippedRuns } from "../shipped-figures";

function started(configurationId: string, settings: Partial<Settings>, given: Partial<Configuration> = {}) {
  return configuration({ configurationId, settings: { ...UNKNOWN_SETTINGS, ...settings }, ...given });
}

describe("what sets configurations apart that read the same", () => {
  it("is what their settings differ in, each by its own value", () => {
    const common = { "kv-cache-dtype": "fp8" };
    expect(
      settingDistinctions([
        started("a", { serverArguments: { ...common, "max-num-seqs": 256 } }),
        started("b", { serverArguments: { ...common, "max-num-seqs": 64, "async-scheduling": true } }),
      ]),
    ).toEqual({ a: "async-scheduling default, max-num-seqs 256", b: "async-scheduling true, max-num-seqs 64" });
  });

  it("is said where one is not recorded, and nowhere else", () => {
    expect(
      settingDistinctions([
        started("a", { serverArguments: { x: 1 } }),
        started("b", {}),
        started("c", { serverArguments: {} }),
        started("alone", {}, { precision: "bf16" }),
      ]),
    ).toEqual({
      a: "server arguments recorded",
      b: "server arguments not recorded",
      c: "server arguments defaults",
    });
  });

  it("is cut where it would be long", () => {
    const many = (value: number) => Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, value]));
    const found = settingDistinctions([
      started("one", { serverArguments: many(1) }),
      started("two", { serverArguments: { ...many(2), a: "x".repeat(100) } }),
    ]);
    expect(found.one).toBe("a 1, b 1, c 1 and 2 more");
    expect(found.two?.length).toBeLessThan(70);
  });

  it("leaves no two shipped configurations of a model and accelerator alike", () => {
    const configurations = shippedRuns().map((run) => run.configuration);
    const apart = settingDistinctions(configurations);
    const unique = new Map(configurations.map((item) => [item.configurationId, item]));
    const alike = [...unique.values()].filter(
      (item) =>
        apart[item.configurationId] === undefined &&
        [...unique.values()].some(
          (other) =>
            other !== item &&
            other.model === item.model &&
            other.accelerator === item.accelerator &&
            other.acceleratorCount === item.acceleratorCount &&
            configurationSubtitle(other) === configurationSubtitle(item),
        ),
    );
    expect(alike).toEqual([]);
  });
});
