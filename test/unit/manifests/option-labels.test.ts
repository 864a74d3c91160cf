import { describe, expect, test } from "vitest";
import { OPTION_LABELS, optionHelpText, optionLabel } from "../../../lib/manifests/options/option-labels";
import { isSwitch, OPTION_PARAMS } from "../../../lib/manifests/options/option-params";

describe("the names of option values", () => {
  test("exist for every value an address can ask for, each on one line and different", () => {
    for (const { option, values } of OPTION_PARAMS) {
      if (values === null || isSwitch(option)) continue;
      const labels = values.map((value) => optionLabel(option, value));
      for (const label of labels) {
        expect(label?.label).toMatch(/^[^\n]{2,40}$/);
        expect(label?.help).toMatch(/^[^\n]{8,120}[^.\n]$/);
      }
      expect(new Set(labels.map((label) => label?.label)).size).toBe(values.length);
    }
  });

  test("are none for anything else", () => {
    expect(optionLabel("namespace", "default")).toBeNull();
    expect(optionLabel("platform", "nomad")).toBeNull();
    expect(optionLabel("platform", "constructor")).toBeNull();
  });

  test("make the command line's help", () => {
    const text = optionHelpText((option) => `--${option}`);
    for (const option of Object.keys(OPTION_LABELS)) expect(text).toContain(`--${option}\n`);
    expect(text).toContain("  eks-karpenter         Karpenter makes the nodes");
  });
});
