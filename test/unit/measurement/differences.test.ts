import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConfigurationFacts } from "../../../lib/domain";
import { configurationDifferences, factStateText } from "../../../lib/measurement/differences";
import { configurationKey } from "../../../lib/measurement/identity";
import { canonicalSettings, type Settings } from "../../../lib/measurement/settings";
import { configuration } from "../frontier/builders";

/** What differs as text: `fact setting: first / second`. */
function differences(...of: ConfigurationFacts[]): string[] {
  return configurationDifferences(of).map(
    ({ fact, setting, states }) =>
      `${setting === null ? fact : `${fact} ${setting}`}: ${states.map(factStateText).join(" / ")}`,
  );
}

function started(settings: Partial<Settings>): ConfigurationFacts {
  const base = configuration();
  return { ...base, settings: { ...base.settings, ...settings } };
}

describe("what differs between configurations", () => {
  it("is nothing where they are equal", () => {
    expect(differences(configuration(), configuration())).toEqual([]);
  });

  it("is each fact by its name, with what is not known as such", () => {
    expect(
      differences(
        configuration({ serverVersion: "0.22.0", precision: null }),
        configuration({ serverVersion: "0.23.0", acceleratorCount: 2 }),
      ),
    ).toEqual(["acceleratorCount: 1 / 2", "serverVersion: 0.22.0 / 0.23.0", "precision: unknown / fp8"]);
  });

  it("is each setting by the server's own name, a default where one does not set it", () => {
    expect(
      differences(
        started({ serverArguments: { "kv-cache-dtype": "fp8", "max-num-seqs": 256, kv: { a: 1 } } }),
        started({ serverArguments: { "kv-cache-dtype": "fp8", "no-enable-prefix-caching": true, kv: { a: 2 } } }),
      ),
    ).toEqual([
      "serverArguments kv.a: 1 / 2",
      "serverArguments max-num-seqs: 256 / default",
      "serverArguments no-enable-prefix-caching: default / true",
    ]);
  });

  it("tells started with defaults from not known", () => {
    expect(differences(started({ serverArguments: {} }), started({ serverArguments: null }))).toEqual([
      "serverArguments: default / unknown",
    ]);
    expect(differences(started({ environment: { A: "1" } }), started({ environment: null }))).toEqual([
      'environment: {"A":"1"} / unknown',
    ]);
  });

  it("names the parts of a parallelism where both are known by their parts, else their labels", () => {
    const of = (label: string, tensor: number | null, context: number | null = null) =>
      configuration({ parallelism: { label, tensor, pipeline: null, data: null, expert: null, context } });
    expect(differences(of("tp4", 4), of("tp8", 8))).toEqual(["tensor: 4 / 8"]);
    expect(differences(of("tp4", 4), of("tp4-cp2", 4, 2))).toEqual(["context: unknown / 2"]);
    expect(differences(of("p1x(tp4)", null), of("tp8", 8))).toEqual(["parallelism: p1x(tp4) / tp8"]);
  });

  it("is something exactly where the configurations are not the same", () => {
    const value = fc.oneof(fc.constantFrom(null, 1, 2, "fp8"), fc.constant({ a: 1 }), fc.constant({ a: 1, b: 2 }));
    const group = fc.option(fc.dictionary(fc.constantFrom("a", "b", "c"), value, { maxKeys: 2 }));
    const facts = fc
      .record({ group, environment: fc.constantFrom(null, {}, { A: "1" }), tokens: fc.constantFrom(null, 3) })
      .map(
        ({ group: given, environment, tokens }): ConfigurationFacts => ({
          ...started({ serverArguments: given === null ? null : canonicalSettings(given), environment }),
          speculativeTokens: tokens,
        }),
      );
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        expect(differences(a, b).length === 0).toBe(configurationKey(a) === configurationKey(b));
      }),
    );
  });
});
