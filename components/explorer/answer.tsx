import { memo } from "react";
import { WithTerms } from "@/components/term";
import { formatMoney } from "@/lib/currency";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { configurationHref } from "@/lib/explorer/explorer-view";
import { hardwareLabel } from "@/lib/explorer/row-words";
import { answerText } from "@/lib/explorer/sentence";
import { partsWithTerms } from "@/lib/explorer/terms";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import type { RankedConfiguration } from "@/lib/selection/types";
import { serverLabel } from "@/lib/words";
import type { ExplorerProps } from "./explorer-props";
import { NoAnswer } from "./no-answer";
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
