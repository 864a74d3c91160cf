import { isList } from "../../../is-list";
import { isRecord, type JsonRecord, numberOf, own, recordAt, textAt } from "../../parse/fields";
import type { ReadPoint } from "../../report";

const PERCENT = 100;

/** What a report of v0.2 saw of the servers: KV cache in use, and the share of prompt tokens found in the prefix cache. */
export function readObserved(observed: JsonRecord | null, point: ReadPoint): void {
  if (observed === null) return;
  const components = own(observed, "components");
  const used = (isList(components) ? components : []).flatMap((component) => {
    const usage = isRecord(component) ? recordAt(recordAt(component, "aggregate"), "kv_cache_usage") : null;
    return shareAt(usage) ?? [];
  });
  point.kvCacheShare = meanOf(used) ?? metricShare(observed, "vllm_kv_cache_usage_perc");
  point.cachedInputShare = metricShare(observed, "vllm_prefix_cache_hit_rate");
}

/** A metric of all servers: as aggregated, else the mean over them. */
function metricShare(observed: JsonRecord, key: string): number | null {
  const metric = recordAt(observed, key);
  const aggregated = shareAt(recordAt(metric, "aggregated"));
  const components = metric === null ? undefined : own(metric, "components");
  const each = (isList(components) ? components : []).flatMap((component) =>
    isRecord(component) ? (shareAt(recordAt(component, "statistics")) ?? []) : [],
  );
  return aggregated ?? meanOf(each);
}

function meanOf(shares: readonly number[]): number | null {
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** A mean as a share, by its unit; `null` where it has no unit of a share or cannot be one. */
function shareAt(statistics: JsonRecord | null): number | null {
  const mean = statistics === null ? null : numberOf(own(statistics, "mean"));
  const unit = (textAt(statistics, "units") ?? "").toLowerCase();
  if (mean === null || !/^(?:percent|%|ratio|fraction|share)$/.test(unit)) return null;
  const share = /^(?:percent|%)$/.test(unit) ? mean / PERCENT : mean;
  return share >= 0 && share <= 1 ? share : null;
}
