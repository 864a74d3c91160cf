import { memo } from "react";
import { formatMoney } from "@/lib/currency";
import { burstText } from "@/lib/explorer/burst-words";
import { amountOfDemand } from "@/lib/explorer/demand-words";
import { configurationHref } from "@/lib/explorer/explorer-view";
import { filterText } from "@/lib/explorer/filter-words";
import { hardwareLabel, operatingPointBasis } from "@/lib/explorer/row-words";
import { planText } from "@/lib/explorer/sentence";
import { LISTED_FIRST } from "@/lib/explorer/summary";
import { formatCount, formatExactLatency, formatLatency, formatNumber, formatPercent, plural } from "@/lib/format";
import type { LoadCurve } from "@/lib/frontier/load-curve";
import { DERIVED_TOO_HIGH } from "@/lib/measurement/derived-throughput";
import { METRIC_LABELS } from "@/lib/measurement/latency";
import { nearMissReason } from "@/lib/selection/near-miss-words";
import { requestTargetText } from "@/lib/selection/request-targets";
import { sloLabel } from "@/lib/selection/slo";
import { configurationSubtitle } from "@/lib/words";
import { CrossoverStrip } from "./crossover-strip";
import { Distinction } from "./distinction";
import type { ExplorerProps } from "./explorer-props";
import { TokenCost } from "./token-cost";

/** Below the ranking: why the first is first, near misses, what cannot be compared, and which figures take part. */
export const OutsideRanking = memo(function OutsideRanking(props: ExplorerProps) {
  return (
    <div className="mt-4 space-y-2">
      <Why {...props} />
      <CrossoverStrip {...props} />
      <TokenCost {...props} />
      <NearMisses {...props} />
      <NotComparable {...props} />
      <FilteredOut {...props} />
      <TakingPart {...props} />
    </div>
  );
});

/** Configurations that were measured, but over a target, each with the smallest change of a target that would admit it. */
function NearMisses(props: ExplorerProps) {
  const { view, query, onChange } = props;
  const { ranked, nearMisses } = view.ranking;
  if (nearMisses.length === 0) return null;
  return (
    <details className="border-line border-t pt-2" open={ranked.length === 0} data-near-misses="">
      <summary className="font-semibold">
        {plural(view.counts.nearMisses, "near miss", "near misses")}
        <span className="font-normal text-muted"> · measured, but over a target</span>
      </summary>
      <ul className="mt-1 space-y-1.5">
        {nearMisses.slice(0, query.showAll ? undefined : LISTED_FIRST).map((miss) => (
          <li key={miss.curve.curveId} className="text-[13px]">
            <ConfigurationName curve={miss.curve} {...props} />
            <div className="text-muted">
              {miss.standings
                .filter((standing) => !standing.met && standing.valueMs !== null)
                .map(
                  (standing) =>
                    `${METRIC_LABELS[standing.slo.metric]} ${standing.statisticUsed ?? standing.slo.statistic} ${formatLatency(
                      standing.valueMs ?? 0,
                    )} at best, limit ${formatExactLatency(standing.slo.limitMs)}`,
                )
                .join("; ") || nearMissReason(miss)}
              {miss.smallestRelaxation !== null && (
                <>
                  {". "}
                  <button
                    type="button"
                    className="link"
                    onClick={() => {
                      const relaxed = miss.smallestRelaxation;
                      if (relaxed === null) return;
                      onChange({
                        ...query,
                        slos: view.question.slos.map((slo) =>
                          slo.metric === relaxed.slo.metric && slo.statistic === relaxed.slo.statistic
                            ? { ...slo, limitMs: relaxed.limitMs }
                            : slo,
                        ),
                      });
                    }}
                  >
                    {sloLabel({ ...miss.smallestRelaxation.slo, limitMs: miss.smallestRelaxation.limitMs })} (+
                    {formatPercent(miss.smallestRelaxation.relativeIncrease)}) would admit it
                  </button>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
      <More total={view.counts.nearMisses} {...props} />
    </details>
  );
}

/** Configurations for which a metric of the targets was not measured. */
function NotComparable(props: ExplorerProps) {
  const { view, query } = props;
  const { ranked, nearMisses, notComparable } = view.ranking;
  if (notComparable.length === 0) return null;
  return (
    <details
      className="border-line border-t pt-2"
      open={ranked.length + nearMisses.length === 0}
      data-not-comparable=""
    >
      <summary className="font-semibold">
        {formatCount(view.counts.notComparable)} not comparable
        <span className="font-normal text-muted"> · a target’s metric was not measured, or not well enough</span>
      </summary>
      <ul className="mt-1 space-y-1.5">
        {notComparable.slice(0, query.showAll ? undefined : LISTED_FIRST).map((item) => (
          <li key={item.curve.curveId} className="text-[13px]">
            <ConfigurationName curve={item.curve} {...props} />
            <div className="text-muted">{item.reason}</div>
          </li>
        ))}
      </ul>
      <More total={view.counts.notComparable} {...props} />
    </details>
  );
}

/** Configurations that the filters of the question leave out, each with the reason. */
function FilteredOut(props: ExplorerProps) {
  const { view, query } = props;
  const { filteredOut } = view.ranking;
  if (filteredOut.length === 0) return null;
  return (
    <details className="border-line border-t pt-2" data-filtered-out="">
      <summary className="font-semibold">
        {formatCount(view.counts.filteredOut)} left out
        <span className="font-normal text-muted"> · by the filter: {filterText(view.question)}</span>
      </summary>
      <ul className="mt-1 space-y-1.5">
        {filteredOut.slice(0, query.showAll ? undefined : LISTED_FIRST).map((item) => (
          <li key={item.curve.curveId} className="text-[13px]">
            <ConfigurationName curve={item.curve} {...props} />
            <div className="text-muted">{item.reason}</div>
          </li>
        ))}
      </ul>
      <More total={view.counts.filteredOut} {...props} />
    </details>
  );
}

/** Switches for which figures are ranked. */
function TakingPart({ query, onChange }: ExplorerProps) {
  return (
    <fieldset className="flex flex-wrap gap-x-5 gap-y-1 border-line border-t pt-3 text-[13px] text-muted">
      <legend className="sr-only">What takes part</legend>
      <label className="flex items-center gap-1.5">
        <input
          type="checkbox"
          checked={query.question.measuredOnly}
          onChange={(event) =>
            onChange({ ...query, question: { ...query.question, measuredOnly: event.target.checked } })
          }
        />
        Measured throughput only
      </label>
      <label className="flex items-center gap-1.5">
        <input
          type="checkbox"
          checked={query.question.includeOutliers}
          onChange={(event) =>
            onChange({ ...query, question: { ...query.question, includeOutliers: event.target.checked } })
          }
        />
        With outliers and doubted figures
      </label>
      <label className="flex items-center gap-1.5">
        <input
          type="checkbox"
          checked={query.question.estimates}
          onChange={(event) => onChange({ ...query, question: { ...query.question, estimates: event.target.checked } })}
        />
        With estimated percentiles
      </label>
    </fieldset>
  );
}

function Why({ data, view }: ExplorerProps) {
  const [best, second] = view.ranking.ranked;
  if (best === undefined) return null;
  const capacity = best.capacity;
  const bursts = burstText(best);
  return (
    <details id="why" className="border-line border-t pt-2" open>
      <summary className="font-semibold">Why this?</summary>
      <ul className="mt-1 list-disc space-y-1 pl-5 text-[13px] text-muted">
        <li>
          {formatNumber(best.operatingPoint.outputTokensPerSecond)} output tokens/s{" "}
          {best.operatingPoint.throughputBasis === "derived"
            ? `derived from its latencies (${formatPercent(DERIVED_TOO_HIGH)} too high in the median of points that have both)`
            : "a replica"}
          , {operatingPointBasis(best.operatingPoint)}.
        </li>
        <li>{best.whyNotMore}</li>
        {best.operatingPoint.failedShare === null && (
          <li>
            How many of its requests failed was not counted: the target of{" "}
            {requestTargetText("failed", view.question.requests)} is taken as met.
          </li>
        )}
        {second !== undefined && (
          <li>
            Next: {hardwareLabel(data.accelerators, second.curve.configuration)}
            {best.cost.kind === "known" && second.cost.kind === "known"
              ? `, ${formatPercent(second.cost.usdPerMillionOutputTokens / best.cost.usdPerMillionOutputTokens - 1)} more per token`
              : ""}
            .
          </li>
        )}
        {capacity !== null && (
          <li>
            {planText(best)}; {formatPercent(capacity.utilisation)} of what a replica can carry is in use
            {capacity.oneReplicaLost === null
              ? ""
              : capacity.oneReplicaLost.withinOperatingPoint
                ? "; with one replica lost the rest still meet the targets"
                : "; with one replica lost the rest would be over their operating point"}
            {capacity.demand === null ? "" : `; the same replicas carry up to ${amountOfDemand(capacity.carriesUpTo)}`}.
          </li>
        )}
        {bursts !== null && <li>{bursts}</li>}
        {capacity?.byHour != null && (
          <li>
            Over the day: {capacity.byHour.replicas.join(", ")} replicas hour by hour,{" "}
            {formatCount(capacity.byHour.acceleratorHoursPerDay)} accelerator-hours
            {capacity.byHour.usdPerMonth === null
              ? ""
              : `, ${formatMoney(capacity.byHour.usdPerMonth, best.currency)} a month if machines follow the demand`}
            .
          </li>
        )}
        {best.providers.length > 1 && (
          <li>
            Asked by provider:{" "}
            {best.providers
              .map(
                ({ provider, offer, usdPerMillionOutputTokens, usdPerMonth }) =>
                  `${provider} ${usdPerMonth === null ? `${formatMoney(usdPerMillionOutputTokens, best.currency)} per million` : `${formatMoney(usdPerMonth, best.currency)} a month`}${
                    offer.price.instanceType === null ? "" : ` (${offer.price.instanceType})`
                  }`,
              )
              .join("; ")}
            .
          </li>
        )}
        {best.otherCurves.length > 0 && (
          <li>
            Measured {best.otherCurves.length + 1} times; the newest that reaches as far as the fullest counts. Others:{" "}
            {best.otherCurves
              .map(
                (other) =>
                  `${other.outputTokensPerSecond === null ? "does not meet the targets" : `${formatNumber(other.outputTokensPerSecond)} tok/s`} (${[
                    other.curve.source.name,
                    other.curve.measuredOn?.slice(0, 10),
                  ]
                    .filter(Boolean)
                    .join(", ")})`,
              )
              .join("; ")}
            .
          </li>
        )}
        {best.operatingPoint.qualityFlags.length > 0 && (
          <li>
            Caveats of the source:{" "}
            {best.operatingPoint.qualityFlags.map((flag) => data.caveats[flag] ?? flag).join(", ")}.
          </li>
        )}
        <li>
          <a className="link" href="/method">
            The rules, and how far they can be trusted
          </a>
        </li>
      </ul>
    </details>
  );
}

function More({ total, query, onChange }: ExplorerProps & { total: number }) {
  if (query.showAll || total <= LISTED_FIRST) return null;
  return (
    <button type="button" className="link mt-1 text-[13px]" onClick={() => onChange({ ...query, showAll: true })}>
      Show all {formatCount(total)}
    </button>
  );
}

function ConfigurationName({ curve, data, query, view }: ExplorerProps & { curve: LoadCurve }) {
  return (
    <div>
      <a
        className="font-semibold hover:underline"
        href={configurationHref(curve.configuration.configurationId, query, view)}
      >
        {hardwareLabel(data.accelerators, curve.configuration)}
      </a>{" "}
      <span className="text-muted">{configurationSubtitle(curve.configuration)}</span>
      <Distinction of={curve.configuration} among={data.distinctions} />
    </div>
  );
}
