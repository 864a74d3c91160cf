import type { ReactNode } from "react";
import type { MethodCheck } from "@/lib/explorer/method-check";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import { METRIC_LABELS, METRIC_MEANINGS, METRICS } from "@/lib/measurement/latency";
import type { ErrorSummary } from "@/lib/selection/truth-check";

const percent = (share: number | null) => (share === null ? "–" : formatPercent(share));

/** The rules of the product and how far they can be trusted on the data at hand. */
export function MethodView({ check }: { check: MethodCheck }) {
  const { overall, bySource } = check.leaveOneOut;
  return (
    <main className="mx-auto w-full max-w-[980px] px-4 pt-6 pb-14 sm:px-8">
      <h1 className="text-[26px] tracking-[-0.015em]">Method</h1>
      <p className="mt-1 text-muted">
        What the answers rest on, computed from revision {formatCount(check.revision)}: {formatCount(check.points)} load
        points on {formatCount(check.curves)} load curves; {formatCount(check.outliers)} points are kept off frontiers
        and rankings as outliers or because their figures are doubted.
      </p>

      <Section title="Four words for a number">
        <ul className="list-disc space-y-1 pl-5">
          <li>
            <strong>Measured</strong>: stands in a report. Filled marks.
          </li>
          <li>
            <strong>Derived</strong>: a formula over measured values of the same point. Throughput, where a closed-loop
            report gives only latencies: concurrency × output tokens ÷ (TTFT + TPOT × (output tokens − 1)). NTPOT mean:
            E2E ÷ output tokens. Tinted marks, and the word.
          </li>
          <li>
            <strong>Interpolated</strong>: between two measured points of one configuration. Hollow marks, with the
            error to expect; across loads more than 8× apart an estimate. Nothing is extrapolated: where the highest
            load measured still meets every target the answer is <strong>at least</strong> that, and what it costs is{" "}
            <strong>at most</strong> that.
          </li>
          <li>
            <strong>Estimated</strong>: a percentile nobody measured on a curve, from the mean or median of the same
            point. It is judged at the upper end of an interval that holds 90% of such cases, comes after what is
            measured, and can be switched off.
          </li>
        </ul>
      </Section>

      <Section title="Operating point">
        <p>
          The load at which a configuration delivers the most while every target holds. Between a point that meets the
          targets and its neighbour at higher load that does not, each latency is the geometric mean of a straight line
          over the load and of a monotone cubic through the curve in logarithms; the first target to break gives the
          crossing. Throughput there is the geometric mean of what follows from the latencies by the formula above
          (times the ratio of measured to derived throughput between the two points) and of its own cubic. A percentile
          that was not measured is never replaced by a lower one; a higher one may stand in as a bound and says so;
          where there is neither it is estimated. The error said of a crossing is that of such gaps, metrics and
          statistics, as below; across loads more than 8× apart it is an estimate. Without targets, the answer is the
          knee: the first frontier point of the curve with at least 95% of its best throughput.
        </p>
      </Section>

      <Section title="Is the interpolation right?">
        <p>Each inner measured point is left out and predicted from its two neighbours, over twice the usual gap.</p>
        <Table
          head={[
            "Source",
            "Throughput points",
            "median error",
            "90% within",
            "Latency values",
            "median error",
            "90% within",
          ]}
          rows={[
            ["All sources", ...errors(overall.throughput), ...errors(overall.latency)],
            ...bySource
              .filter((item) => item.throughput.count + item.latency.count > 0)
              .map((item) => [item.source, ...errors(item.throughput), ...errors(item.latency)]),
          ]}
        />
        <Table
          head={["Metric", "values", "median error", "90% within"]}
          rows={METRICS.filter((metric) => overall.byMetric[metric].count > 0).map((metric) => [
            `${METRIC_LABELS[metric]}: ${METRIC_MEANINGS[metric]}`,
            ...errors(overall.byMetric[metric]),
          ])}
        />
      </Section>

      <Section title="Are interpolated answers right?">
        <p>
          The question as it is asked: each inner measured point is left out, its own latency taken for the limit, and
          the throughput where the rest of the curve reaches that limit held against its own. Of{" "}
          {formatCount(check.crossings.crossings)} such crossings the median is off by {percent(check.crossings.median)}
          , 90% lie within {percent(check.crossings.p90)}, and {percent(check.crossings.overPromised)} promise over a
          quarter too much. An answer states the error of its own kind.
        </p>
        <Table
          head={["Higher ÷ lower load", "of", "crossings", "median error", "90% within"]}
          text={[0, 1]}
          rows={check.crossings.byKind.map((kind) => [
            kind.gap === "beyond" ? "above 8" : `up to ${kind.gap}`,
            kind.metric === null
              ? "all targets"
              : `${METRIC_LABELS[kind.metric]}${kind.statistics === null ? "" : kind.statistics === "centre" ? " mean or p50" : " p90 to p99"}`,
            formatCount(kind.crossings),
            percent(kind.median),
            percent(kind.p90),
          ])}
        />
      </Section>

      <Section title="Is derived throughput right?">
        <p>Measured ÷ derived on the points that have both; 1 is exact, below 1 the derivation is optimistic.</p>
        <Table
          head={["Source", "points", "median", "10th percentile", "90th percentile"]}
          rows={check.derivation.map((item) => [
            item.source,
            formatCount(item.count),
            formatNumber(item.median),
            formatNumber(item.p10),
            formatNumber(item.p90),
          ])}
        />
      </Section>

      <Section title="Are estimated percentiles right?">
        <p>
          Percentile ÷ mean (or median) over the points that have both: the interval is widened until it covers at least
          90% of the points of a source it was not made of. A wide one decides little.
        </p>
        <Table
          head={["Percentile", "from", "load", "points", "sources", "low", "median", "high", "covered"]}
          text={[0, 1, 2]}
          rows={check.percentileRatios.map((ratio) => [
            `${METRIC_LABELS[ratio.metric]} ${ratio.statistic}`,
            ratio.from === "mean" ? "mean" : "median",
            ratio.loadKind === "concurrency" ? "in flight" : "req/s",
            formatCount(ratio.points),
            formatCount(ratio.sources),
            `${formatNumber(ratio.low)} ×`,
            `${formatNumber(ratio.median)} ×`,
            `${formatNumber(ratio.high)} ×`,
            percent(ratio.coverage),
          ])}
        />
      </Section>

      <Section title="Cost and capacity">
        <p>
          USD per million output tokens = USD per hour of the deployment ÷ (output tokens/s × 3,600) × 10⁶. The price is
          that of the cheapest machine on offer that holds a replica (whole machines of several where one does not),
          unless you choose; an accelerator without a price is never free: it says below which price it would win.
          Replicas = demand ÷ (what one replica carries at its operating point × (1 − headroom)), rounded up, and the
          bill is that of whole machines; a month has 730 hours. People at once are those whose answer is being made and
          those who think: requests in flight + requests/s × time to think.
        </p>
      </Section>

      <Section title="Frontiers, outliers and doubts">
        <p>
          A frontier holds the points of one model, workload and accelerator that no other beats on both axes. It is a
          line between neighbours on one curve and a step between different deployments, where nothing in between can be
          deployed. A point is an outlier, and kept off unless asked for, if it decodes faster than its accelerators can
          read the active weights, or if its TPOT is 30% or more below another run of the same configuration at a
          quarter of the load or less. So is one whose figures are doubted: every point was asked the same questions
          when it was read, whichever tool wrote it, and those that no true measurement can fail keep it off. A
          percentile of too few requests (a p99 of fewer than 100, a p95 of 20, a p90 of 10) is shown and meets no
          target.
        </p>
      </Section>

      <Section title="What fits the memory">
        <p>
          Weights by their published bytes at the served precision, over all accelerators of a replica. KV cache of a
          sequence on each device: 2 × key and value heads on it × their width × bytes of a value, for every layer and
          token; with latent attention (DeepSeek, Kimi) one vector a layer, on every device; layers with a sliding
          window keep no more than that; layers of linear attention keep a state that does not grow. Layers, heads and
          widths are those of each model’s own <code>config.json</code>. Of the memory on the label 92% is usable, of
          that the server takes its share (as measured, else 90%), and 1 GiB and 3% are its own: activations, graphs,
          buffers. What is left is for contexts. Sizes so worked out are within 1.5% of what vLLM and SGLang print for
          Llama 3.1 8B and 70B, Qwen3 30B and 235B. Weights that do not fit are refused in manifests and doubted in
          reports; where the model’s own context does not fit, a manifest limits requests to the longest that does.
        </p>
      </Section>

      <Section title="Sources">
        <Table
          head={["Source", "load points", "licence"]}
          text={[0, 2]}
          rows={check.sources.map((source) => [
            source.url !== null && /^https?:\/\//i.test(source.url)
              ? { text: source.name, href: source.url }
              : source.name,
            formatCount(source.points),
            source.licence ?? "not stated",
          ])}
        />
      </Section>
    </main>
  );
}

function errors(summary: ErrorSummary): string[] {
  return [formatCount(summary.count), percent(summary.median), percent(summary.p90)];
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-7 space-y-2 border-line border-t pt-4">
      <h2 className="font-semibold text-[17px]">{title}</h2>
      {children}
    </section>
  );
}

type Cell = string | { text: string; href: string };

function Table({ head, rows, text = [0] }: { head: string[]; rows: Cell[][]; text?: number[] }) {
  return (
    <section className="overflow-x-auto" tabIndex={0} aria-label={head.filter(Boolean).join(", ")}>
      <table className="data-table text-[13px]">
        <thead>
          <tr>
            {head.map((title, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <th key={index} scope="col" className={text.includes(index) ? "text" : ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.map((cell) => (typeof cell === "object" ? cell.text : cell)).join(" ")}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                <td key={index} className={text.includes(index) ? "text" : ""}>
                  {typeof cell === "object" ? (
                    <a className="link" href={cell.href} rel="noreferrer noopener">
                      {cell.text}
                    </a>
                  ) : (
                    cell
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
