import { describe, expect, it } from "vitest";
import { parseMeasuringRequest } from "@/lib/api/measuring-request";
import type { ModelChoice, WorkloadChoice } from "@/lib/explorer/data";
import { notMeasuredHere } from "@/lib/explorer/not-measured";
import { measuringJob } from "@/lib/manifests/benchmark/measuring-job";
import { accelerator, model } from "../frontier/builders";

const choice = (
  id: string,
  family: string | null,
  total: number | null,
  accelerators: string[],
  active = total,
): ModelChoice => ({
  ...{ id, displayName: id, family, loadPoints: 10, accelerators },
  totalParametersBillions: total,
  activeParametersBillions: active,
});
const workload = (workloadId: string, accelerators: string[]): WorkloadChoice => ({
  workload: { workloadId, dataset: "random", inputTokens: 1024, outputTokens: 1024 },
  ...{ loadPoints: 10, configurations: 1, accelerators },
});
const of = model({ id: "llama-3.3-70b", family: "llama", totalParametersBillions: 70, activeParametersBillions: 70 });
const ask = (workloads: WorkloadChoice[], models: ModelChoice[], stock: string[]) =>
  notMeasuredHere(
    { models, model: of, workload: workloads[0]?.workload ?? null, workloads },
    stock.map((id) => ({ accelerator: id })),
  );

describe("an accelerator nobody measured", () => {
  it("names the same model under other workloads first", () => {
    const [found] = ask(
      [workload("a", ["mi355x"]), workload("b", ["h100"])],
      [choice("x", "llama", 70, ["h100"])],
      ["h100"],
    );
    expect(found).toMatchObject({ accelerator: "h100", workloads: ["b"], models: [] });
  });

  it("else models as large, those of the family before others, then the family, each with what differs", () => {
    const models = [
      choice("llama-3.3-70b", "llama", 70, ["h100"]),
      choice("small-of-family", "llama", 8, ["h100"]),
      choice("as-large", "qwen", 72, ["h100"]),
      choice("sibling", "llama", 70.6, ["h100"]),
      choice("sparse", "moe", 70, ["h100"], 3),
      choice("elsewhere", "llama", 70, ["l4"]),
    ];
    const [found] = ask([workload("a", ["mi355x"])], models, ["h100"]);
    expect(found?.models).toEqual([
      { id: "sibling", displayName: "sibling", differs: "same family, 70.6 B parameters" },
      { id: "as-large", displayName: "as-large", differs: "qwen, 72 B parameters" },
      { id: "small-of-family", displayName: "small-of-family", differs: "same family, 8 B parameters" },
    ]);
  });

  it("is no silence where a model was measured nowhere: a Job measures it with usual lengths", () => {
    const [found] = ask([], [choice("sibling", "llama", 70, ["h100"])], ["h100"]);
    expect(found?.models.map(({ id }) => id)).toEqual(["sibling"]);
    expect(found?.job).toBe("/api/v1/measuring-job?model=llama-3.3-70b&accelerator=h100&lengths=1024:1024");
  });

  it("is not one that was measured here", () => {
    expect(ask([workload("a", ["h100"])], [], ["h100"])).toEqual([]);
  });
});

describe("the Job that measures it", () => {
  const request = (search: string) => parseMeasuringRequest(new URLSearchParams(search));

  it("is asked for by the address the page gives, and sweeps 1 to 256 requests in flight", () => {
    const [found] = ask([workload("a", ["mi355x"])], [], ["h100"]);
    const asked = request((found?.job ?? "").split("?")[1] ?? "");
    if (!asked.ok) throw new Error(asked.error);
    const job = measuringJob({
      ...asked.value,
      model: { id: of.id, gated: true },
      accelerator: accelerator(),
      address: "",
    });
    if (!job.ok) throw new Error(job.error);
    expect(job.value.name).toMatch(/^measure-llama-3-3-70b-h100-[0-9a-f]{8}$/);
    for (const part of ["kind: ConfigMap", "kind: PersistentVolumeClaim", "kind: Job", "concurrency_level: 256"]) {
      expect(job.value.yaml).toContain(part);
    }
    expect(job.value.yaml).toContain("base_url: http://model-server:8000");
    // The report says what it was measured on, so that it can be added without questions about that.
    expect(job.value.yaml).toContain("workload: random-1024-1024");
    expect(job.value.yaml).toContain("base64 -d");
  });

  it("brings its report back where this server's address is known", () => {
    const asked = request("model=m&accelerator=h100&accelerators=2&lengths=100:50&service=vllm.team-a&port=80");
    if (!asked.ok) throw new Error(asked.error);
    const job = measuringJob({
      ...asked.value,
      model: { id: "m", gated: null },
      accelerator: accelerator(),
      address: "https://iq.example.org",
    });
    if (!job.ok) throw new Error(job.error);
    expect(job.value.yaml).toContain("https://iq.example.org/api/v1/reports?");
    expect(job.value.yaml).toContain("accelerator_count=2");
    expect(job.value.yaml).toContain("http://vllm.team-a:80");
  });

  it.each([
    ["accelerator=h100&lengths=1:1", /model is missing/],
    ["model=m&lengths=1:1", /accelerator is missing/],
    ["model=m&accelerator=h100", /lengths is missing/],
    ["model=m&accelerator=h100&lengths=1", /lengths=1: expected INPUT:OUTPUT/],
    ["model=m&accelerator=h100&lengths=1:1&host=x", /host=x: there is no such parameter/],
    ["model=m&accelerator=h100&lengths=1:1&port=0", /port=0: expected a whole number/],
  ])("is refused for %s with what was expected", (search, error) => {
    const asked = request(search);
    expect(asked.ok ? "" : asked.error).toMatch(error);
  });

  it("takes no Service name that is none: it stands in a shell's environment and in an address", () => {
    const asked = request("model=m&accelerator=h100&lengths=1:1&service=a%20b%3B%24(x)");
    if (!asked.ok) throw new Error(asked.error);
    const job = measuringJob({
      ...asked.value,
      model: { id: "m", gated: null },
      accelerator: accelerator(),
      address: "",
    });
    expect(job).toMatchObject({ ok: false, error: expect.stringContaining("is no name of a Service") });
  });
});
