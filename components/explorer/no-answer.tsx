import { measuredSlos, targetsText } from "@/lib/explorer/explorer-view";
import { filterText } from "@/lib/explorer/filter-words";
import { nearMissText } from "@/lib/explorer/sentence";
import { plural } from "@/lib/format";
import { METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";
import { NO_CURVE_FILTER } from "@/lib/selection/curve-filter";
import type { ExplorerProps } from "./explorer-props";

/** No answer: why, and the one next step. */
export function NoAnswer({ data, query, view, onChange }: ExplorerProps) {
  const nearest = view.ranking.nearMisses[0];
  const outside = view.ranking.outsideStock;
  const relaxation = nearest?.smallestRelaxation ?? null;
  if (data.model === null || data.workload === null || view.curves.length === 0) {
    return (
      <>
        <h1 className="text-[20px] leading-[1.3] sm:text-[26px]">
          No load points of <strong>{data.model?.displayName ?? query.model ?? "any model"}</strong> yet.
        </h1>
        <p className="mt-1.5 text-muted">
          Choose another model, or{" "}
          <a className="link" href="/upload">
            add reports of your own
          </a>
          .
        </p>
      </>
    );
  }
  if (outside.length > 0) {
    return (
      <>
        <h1 className="text-[20px] leading-[1.3] sm:text-[26px]">
          <strong className="font-[680]">Nothing measured on what you have</strong> serves it
          {view.question.slos.length === 0 ? "" : ` at ${targetsText(view.question)}`}.
        </h1>
        <p className="mt-1.5 text-muted">
          {plural(view.counts.outsideStock, "configuration")} on other accelerators would.{" "}
          <button
            type="button"
            className="link"
            onClick={() => onChange({ ...query, question: { ...query.question, buyBeyondStock: true } })}
          >
            Allow buying
          </button>
        </p>
      </>
    );
  }
  const { ranked, notComparable, filteredOut } = view.ranking;
  if (filteredOut.length > 0 && ranked.length + view.ranking.nearMisses.length + notComparable.length === 0) {
    return (
      <>
        <h1 className="text-[20px] leading-[1.3] sm:text-[26px]">
          <strong className="font-[680]">Nothing is left</strong> by the filter: {filterText(view.question)}.
        </h1>
        <p className="mt-1.5 text-muted">
          {plural(view.counts.filteredOut, "load curve")} here {view.counts.filteredOut === 1 ? "is" : "are"} left out.{" "}
          <button
            type="button"
            className="link"
            onClick={() => onChange({ ...query, question: { ...query.question, only: NO_CURVE_FILTER } })}
          >
            Count all figures
          </button>
        </p>
      </>
    );
  }
  if (nearest !== undefined) {
    return (
      <>
        <h1 className="text-[20px] leading-[1.3] sm:text-[26px]">
          <strong className="font-[680]">No measured configuration</strong> serves it at {targetsText(view.question)}.
        </h1>
        <p className="mt-1.5 text-muted">
          {nearMissText(nearest, data.accelerators)}{" "}
          {relaxation !== null && (
            <button
              type="button"
              className="link"
              onClick={() =>
                onChange({
                  ...query,
                  slos: view.question.slos.map((slo) =>
                    slo.metric === relaxation.slo.metric && slo.statistic === relaxation.slo.statistic
                      ? { ...slo, limitMs: relaxation.limitMs }
                      : slo,
                  ),
                })
              }
            >
              Use that target
            </button>
          )}
        </p>
      </>
    );
  }
  const missing = [...new Set(view.question.slos.map((slo) => `${METRIC_LABELS[slo.metric]} ${slo.statistic}`))].join(
    ", ",
  );
  const measured = view.available
    .filter((item) => item.points > 0)
    .map((item) => `${METRIC_LABELS[item.metric]} ${STATISTIC_LABELS[item.statistic]}`)
    .join(", ");
  return (
    <>
      <h1 className="text-[20px] leading-[1.3] sm:text-[26px]">
        <strong className="font-[680]">Not comparable:</strong> nobody measured{" "}
        {missing === "" ? "a throughput" : `${missing}${view.question.slos.length > 1 ? " together" : ""}`} here.
      </h1>
      <p className="mt-1.5 text-muted">
        {missing === "" ? (
          "What a replica delivers is not known where its latencies are: these figures rank nothing."
        ) : measured === "" ? (
          "These figures have no latencies: remove the targets to rank by throughput."
        ) : (
          <>
            Measured: {measured}.{" "}
            <button
              type="button"
              className="link"
              onClick={() => onChange({ ...query, slos: measuredSlos(view.question.slos, view.available) })}
            >
              Ask for those
            </button>
          </>
        )}
      </p>
    </>
  );
}
