import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import { askedWorkloadText, nearestWorkloads, workloadDifferences } from "@/lib/selection/asked-workload";
import { datasetText, lengthsText } from "@/lib/words";
import type { ExplorerProps } from "./explorer-props";

const MAX_OTHERS = 2;

/** Where the reader said lengths of their own: whether they were measured so, else what differs and what else comes near. */
export function WorkloadNotice({ data, query }: Pick<ExplorerProps, "data" | "query">) {
  const { workload } = data;
  const asked = query.askedWorkload;
  if (asked === null || workload === null) return null;
  const differences = workloadDifferences(workload, asked);
  if (differences.length === 0) return null;
  const others = nearestWorkloads(data.workloads, asked)
    .filter(({ entry }) => entry.workload.workloadId !== workload.workloadId)
    .slice(0, MAX_OTHERS);
  return (
    <p className="mt-1 text-[13px] text-muted" data-workload-differs="">
      You asked for {askedWorkloadText(asked)}; this was measured with {differences.join("; ")}.
      {others.length > 0 && (
        <>
          {" "}
          Also near:{" "}
          {others.map(({ entry }, index) => (
            <span key={entry.workload.workloadId}>
              {index > 0 && ", "}
              <a
                className="link"
                href={`/?${serializeExplorerQuery({ ...query, workload: entry.workload.workloadId, highlight: [] })}`}
              >
                {lengthsText(entry.workload)}
                {datasetText(entry.workload)}
              </a>
            </span>
          ))}
          .
        </>
      )}
    </p>
  );
}
