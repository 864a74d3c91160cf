import { acceleratorColor } from "@/components/frontier-chart/colors";
import { LiveRefresh } from "@/components/live-refresh";
import { formatCount, formatInstant, plural } from "@/lib/format";
import { RUNS_PATH } from "@/lib/params/run-params";
import { runLinks } from "@/lib/runs/run-links";
import type { RunPage } from "@/lib/runs/types";
import { configurationSubtitle } from "@/lib/words";
import { PointOrigins } from "./point-origins";
import { RetireForm } from "./retire-form";
import { RunFacts } from "./run-facts";
import { RunFiles } from "./run-files";
import { RunPoints } from "./run-points";

/** One run: what was measured, and where every figure of it comes from. */
export function RunView({ page, formRefusal }: { page: RunPage; formRefusal: string | null }) {
  const { run, retired } = page;
  const { configuration } = run;
  const links = runLinks({ ...run, retiredInRevision: retired?.revision ?? null });
  return (
    <main className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <LiveRefresh revision={page.newestRevision} />
      <p className="text-[13px]">
        <a className="link" href={RUNS_PATH}>
          ← All runs
        </a>
      </p>
      <h1 className="mt-2 flex flex-wrap items-baseline gap-x-3 text-[22px] leading-[1.3] tracking-[-0.015em] sm:text-[26px]">
        <span
          aria-hidden="true"
          className="h-3.5 w-3.5 shrink-0 self-center rounded-[4px]"
          style={{ background: acceleratorColor(configuration.accelerator) }}
        />
        <strong className="font-[680]">
          {configuration.acceleratorCount}× {page.acceleratorName}
        </strong>
        <span className="[overflow-wrap:anywhere]">{configurationSubtitle(configuration)}</span>
      </h1>
      <p className="mt-1 text-muted [overflow-wrap:anywhere]">
        {configuration.model} · run <code className="text-[13px]">{run.runId}</code>
      </p>
      {retired !== null && (
        <p className="mt-3 rounded-lg bg-warn px-3 py-2 text-warn-ink" data-notice="retired">
          Retired in revision {formatCount(retired.revision)} ({formatInstant(retired.at)}): {retired.reason}. Links to
          earlier revisions still show it:{" "}
          <a className="underline" href={links.chart}>
            the chart as it was
          </a>
          ,{" "}
          <a className="underline" href={links.configuration}>
            its configuration as it was
          </a>
          .
        </p>
      )}
      <nav aria-label="Shown in" className="mt-3 flex flex-wrap gap-2">
        <a className="button" href={links.chart}>
          Chart of this model and workload
        </a>
        <a className="button" href={links.configuration}>
          This configuration
        </a>
      </nav>
      <section aria-labelledby="facts" className="mt-5 border-line border-t pt-4">
        <h2 id="facts" className="mb-2 font-semibold text-[17px]">
          What was run
        </h2>
        <RunFacts page={page} />
      </section>
      <section aria-labelledby="points" className="mt-6 border-line border-t pt-4">
        <h2 id="points" className="mb-1 font-semibold text-[17px]">
          {plural(run.points.length, "load point")}
        </h2>
        <RunPoints run={run} />
      </section>
      <section aria-labelledby="reports" className="mt-6 border-line border-t pt-4">
        <h2 id="reports" className="font-semibold text-[17px]">
          Where it comes from
        </h2>
        <RunFiles files={page.files} />
        <PointOrigins page={page} />
      </section>
      {retired === null && (
        <div className="mt-6 border-line border-t pt-4">
          <RetireForm
            action={`/api/v1/runs/${encodeURIComponent(run.runId)}/retire`}
            what="this run"
            runs={1}
            loadPoints={run.points.length}
            formRefusal={formRefusal}
            warning={null}
          />
        </div>
      )}
    </main>
  );
}
