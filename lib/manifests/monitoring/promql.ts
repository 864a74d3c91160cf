import type { Statistic } from "../../measurement/latency";
import type { BundleContext } from "../plan/bundle-context";

/**
 * The label that tells this bundle's pods apart in Prometheus: their `app.kubernetes.io/instance`, as the scrape objects here
 * and the usual scrape configuration by annotations both copy it.
 */
export const INSTANCE_LABEL = "app_kubernetes_io_instance";

/** A string of PromQL. Its escapes are Go's, of which JSON's are a part. */
export function promString(text: string): string {
  return JSON.stringify(text);
}

/** Label matchers of the server's pods, in braces. Without a namespace only its name identifies a bundle. */
export function serverSelector({ identity, options }: Pick<BundleContext, "identity" | "options">): string {
  const matchers = [`${INSTANCE_LABEL}=${promString(identity.name)}`];
  if (options.namespace !== null) matchers.push(`namespace=${promString(options.namespace)}`);
  return `{${matchers.join(",")}}`;
}

/** Share of requests below each percentile. */
const QUANTILES: Record<Exclude<Statistic, "mean">, string> = { p50: "0.5", p90: "0.9", p95: "0.95", p99: "0.99" };

/** One statistic of a histogram over all pods, in its unit. Mean = sum ÷ count; percentiles are read off the buckets. */
export function histogramStatistic(
  histogram: string,
  statistic: Statistic,
  selector: string,
  windowMinutes: number,
): string {
  const rate = (series: string) => `rate(${histogram}_${series}${selector}[${windowMinutes}m])`;
  return statistic === "mean"
    ? `sum(${rate("sum")}) / sum(${rate("count")})`
    : `histogram_quantile(${QUANTILES[statistic]}, sum by (le) (${rate("bucket")}))`;
}
