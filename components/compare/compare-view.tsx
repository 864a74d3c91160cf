import { DiffHunks } from "@/components/deploy/diff-hunks";
import { FrontierChart } from "@/components/frontier-chart/frontier-chart";
import { limitOn } from "@/components/frontier-chart/limit";
import { LiveRefresh } from "@/components/live-refresh";
import { MarkdownCopy } from "@/components/markdown-copy";
import { ProblemNotices } from "@/components/problem-notices";
import type { Comparison } from "@/lib/explorer/comparison";
import { comparisonMarkdown, pinnedComparisonPath } from "@/lib/explorer/comparison-markdown";
import { demandText, stockText } from "@/lib/explorer/demand-words";
import { formatCount, plural } from "@/lib/format";
import { THROUGHPUT_AXES, type ThroughputAxis } from "@/lib/frontier/axes";
import { comparePath } from "@/lib/params/compare-params";
import { MAX_COMPARED, serializeExplorerQuery } from "@/lib/params/explorer-params";
import { sloLabel } from "@/lib/selection/slo";
import { PRICE_KIND_LABELS } from "@/lib/words";
import { choiceLabel, comparisonChart } from "./comparison-chart";
import { ComparisonTable } from "./comparison-table";

/** Choices side by side: what they cost and carry under one question, their curves, every fact, what their manifests differ in. */
export function CompareView({ comparison, problems }: { comparison: Comparison; problems: readonly string[] }) {
  const { choices, asked, revision, newestRevision } = comparison;
  const pinned = asked.query.revision !== null;
  return (
    <main className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <LiveRefresh revision={pinned ? null : revision.id} />
      {newestRevision > revision.id && (
        <p className="mb-3 rounded-lg bg-warn px-3 py-2 text-warn-ink" data-notice="stale">
          These are the figures of revision {formatCount(revision.id)}. Newer data exists:{" "}
          <a className="underline" href={comparePath({ ...asked, query: { ...asked.query, revision: null } })}>
            show today’s
          </a>
          .
        </p>
      )}
      <ProblemNotices problems={[...problems, ...comparison.problems]} className="mb-3" />
      <h1 className="text-[22px] leading-[1.3] tracking-[-0.015em] sm:text-[26px]">
        {choices.length === 0 ? "Nothing to compare yet" : choices.map(choiceLabel).join(" · ")}
      </h1>
      <Asked comparison={comparison} />
      {choices.length > 0 && <Sides comparison={comparison} />}
    </main>
  );
}

/** The question all of them are asked, and where it is changed. */
function Asked({ comparison: { choices, asked, question } }: { comparison: Comparison }) {
  const { price, demand, stock } = question;
  const first = choices[0]?.configuration.model ?? asked.query.model;
  const explorer = `/?${serializeExplorerQuery({ ...asked.query, model: asked.query.model ?? first })}`;
  const accelerators = choices.flatMap(({ accelerator }) => accelerator ?? []);
  const facts = [
    question.slos.length === 0 ? "at the knee of each curve" : `at ${question.slos.map(sloLabel).join(" and ")}`,
    demand === null ? "" : demandText(demand),
    stock.length === 0 ? "" : `with ${stockText(stock, accelerators)}`,
    price.ownUsdPerAcceleratorHour === null ? PRICE_KIND_LABELS[price.kind] : "at your own price",
    price.provider ?? "",
  ].filter((fact) => fact !== "");
  return (
    <p className="mt-1 text-muted">
      {choices.length > 0 && `${facts.join(", ")}. `}
      <a className="link" href={explorer}>
        {choices.length === 0 ? "Choose configurations in the ranking" : "Change the question"}
      </a>
      {choices.length < MAX_COMPARED &&
        (choices.length === 0
          ? `: “Compare” in a row, or the key c, adds it here; two to ${MAX_COMPARED}, of any models.`
          : " or add more: “Compare” in a row of a ranking, or the key c.")}
      {choices.length === 1 && " One more, and there is something to compare."}
    </p>
  );
}

const AXIS_LABELS: Record<ThroughputAxis, string> = {
  accelerator: "per accelerator",
  deployment: "per deployment",
  usd: "per US dollar",
  watt: "per watt",
};

function Sides({ comparison }: { comparison: Comparison }) {
  const { asked, axes, question, choices, baseline } = comparison;
  const throughputs = THROUGHPUT_AXES.filter(
    (axis) =>
      (axis !== "usd" || choices.some(({ usdPerHour }) => usdPerHour !== null)) &&
      (axis !== "watt" || choices.some(({ accelerator }) => accelerator?.tdpWatts != null)),
  );
  return (
    <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-6 border-line border-t pt-3">
      <ComparisonTable comparison={comparison} />
      <section aria-labelledby="curves" className="max-w-[900px]">
        <h2 id="curves" className="font-semibold text-[17px]">
          Load curves
        </h2>
        <nav aria-label="Throughput" className="flex flex-wrap gap-x-4 text-[13px] text-muted">
          {throughputs.map((throughput) => (
            <a
              key={throughput}
              className={`tap ${throughput === axes.throughput ? "font-semibold text-ink" : "link"}`}
              aria-current={throughput === axes.throughput ? "true" : undefined}
              href={comparePath({
                ...asked,
                query: { ...asked.query, axes: { ...asked.query.axes, throughput } },
              })}
            >
              {AXIS_LABELS[throughput]}
            </a>
          ))}
        </nav>
        <FrontierChart model={comparisonChart(comparison)} limit={limitOn(question.slos, axes)} />
      </section>
      <section aria-labelledby="outcomes">
        <h2 id="outcomes" className="font-semibold text-[17px]">
          Why not more
        </h2>
        <ul className="mt-1 space-y-1">
          {choices.map((choice) => (
            <li key={choice.configuration.configurationId} data-outcome={choice.outcome.ok ? "ranked" : "none"}>
              <strong className="font-semibold">{choiceLabel(choice)}</strong>:{" "}
              {choice.outcome.ok ? choice.outcome.value.whyNotMore : choice.outcome.error}
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="manifests">
        <h2 id="manifests" className="font-semibold text-[17px]">
          Manifests against {choices[baseline]?.letter}
        </h2>
        <ManifestDiffs comparison={comparison} />
      </section>
      <MarkdownCopy text={comparisonMarkdown(comparison)} link={pinnedComparisonPath(comparison)} />
    </div>
  );
}

function ManifestDiffs({ comparison: { choices } }: { comparison: Comparison }) {
  return (
    <div className="mt-1 space-y-2">
      {choices.map((choice) => {
        const { manifest } = choice;
        const name = choiceLabel(choice);
        if (!manifest.ok) {
          return (
            <p key={choice.letter} className="text-muted" data-manifest="refused">
              {name}: {manifest.error}
            </p>
          );
        }
        if (manifest.value === null) return null;
        return (
          <details key={choice.letter} className="rounded-lg border border-line" data-manifest="compared">
            <summary className="px-3 py-2">
              {name}: {plural(manifest.value.added, "line")} added, {plural(manifest.value.removed, "line")} removed
            </summary>
            <DiffHunks diff={manifest.value} name={`Changed lines of ${choice.letter}`} />
          </details>
        );
      })}
    </div>
  );
}
