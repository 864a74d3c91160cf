import { LiveRefresh } from "@/components/live-refresh";
import { ProblemNotices } from "@/components/problem-notices";
import { formatCount, plural } from "@/lib/format";
import { asksForEvery, INGESTS_PATH, RUNS_PATH, runsPath } from "@/lib/params/run-params";
import type { RunsPage } from "@/lib/runs/types";
import { ExportLinks } from "./export-links";
import { Paging } from "./paging";
import { RunFilters } from "./run-filters";
import { RunsTable } from "./runs-table";

/** What is in the database: filters, the runs that match, exports. */
export function RunsView({ page, problems }: { page: RunsPage; problems: readonly string[] }) {
  const { query, total } = page;
  return (
    <main className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <LiveRefresh revision={page.revision} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1 className="text-[22px] tracking-[-0.015em] sm:text-[26px]">
          <strong className="font-[680]">{plural(total, "run")}</strong>
          {total > 0 && <>, {plural(page.loadPoints, "load point")}</>}
        </h1>
        <p>
          <a className="link" href={INGESTS_PATH}>
            Ingests: who brought what, and when
          </a>
        </p>
      </div>
      <ProblemNotices problems={problems} className="mt-2" />
      {page.emptyDatabase ? (
        <EmptyDatabase />
      ) : (
        <>
          <div className="mt-3">
            <RunFilters page={page} />
          </div>
          <Filtered page={page} />
          {total === 0 ? <NoMatch page={page} /> : <RunsTable page={page} />}
          <Paging page={query.page} pages={page.pages} hrefOf={(number) => runsPath({ ...query, page: number })} />
          <div className="mt-5 border-line border-t pt-3">
            <ExportLinks revision={page.revision} model={query.filter.model} />
          </div>
        </>
      )}
    </main>
  );
}

function Filtered({ page }: { page: RunsPage }) {
  const { filter } = page.query;
  if (asksForEvery(filter)) return null;
  return (
    <p className="mt-3 text-[13px]" data-filtered="">
      {filter.ingestId !== null && (
        <>
          Runs of ingest {formatCount(filter.ingestId)}.{" "}
          <a className="link" href={runsPath(page.query, { ingestId: null })}>
            Of every ingest
          </a>{" "}
          ·{" "}
        </>
      )}
      <a className="link" href={RUNS_PATH}>
        Clear the filters
      </a>
    </p>
  );
}

function NoMatch({ page }: { page: RunsPage }) {
  const { query } = page;
  return (
    <div className="mt-6 border-line border-t pt-6" data-empty="filters">
      <p className="font-semibold">No run matches these filters.</p>
      <p className="mt-1 text-muted">
        {query.filter.withRetired ? null : (
          <>
            Runs that were taken back are left out:{" "}
            <a className="link" href={runsPath(query, { withRetired: true })}>
              look among them too
            </a>
            .{" "}
          </>
        )}
        {(query.filter.measuredFrom !== null || query.filter.measuredTo !== null) &&
          "Runs without a date pass no filter by date."}
      </p>
    </div>
  );
}

function EmptyDatabase() {
  return (
    <div className="mt-6 border-line border-t pt-6" data-empty="database">
      <p className="font-semibold">Nothing was measured yet.</p>
      <p className="mt-1 text-muted">
        Bring the reports of a benchmark, from whatever tool, as files or folders: their runs appear here.
      </p>
      <p className="mt-4">
        <a className="button button-primary" href="/upload">
          Add reports
        </a>
      </p>
    </div>
  );
}
