import { LiveRefresh } from "@/components/live-refresh";
import { ProblemNotices } from "@/components/problem-notices";
import { formatCount, formatInstant, plural } from "@/lib/format";
import { INGESTS_PATH, RUNS_PATH } from "@/lib/params/run-params";
import type { AuditEntry, AuditPage, ListedPurge, ListedRetirement } from "@/lib/runs/types";
import { IngestEntry } from "./ingest-entry";
import { Paging } from "./paging";

interface AuditViewProps {
  page: AuditPage;
  /** Parameters that were not understood, as sentences. */
  problems: readonly string[];
  formRefusal: string | null;
}

/** Everything that ever changed the data: ingests, taken or refused, retirements, deletions. */
export function AuditView({ page, problems, formRefusal }: AuditViewProps) {
  return (
    <main className="mx-auto w-full max-w-[960px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <LiveRefresh revision={page.revision} />
      <p className="text-[13px]">
        <a className="link" href={RUNS_PATH}>
          ← All runs
        </a>
      </p>
      <h1 className="mt-2 text-[22px] tracking-[-0.015em] sm:text-[26px]">
        <strong className="font-[680]">Ingests</strong>
      </h1>
      <p className="mt-1 text-muted">
        Who brought what and when, what was taken, what was refused and why; with what was taken back or deleted since.
      </p>
      <ProblemNotices problems={problems} className="mt-3" />
      {page.entries.length === 0 ? (
        <p className="mt-6 border-line border-t pt-6" data-empty="audit">
          Nobody has brought anything yet.{" "}
          <a className="link underline" href="/upload">
            Add reports
          </a>
        </p>
      ) : (
        <ol className="mt-4 divide-y divide-line border-line border-y">
          {page.entries.map((entry) => (
            <li key={keyOf(entry)} id={keyOf(entry)} className="py-3 target:bg-soft" data-entry={entry.kind}>
              {entry.kind === "ingest" && (
                <IngestEntry ingest={entry.ingest} warning={entry.warning} formRefusal={formRefusal} />
              )}
              {entry.kind === "retirement" && <Retirement retirement={entry.retirement} />}
              {entry.kind === "purge" && <Purge purge={entry.purge} />}
            </li>
          ))}
        </ol>
      )}
      <Paging
        page={page.page}
        pages={page.pages}
        hrefOf={(number) => (number === 1 ? INGESTS_PATH : `${INGESTS_PATH}?page=${number}`)}
      />
    </main>
  );
}

function keyOf(entry: AuditEntry): string {
  switch (entry.kind) {
    case "ingest":
      return `ingest-${entry.ingest.id}`;
    case "retirement":
      return `retired-${entry.retirement.revision}`;
    case "purge":
      return `purge-${entry.purge.id}`;
  }
}

function Retirement({ retirement }: { retirement: ListedRetirement }) {
  return (
    <>
      <h2 className="font-semibold">
        Retired <span className="font-normal text-muted">· {formatInstant(retirement.at)}</span>
      </h2>
      <p className="[overflow-wrap:anywhere]">
        {plural(retirement.runs, "run")} with {plural(retirement.loadPoints, "load point")} not shown from revision{" "}
        {formatCount(retirement.revision)} on: {retirement.reason}
      </p>
    </>
  );
}

function Purge({ purge }: { purge: ListedPurge }) {
  return (
    <>
      <h2 className="font-semibold">
        Deleted for good <span className="font-normal text-muted">· {formatInstant(purge.at)}</span>
      </h2>
      <p className="[overflow-wrap:anywhere]">
        {plural(purge.runs, "run")}, {plural(purge.loadPoints, "load point")} and {plural(purge.reports, "report")}:{" "}
        {purge.reason}
      </p>
      {purge.brokenShares > 0 && (
        <p className="text-[13px] text-muted">
          {purge.brokenShares === 1
            ? "1 share link no longer shows what it showed, and says so."
            : `${formatCount(purge.brokenShares)} share links no longer show what they showed, and say so.`}
        </p>
      )}
    </>
  );
}
