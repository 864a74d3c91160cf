import { memo } from "react";
import { WithTerms } from "@/components/term";
import { formatMoney } from "@/lib/currency";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { configurationHref, measuredSlos, targetsText } from "@/lib/explorer/explorer-view";
import { filterText } from "@/lib/explorer/filter-words";
import { answerText, hardwareLabel, nearMissText } from "@/lib/explorer/sentence";
import { partsWithTerms } from "@/lib/explorer/terms";
import { plural } from "@/lib/format";
import { METRIC_LABELS, STATISTIC_LABELS } from "@/lib/measurement/latency";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import { NO_CURVE_FILTER } from "@/lib/selection/curve-filter";
import type { RankedConfiguration } from "@/lib/selection/types";
import { serverLabel } from "@/lib/words";
import type { ExplorerProps } from "./explorer-props";
import { NotMeasuredNotice } from "./not-measured-notice";
import { PlanNumerals } from "./plan-numerals";
import { ShareButton } from "./share-button";
import { WorkloadNotice } from "./workload-notice";

/** The answer in one sentence, with what to do next. */
export const AnswerSection = memo(function AnswerSection(props: ExplorerProps) {
  const { data, query, view } = props;
  const best = view.ranking.ranked[0];
  const deployed = view.ranking.ranked.find((row) => data.deployable.includes(row.curve.configuration.configurationId));
  return (
    <div className="mt-3 mb-4 grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-2 sm:mt-4 lg:grid-cols-[minmax(0,980px)_auto] lg:justify-between">
      <div aria-live="polite" data-answer={best === undefined ? "none" : "found"}>
        {best === undefined ? (
          <NoAnswer {...props} />
        ) : (
          <>
            <Found text={answerText(best, data.accelerators, view.question)} />
            {deployed !== best && <OtherManifest deployed={deployed} best={best} {...props} />}
          </>
        )}
        <WorkloadNotice data={data} query={query} />
        <NotMeasuredNotice {...props} />
      </div>
      {/* Beside the answer where there is room, so that the chart begins further up. */}
      <div className="flex flex-col gap-3">
        {best !== undefined && <PlanNumerals row={best} />}
        <div className="flex gap-2">
          {deployed !== undefined && (
            <a
              className="button button-primary"
              href={`${configurationHref(deployed.curve.configuration.configurationId, { ...query, revision: data.revision.id }, view)}#manifests`}
            >
              Get manifests
            </a>
          )}
          <ShareButton query={query} slos={view.question.slos} revision={data.revision.id} />
          {best !== undefined && (
            <a
              className="button max-sm:hidden"
              href={`/changes?${serializeExplorerQuery({ ...query, slos: view.question.slos, showAll: false, highlight: [] })}`}
            >
              Changes
            </a>
          )}
          {best !== undefined && (
            <a className="button" href="#why">
              Why this?
            </a>
          )}
        </div>
      </div>
    </div>
  );
});

/** Says that there is no manifest for the best configuration, and for which one the button gets manifests. */
function OtherManifest({
  deployed,
  best,
  data,
}: ExplorerProps & { deployed: RankedConfiguration | undefined; best: RankedConfiguration }) {
  const { configuration } = best.curve;
  const server = `${serverLabel(configuration.server)} on ${acceleratorName(data.accelerators, configuration.accelerator)}`;
  if (deployed === undefined) {
    return (
      <p className="mt-0.5 text-[13px] text-muted">No manifest is written yet for {server}, nor for any other here.</p>
    );
  }
  const other = deployed.curve.configuration;
  const name = hardwareLabel(data.accelerators, other);
  return (
    <p className="mt-0.5 text-[13px] text-muted" data-other-manifest="">
      No manifest is written yet for {server}; the first with one is {name}, {serverLabel(other.server)}
      {deployed.cost.kind === "known"
        ? `, ${formatMoney(deployed.cost.usdPerMillionOutputTokens, deployed.currency)}`
        : ""}
      .
    </p>
  );
}

function Found({ text }: { text: ReturnType<typeof answerText> }) {
  // Each term is explained where it stands first. Cut in one go: what is drawn twice must be the same twice.
  const explained = new Set<string>();
  const headline = text.headline.map((phrase) => ({ ...phrase, parts: partsWithTerms(phrase.text, explained) }));
  const notes = partsWithTerms(text.notes.join(" · "), explained);
  return (
    <>
      <h1 className="text-[20px] leading-[1.3] tracking-[-0.015em] sm:text-[26px]">
        {headline.map((phrase) =>
          phrase.strong === true ? (
            <strong key={phrase.text} className="font-[680]">
              <WithTerms parts={phrase.parts} />
            </strong>
          ) : (
            <span key={phrase.text}>
              <WithTerms parts={phrase.parts} />
            </span>
          ),
        )}
      </h1>
      <p className="mt-1.5 text-[12px] text-muted leading-[1.35] sm:text-[14px]">
        <WithTerms parts={notes} />
      </p>
    </>
  );
}

/** No answer: why, and the one next step. */
function NoAnswer({ data, query, view, onChange }: ExplorerProps) {
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
