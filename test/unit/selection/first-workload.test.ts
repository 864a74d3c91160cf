import { describe, expect, it } from "vitest";
import { firstWorkload } from "@/lib/selection/first-workload";

const of = (...ids: string[]) =>
  firstWorkload(ids.map((workloadId) => ({ workload: { workloadId } })))?.workload.workloadId;

describe("the workload a question without one is asked for", () => {
  it("is the one with most data that was served, an offline batch only where there is no other", () => {
    expect(of("random-1024-1024", "sharegpt-unknown-unknown")).toBe("random-1024-1024");
    expect(of("mlperf-openorca-offline", "offline-batch-128-128", "mlperf-openorca-server")).toBe(
      "mlperf-openorca-server",
    );
    expect(of("offline-batch-2048-2048", "offline-batch-128-128")).toBe("offline-batch-2048-2048");
    expect(of()).toBeUndefined();
  });
});
