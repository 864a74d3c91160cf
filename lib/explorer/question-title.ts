import type { ExplorerQuery } from "../params/explorer-params";
import { sloLabel } from "../selection/slo";

/** Targets named in a title; a tab shows no more. */
const MAX_TARGETS = 2;

/**
 * What the tab of a question is called: `gpt-oss-120b, TTFT p95 ≤ 500 ms`.
 * @param modelName as people call it; `null` = the last part of the id the link names
 */
export function questionTitle(query: Pick<ExplorerQuery, "model" | "slos">, modelName: string | null): string | null {
  const model = modelName ?? query.model?.split("/").at(-1) ?? null;
  if (model === null) return null;
  const targets = (query.slos ?? []).slice(0, MAX_TARGETS).map(sloLabel);
  return [model, ...targets].join(", ");
}
