import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readStartedWith } from "@/lib/ingest/started-with/started-with";
import { ONE_MACHINE_FORMS, oneMachineText } from "@/lib/manifests/forms/one-machine";
import { shellQuoted } from "@/lib/manifests/forms/shell-quoted";
import type { Choice } from "@/lib/manifests/plan/choice";
import { at, containerOf, yamlOf } from "./read-bundle";
import { MI300X, measuredWith } from "./server-choices";

const SETTINGS = {
  serverArguments: { "max-num-batched-tokens": 8192, "compilation-config": { mode: 3, text: "it's $HOME" } },
  environment: { VLLM_X: "a b $c 'd'" },
  engineOptions: null,
  image: null,
};
const PLAIN_CHOICES: readonly [string, Choice][] = [
  ["vLLM as measured", measuredWith("vllm", "0.19.0", { configuration: { settings: SETTINGS } })],
  ["vLLM on MI300X", measuredWith("vllm", "0.19.0", { accelerator: MI300X })],
  ["SGLang", measuredWith("sglang", "0.5.9")],
  [
    "TensorRT-LLM with a file of options",
    measuredWith("trtllm", "1.2.0", { options: { autoscaler: "none", monitoring: "none" } }),
  ],
];

function textOf(choice: Choice, form: (typeof ONE_MACHINE_FORMS)[number]): string {
  const made = oneMachineText(choice, form);
  if (!made.ok) throw new Error(made.error);
  return made.value.text;
}

/** Arguments as our own reader of commands understands them, by name. */
function startedBy(text: string) {
  const read = readStartedWith(text);
  if (!read.ok) throw new Error(`${read.error}\n${text}`);
  const { server, image, serverArguments, environment, acceleratorCount } = read.value.facts;
  return { server, image, serverArguments, environment, acceleratorCount };
}

describe.each(PLAIN_CHOICES)("one replica on one machine, %s", (_, choice) => {
  const pod = startedBy(yamlOf(choice));

  it("is started with the very arguments of the manifest, in each form, as another reader reads them", () => {
    for (const form of ONE_MACHINE_FORMS) {
      const here = startedBy(textOf(choice, form));
      expect(here.server, form).toBe(pod.server);
      expect(here.serverArguments, form).toEqual(pod.serverArguments);
      if (form !== "command") expect(here.image, form).toBe(pod.image);
    }
  });

  it("has the variables of the container but those of the pod alone", () => {
    const container = containerOf(choice);
    const values = (at(container, "env") as unknown as { name: string; value?: string }[]).filter(
      ({ value }) => value !== undefined,
    );
    const compose = parse(textOf(choice, "compose")) as {
      services: Record<string, { environment: Record<string, string> }>;
    };
    const [service] = Object.values(compose.services);
    const plain = (value = "") => value.replaceAll("$$", () => "$");
    for (const { name, value } of values) {
      expect(
        service?.environment[name]?.replaceAll("$$", () => "$"),
        name,
      ).toBe(plain(value));
    }
    for (const { name, value } of values)
      expect(textOf(choice, "docker")).toContain(shellQuoted(`--env=${name}=${plain(value)}`));
  });

  it("is a text a shell takes", () => {
    for (const form of ["docker", "command"] as const) {
      expect(() => execFileSync("sh", ["-n"], { input: textOf(choice, form) })).not.toThrow();
    }
  });
});

describe("one replica on one machine", () => {
  it.each([
    ["several machines", { acceleratorCount: 16, nodes: 2 }],
    [
      "prefill and decode apart",
      { servingMode: "disaggregated" as const, prefillAccelerators: 4, decodeAccelerators: 4, acceleratorCount: 8 },
    ],
  ])("is refused for %s, with the way out", (_, configuration) => {
    const choice = measuredWith("vllm", "0.19.0", { configuration, parallelism: { label: null, tensor: null } });
    const made = oneMachineText(choice, "docker");
    expect(made.ok ? "" : made.error).toMatch(/\.$/);
  });

  it("is refused for a server that its operator deploys", () => {
    const options = { autoscaler: "none", monitoring: "none" } as const;
    const made = oneMachineText(measuredWith("dynamo-trtllm", null, { options }), "docker");
    expect(made.ok ? "" : made.error).toMatch(/^Dynamo TensorRT-LLM takes a frontend .* its operator brings/);
  });

  it("takes any text as one word of the shell", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("\0") && !text.endsWith("\n")),
        (text) => {
          expect(
            execFileSync("sh", ["-c", `printf %s ${shellQuoted(text === "" ? "''" : text)}`], { encoding: "utf8" }),
          ).toBe(text === "" ? "''" : text);
        },
      ),
      { numRuns: 60 },
    );
  });
});
