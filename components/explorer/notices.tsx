import { memo } from "react";
import { ProblemNotices } from "@/components/problem-notices";
import type { ExplorerData } from "@/lib/explorer/data";
import { formatCount, formatInstant, plural } from "@/lib/format";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";

/** What a reader must know before the answer: a pinned older revision, parameters that were not understood. */
export const Notices = memo(function Notices({
  data,
  query,
  onChange,
}: {
  data: ExplorerData;
  query: ExplorerQuery;
  onChange: (query: ExplorerQuery) => void;
}) {
  const stale = data.newestRevision > data.revision.id;
  if (!stale && data.problems.length === 0 && data.purge === null && data.summary === null) return null;
  return (
    <div className="mb-3 space-y-2">
      {data.purge !== null && (
        <p className="rounded-lg bg-warn px-3 py-2 text-warn-ink" data-notice="purged">
          Part of what this link showed was deleted on {formatInstant(data.purge.at)}: {data.purge.reason}. Below is
          what remains.
        </p>
      )}
      {stale && (
        <p className="rounded-lg bg-warn px-3 py-2 text-warn-ink" data-notice="stale">
          These are the figures of revision {formatCount(data.revision.id)} ({data.revision.createdAt.slice(0, 10)}), as
          this link pins them. Newer data exists (revision {formatCount(data.newestRevision)}):{" "}
          <a className="underline" href={`/?${serializeExplorerQuery({ ...query, revision: null })}`}>
            show today’s answer
          </a>
          .<NewerText data={data} query={query} />
        </p>
      )}
      <ProblemNotices problems={data.problems} className="" />
      <SummaryNotice data={data} query={query} onChange={onChange} />
    </div>
  );
});

/** Says that the page holds a part of the load points, of which, and how to see all of them. */
function SummaryNotice({
  data: { summary, runs },
  query,
  onChange,
}: {
  data: ExplorerData;
  query: ExplorerQuery;
  onChange: (query: ExplorerQuery) => void;
}) {
  if (summary === null) return null;
  const points = runs.runs.reduce((sum, { rows }) => sum + rows.length, 0);
  const all = { ...query, showAll: true };
  return (
    <p className="text-[13px] text-muted" data-notice="summary">
      Answer, ranking and frontiers are those of all {formatCount(summary.loadPoints)} load points of{" "}
      {plural(summary.configurations, "configuration")}. This page holds {formatCount(points)} of them: those of the
      frontiers, of the best of each accelerator, and what is near.{" "}
      <a
        className="link"
        href={`/?${serializeExplorerQuery(all)}`}
        onClick={(event) => {
          event.preventDefault();
          onChange(all);
        }}
      >
        Show all of them
      </a>
      .
    </p>
  );
}

/** What the newest data answers to the question of the link; nothing once a reader has changed that question. */
function NewerText({ data, query }: { data: ExplorerData; query: ExplorerQuery }) {
  const { newer } = data;
  const asks = ({ model, workload, slos, question }: ExplorerQuery) =>
    JSON.stringify([model, workload, data.query.slos === null ? null : slos, question]);
  if (newer === null || asks(query) !== asks(data.query)) return null;
  if (!newer.isChanged) return <span data-newer="same"> The first row is the same there.</span>;
  return (
    <span className="mt-1 block" data-newer="changed">
      Then: {newer.pinned ?? "nothing met the targets"}.<br />
      Today: {newer.newest ?? "nothing meets the targets"}.
    </span>
  );
}
