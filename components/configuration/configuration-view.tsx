import { ManifestsSection } from "@/components/deploy/manifests-section";
import { acceleratorColor } from "@/components/frontier-chart/colors";
import { LiveRefresh } from "@/components/live-refresh";
import { ProblemNotices } from "@/components/problem-notices";
import type { ConfigurationPage } from "@/lib/explorer/configuration-page";
import { packRuns } from "@/lib/explorer/pack-runs";
import { hardwareLabel } from "@/lib/explorer/row-words";
import { answerText, nearMissText } from "@/lib/explorer/sentence";
import { formatCount, plural } from "@/lib/format";
import type { AskedOptions } from "@/lib/manifests/options/manifest-options";
import { serializeOptionParams } from "@/lib/manifests/options/option-params";
import { comparePath } from "@/lib/params/compare-params";
import { MAX_COMPARED, serializeExplorerQuery } from "@/lib/params/explorer-params";
import { sloLabel } from "@/lib/selection/slo";
import { configurationSubtitle } from "@/lib/words";
import { ConfigurationCurve } from "./configuration-curve";
import { LoadPointsTable } from "./load-points-table";
import { PredictedMeasured } from "./predicted-measured";
import { Provenance } from "./provenance";
import { StartedSettings } from "./started-settings";

interface ConfigurationViewProps {
  page: ConfigurationPage;
  /** Parameters of the question that were not understood, as sentences. */
  problems: readonly string[];
  /** Options of the cluster that were not understood, as sentences. */
  optionProblems: readonly string[];
}

/** One configuration: what it does under the question, its curve, every point, where they come from, its manifests. */
export function ConfigurationView({ page, problems, optionProblems }: ConfigurationViewProps) {
  const { configuration, accelerator, model, query } = page;
  const name = hardwareLabel(accelerator === null ? [] : [accelerator], configuration);
  const explorer = `/?${serializeExplorerQuery({ ...query, model: configuration.model, workload: page.workload.workloadId })}`;
  const others = query.compare.filter((id) => id !== configuration.configurationId);
  const comparison = comparePath({
    query: {
      ...query,
      workload: page.workload.workloadId,
      compare: [...others.slice(0, MAX_COMPARED - 1), configuration.configurationId],
    },
    baseline: null,
  });
  return (
    <main className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <LiveRefresh revision={query.revision === null ? page.revision.id : null} />
      {page.newestRevision > page.revision.id && (
        <p className="mb-3 rounded-lg bg-warn px-3 py-2 text-warn-ink" data-notice="stale">
          {page.isGone ? (
            <>
              These are the figures of revision {formatCount(page.revision.id)}. What is known of them has been
              corrected since:{" "}
              <a
                className="underline"
                href={`/?${serializeExplorerQuery({ ...query, revision: null, model: configuration.model, workload: page.workload.workloadId })}`}
              >
                show today’s configurations
              </a>
              .
            </>
          ) : (
            <>
              These are the figures of revision {formatCount(page.revision.id)}. Newer data exists:{" "}
              <a className="underline" href={hrefOf(page, { revision: null })}>
                show today’s
              </a>
              .
            </>
          )}
        </p>
      )}
      <ProblemNotices problems={problems} className="mb-3" />
      <p className="text-[13px]">
        <a className="link" href={explorer}>
          ← All configurations of {model?.displayName ?? configuration.model}
        </a>{" "}
        ·{" "}
        <a className="link" data-compare="" href={comparison}>
          {others.length === 0 ? "Compare with others" : `Compare with the ${plural(others.length, "other")} chosen`}
        </a>
      </p>
      <h1 className="mt-2 flex flex-wrap items-baseline gap-x-3 text-[22px] leading-[1.3] tracking-[-0.015em] sm:text-[26px]">
        <span
          aria-hidden="true"
          className="h-3.5 w-3.5 shrink-0 self-center rounded-[4px]"
          style={{ background: acceleratorColor(configuration.accelerator) }}
        />
        <strong className="font-[680]">{name}</strong>
        <span className="break-words">{configurationSubtitle(configuration)}</span>
      </h1>
      <p className="mt-1 break-words text-muted">
        {model?.displayName ?? configuration.model}
        {configuration.checkpoint === null ? "" : `, weights ${configuration.checkpoint}`} ·{" "}
        <code className="text-[13px]">{configuration.configurationId}</code>
      </p>
      <Outcome page={page} />
      <nav aria-label="Workloads" className="mt-4 flex flex-wrap gap-1.5">
        {page.workloads.map(({ workload, loadPoints }) => (
          <a
            key={workload.workloadId}
            className={`pill ${workload.workloadId === page.workload.workloadId ? "border-ink" : ""}`}
            aria-current={workload.workloadId === page.workload.workloadId ? "true" : undefined}
            href={hrefOf(page, { workload: workload.workloadId })}
          >
            {workload.workloadId}
            <span className="font-normal text-muted">{plural(loadPoints, "point")}</span>
          </a>
        ))}
      </nav>
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-8 border-line border-t pt-4 lg:grid-cols-2">
        <section aria-labelledby="curve">
          <h2 id="curve" className="mb-1 font-semibold text-[17px]">
            Load curve
          </h2>
          <ConfigurationCurve
            runs={packRuns(page.runs)}
            acceleratorName={accelerator?.shortName ?? configuration.accelerator}
            slos={page.question.slos}
            operatingPoint={page.outcome.kind === "ranked" ? page.outcome.row.operatingPoint : null}
          />
        </section>
        <PredictedMeasured loads={page.inCluster} />
      </div>
      <section aria-labelledby="started-with" className="mt-8">
        <h2 id="started-with" className="mb-2 font-semibold text-[17px]">
          What the server was started with
        </h2>
        <StartedSettings configuration={configuration} />
      </section>
      <ManifestsSection page={page} problems={optionProblems} />
      <section aria-labelledby="points" className="mt-8">
        <h2 id="points" className="font-semibold text-[17px]">
          Load points and where they come from
        </h2>
        {page.runs.map((run) => (
          <article key={run.runId} className="mt-4 border-line border-t pt-3">
            <h3 className="font-semibold">
              {run.measuredOn?.slice(0, 10) ?? "Date not stated"}
              <span className="font-normal text-muted">
                {" "}
                · {run.source.name} · {plural(run.points.length, "load point")}
              </span>
            </h3>
            <LoadPointsTable run={run} />
            <Provenance run={run} />
          </article>
        ))}
      </section>
    </main>
  );
}

function Outcome({ page }: { page: ConfigurationPage }) {
  const { outcome, question } = page;
  const targets = question.slos.length === 0 ? "Without targets" : `At ${question.slos.map(sloLabel).join(" and ")}`;
  const accelerators = page.accelerator === null ? [] : [page.accelerator];
  switch (outcome.kind) {
    case "ranked": {
      const text = answerText(outcome.row, accelerators, question);
      return (
        <p className="mt-3" data-outcome="ranked">
          {targets} it serves this model{" "}
          {text.headline
            .slice(2)
            .map((phrase) => phrase.text)
            .join("")}{" "}
          <span className="text-muted">{text.notes.join(" · ")}</span>
        </p>
      );
    }
    case "nearMiss":
      return (
        <p className="mt-3" data-outcome="nearMiss">
          {targets} it does not hold. {nearMissText(outcome.nearMiss, accelerators)}
        </p>
      );
    case "notComparable":
      return (
        <p className="mt-3" data-outcome="notComparable">
          {targets}: not comparable. {outcome.notComparable.reason}
        </p>
      );
    case "none":
      return (
        <p className="mt-3" data-outcome="none">
          These figures have no throughput to choose an operating point by.
        </p>
      );
  }
}

function hrefOf(
  page: ConfigurationPage,
  change: { workload?: string; revision?: null },
  asked: AskedOptions = page.asked,
): string {
  const search = serializeExplorerQuery({ ...page.query, workload: page.workload.workloadId, ...change });
  const path = `/configurations/${encodeURIComponent(page.configuration.configurationId)}`;
  return `${path}?${[serializeOptionParams(asked), search].filter((part) => part !== "").join("&")}`;
}
