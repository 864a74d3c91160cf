import type { Workload } from "../domain";

/** Path and query of the measuring Job of a model on an accelerator. `null` where the workload cannot be repeated. */
export function measuringPath(asked: {
  model: string;
  accelerator: string;
  workload: Pick<Workload, "dataset" | "inputTokens" | "outputTokens">;
}): string | null {
  const { dataset, inputTokens, outputTokens } = asked.workload;
  const hasLengths = inputTokens !== null && outputTokens !== null;
  if (dataset !== "sharegpt" && !hasLengths) return null;
  const search = new URLSearchParams({ model: asked.model, accelerator: asked.accelerator });
  if (dataset === "sharegpt" || dataset === "synthetic") search.set("dataset", dataset);
  if (hasLengths) search.set("lengths", `${inputTokens}:${outputTokens}`);
  return `/api/v1/measuring-job?${search.toString().replaceAll("%2F", "/").replaceAll("%3A", ":")}`;
}
