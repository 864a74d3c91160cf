import { describe, expect, it } from "vitest";
import { completeOptions } from "../../../lib/manifests/options/complete-options";
import type { AskedOptions } from "../../../lib/manifests/options/manifest-options";
import { type ListedOption, type OptionValue, optionChoices } from "../../../lib/manifests/options/option-choices";
import { optionConflicts } from "../../../lib/manifests/options/option-conflicts";
import { mendedOptions } from "../../../lib/manifests/options/option-mend";
import { canonicalOptions, OPTION_PARAMS, parseOptionParams } from "../../../lib/manifests/options/option-params";
import { bundleRefusal } from "../../../lib/manifests/write/manifest-yaml";
import { choice, H100, tpu } from "./choice";

const TPU = tpu("tpu-v6e", "tpu-v6e-slice", 32);

function valueNow(asked: AskedOptions, option: ListedOption, value: string, accelerator = H100): OptionValue {
  const found = optionChoices(asked, accelerator)[option].find((item) => item.value === value);
  if (found === undefined) throw new Error(`no value ${value} of ${option}`);
  return found;
}

/** What a form would ask for once a value is chosen. */
function chosen(asked: AskedOptions, option: ListedOption, value: string): AskedOptions {
  const { formValue, drops } = valueNow(asked, option, value);
  const kept = Object.entries(asked).filter(
    ([name]) => !drops.includes(OPTION_PARAMS.find((item) => item.option === name)?.param ?? ""),
  );
  const param = OPTION_PARAMS.find((item) => item.option === option)?.param ?? "";
  return { ...Object.fromEntries(kept), [option]: undefined, ...parseOptionParams({ [param]: formValue }).asked };
}

describe("the values of an option", () => {
  it("are all of them, with words, and one is in force", () => {
    const choices = optionChoices({}, H100);
    expect(Object.keys(choices).sort()).toEqual(
      OPTION_PARAMS.filter(({ option, values }) => values !== null || option === "clusterVersion")
        .map(({ option }) => option)
        .sort(),
    );
    for (const values of Object.values(choices)) {
      expect(values.filter((value) => value.isPresent)).toHaveLength(1);
      for (const value of values) expect(value.label).not.toBe("");
    }
  });

  it("say why they cannot be chosen as the others are", () => {
    expect(valueNow({}, "deviceAccess", "dra").reason).toBeNull();
    expect(valueNow({ clusterVersion: { major: 1, minor: 33 } }, "deviceAccess", "dra").reason).toContain("1.34");
    expect(valueNow({}, "storage", "s3").reason).toContain("EKS");
    expect(valueNow({ platform: "eks" }, "storage", "s3").reason).toBeNull();
    expect(valueNow({ platform: "eks" }, "gateway", "gke").reason).toContain("GKE only");
    expect(valueNow({}, "platform", "eks", TPU).reason).toContain("Google Cloud only");
    expect(valueNow({ deviceAccess: "dra" }, "clusterVersion", "1.33").reason).toContain("1.34");
  });

  it("of one that is in force are never shut", () => {
    const asked: AskedOptions = { platform: "eks", gateway: "gke", monitoring: "gmp" };
    for (const values of Object.values(optionChoices(asked, H100))) {
      for (const value of values) if (value.isPresent) expect(value.reason).toBeNull();
    }
  });

  it("do not need a source to be named before the storage is chosen", () => {
    expect(valueNow({}, "storage", "pvc").reason).toBeNull();
    expect(valueNow({ storage: "gcsfuse", storageSource: "gs://models/x" }, "storage", "hub")).toMatchObject({
      reason: null,
      drops: ["source"],
    });
  });

  it("are not shut by a namespace that is none", () => {
    const choices = optionChoices({ namespace: "Not A Namespace" }, H100);
    expect(choices.gateway.find((value) => value.value === "istio")?.reason).toBeNull();
  });

  it("are shut by what a bundle with them would be refused for, where there is one now", () => {
    const one = choice({ operatingPoint: { loadKind: "max", loadValue: null } });
    const refusal = (options: typeof one.options) => bundleRefusal({ ...one, options });
    const job = optionChoices({}, one.accelerator, refusal).benchmarkJob.find((value) => value.value === "1");
    expect(job?.reason).toContain("leave the benchmark Job out");
    const always = optionChoices({}, one.accelerator, () => "nothing can be deployed");
    for (const values of Object.values(always)) {
      for (const { reason } of values) expect(reason ?? "").not.toContain("nothing");
    }
  });
});

describe("a refused bundle", () => {
  it("is mended by the least that has to be left out", () => {
    const asked: AskedOptions = { platform: "gke", gateway: "gke", benchmarkJob: true };
    const needs =
      (...options: (keyof AskedOptions)[]) =>
      (all: ReturnType<typeof completeOptions>) =>
        options.every((option) => all[option] === "none" || all[option] === false) ? null : "not so";
    expect(mendedOptions(asked, H100, needs("benchmarkJob"))).toEqual({
      asked: { gateway: "gke", benchmarkJob: undefined },
      words: "no benchmark Job",
    });
    expect(mendedOptions(asked, H100, needs("autoscaler", "monitoring"))).toEqual({
      asked: { gateway: "gke", benchmarkJob: true, autoscaler: "none", monitoring: "none" },
      words: "autoscaler none, monitoring none",
    });
    expect(mendedOptions(asked, H100, () => "never")).toBeNull();
  });
});

describe("options at odds with one another", () => {
  const asked: AskedOptions = { platform: "eks", gateway: "gke", storage: "gcsfuse", namespace: "Bad_Name" };

  it("are mended by leaving out the answers that do not fit", () => {
    const conflicts = (options: ReturnType<typeof completeOptions>) =>
      optionConflicts(options, H100)[0]?.reason ?? null;
    expect(mendedOptions(asked, H100, conflicts)).toEqual({
      asked: { platform: "eks" },
      words: "gateway none, weights from Hugging Face hub, no namespace",
    });
  });

  it("do not shut what has nothing to do with them", () => {
    const open = (option: ListedOption) =>
      optionChoices(asked, H100)
        [option].filter(({ reason }) => reason === null)
        .map(({ value }) => value);
    expect(open("benchmarkJob")).toEqual(["0", "1"]);
    expect(open("networkPolicy")).toEqual(["0", "1"]);
    expect(open("platform")).toEqual(["gke", "gke-autopilot", "eks"]);
    expect(open("gateway")).not.toContain("gke-autopilot");
  });
});

describe("prefill and decode apart", () => {
  it("are mended by everything they need at once, on a platform where RDMA is written", () => {
    const refusal = ({
      platform,
      gateway,
      rdmaResource,
      autoscaler,
      monitoring,
    }: ReturnType<typeof completeOptions>) =>
      platform === "generic" && gateway === "istio" && rdmaResource !== null && autoscaler === monitoring ? null : "no";
    expect(mendedOptions({ platform: "gke" }, H100, refusal)).toEqual({
      asked: {
        platform: "generic",
        gateway: "istio",
        rdmaResource: "rdma/ib",
        autoscaler: "none",
      },
      words:
        "platform any Kubernetes, autoscaler none, gateway Istio, monitoring none, RDMA resource rdma/ib (or as your nodes name it)",
    });
  });
});

describe("choosing a value", () => {
  it("drops the answers that no longer fit and keeps those that do", () => {
    expect(valueNow({ autoscaler: "keda", metrics: "keda-prometheus" }, "autoscaler", "hpa").drops).toEqual([
      "metrics",
    ]);
    const asked: AskedOptions = { metrics: "prometheus-adapter", gateway: "gke" };
    expect(valueNow(asked, "autoscaler", "keda").drops).toEqual(["metrics"]);
    expect(chosen(asked, "autoscaler", "keda")).toEqual({ autoscaler: "keda", gateway: "gke" });
    expect(valueNow({ monitoring: "prometheus-operator" }, "platform", "eks").drops).toEqual([]);
  });

  it("leaves what would be so anyway out of the address", () => {
    expect(valueNow({}, "platform", "gke").formValue).toBe("");
    expect(valueNow({ platform: "eks" }, "platform", "gke").formValue).toBe("");
    expect(valueNow({}, "metrics", "gmp").formValue).toBe("");
    expect(valueNow({}, "autoscaler", "keda").formValue).toBe("keda");
    expect(canonicalOptions({ platform: "gke", metrics: "gmp", autoscaler: "hpa", gateway: "gke" }, H100)).toEqual({
      gateway: "gke",
    });
  });

  it("leads from any state to any other that can be, by open values alone", () => {
    const wanted: AskedOptions[] = [
      { platform: "eks", storage: "s3", storageSource: "s3://models/x", gateway: "istio" },
      { platform: "gke", storage: "gcsfuse", storageSource: "gs://models/x", gateway: "gke", autoscaler: "keda" },
      { platform: "gke-autopilot", gateway: "gke", metrics: "prometheus-adapter" },
      { platform: "generic", deviceAccess: "dra", clusterVersion: { major: 1, minor: 35 }, storage: "oci-image" },
    ];
    const steps = [
      "storage",
      "gateway",
      "deviceAccess",
      "clusterVersion",
      "platform",
      "autoscaler",
      "metrics",
    ] as const;
    for (const from of wanted) {
      for (const to of wanted) {
        // First what is everywhere, then the platform, then what only it has.
        const everywhere: AskedOptions = { ...to, storage: "hub", gateway: "none", deviceAccess: "plugin" };
        let asked: AskedOptions = from;
        for (const goal of [everywhere, to]) {
          const options = completeOptions(goal, H100);
          for (const option of [...steps, ...steps]) {
            const target = options[option];
            const text = typeof target === "object" ? `${target.major}.${target.minor}` : target;
            if (valueNow(asked, option, text).reason === null) asked = chosen(asked, option, text);
          }
        }
        const reached = { ...completeOptions(asked, H100), storageSource: null };
        expect(reached).toEqual({ ...completeOptions(to, H100), storageSource: null });
      }
    }
  });
});
