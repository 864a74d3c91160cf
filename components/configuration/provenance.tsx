import type { ReactNode } from "react";
import type { Run } from "@/lib/domain";

/** Where a run comes from, down to the stored bytes. */
export function Provenance({ run }: { run: Run }) {
  const refs = [...new Set(run.points.flatMap((point) => (point.sourceRef === null ? [] : [point.sourceRef])))];
  const reports = [...new Set(run.points.map((point) => point.reportSha256))];
  const safeUrl = run.source.url !== null && /^https?:\/\//i.test(run.source.url) ? run.source.url : null;
  const rows: [string, ReactNode][] = [
    [
      "Source",
      safeUrl === null ? (
        run.source.name
      ) : (
        <a key="source" className="link" href={safeUrl} rel="noreferrer noopener">
          {run.source.name}
        </a>
      ),
    ],
    ["Licence", run.source.licence ?? "not stated"],
    ["Measured on", run.measuredOn?.slice(0, 10) ?? "not stated"],
    ["Tool", [run.tool ?? "not stated", run.toolVersion].filter(Boolean).join(" ")],
    ["Read as", run.format],
    ["In the data since", `revision ${run.addedInRevision}`],
    [
      "Run",
      <a key="run" className="link" href={`/runs/${encodeURIComponent(run.runId)}`}>
        <code>{run.runId}</code>
      </a>,
    ],
    [
      "Original report",
      <span key="reports">
        {reports.map((sha256) => (
          <a key={sha256} className="link mr-3 font-mono text-[12px]" href={`/api/v1/reports/${sha256}`} download>
            {sha256.slice(0, 12)}…
          </a>
        ))}
      </span>,
    ],
  ];
  return (
    <div className="mt-2 text-[13px]">
      <dl className="grid grid-cols-[minmax(110px,auto)_minmax(0,1fr)] gap-x-4 gap-y-0.5">
        {rows.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {refs.length > 0 && (
        <details className="mt-1">
          <summary className="text-muted">
            Place in the source ({refs.length === 1 ? "one place" : `${refs.length} places`})
          </summary>
          <ul className="mt-1 list-disc pl-5 break-words">
            {refs.map((ref) => (
              <li key={ref}>{ref}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
