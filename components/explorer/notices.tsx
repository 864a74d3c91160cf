import { memo } from "react";
import { ProblemNotices } from "@/components/problem-notices";
import type { ExplorerData } from "@/lib/explorer/data";
import { formatCount, formatInstant } from "@/lib/format";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";

/** What a reader must know before the answer: a pinned older revision, parameters that were not understood. */
export const Notices = memo(function Notices({ data, query }: { data: ExplorerData; query: ExplorerQuery }) {
  const stale = data.newestRevision > data.revision.id;
  if (!stale && data.problems.length === 0 && data.purge === null) return null;
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
          .
        </p>
      )}
      <ProblemNotices problems={data.problems} className="" />
    </div>
  );
});
