import { useState } from "react";
import { acceleratorColor } from "@/components/frontier-chart/colors";
import type { IngestRunJson } from "@/lib/api/ingest-json";
import { hardwareLabel } from "@/lib/explorer/row-words";
import { formatCount, plural } from "@/lib/format";
import type { FactSuggestions } from "@/lib/ingest/facts/suggestions";
import { flagLabel } from "@/lib/measurement/quality-flags";
import { configurationSubtitle } from "@/lib/words";
import { isAnswersFile } from "./answers";

/** Runs listed at first. */
const FIRST_SHOWN = 50;
/** Files of a run named; the rest is counted. */
const FILES_NAMED = 3;

interface RunTableProps {
  runs: readonly IngestRunJson[];
  accelerators: FactSuggestions["accelerators"];
}

/** The runs as they were understood. */
export function RunTable({ runs, accelerators }: RunTableProps) {
  const [all, setAll] = useState(false);
  if (runs.length === 0) return null;
  const shown = all ? runs : runs.slice(0, FIRST_SHOWN);
  return (
    <section aria-labelledby="understood" className="mt-6 border-line border-t pt-4">
      <h3 id="understood" className="font-semibold text-[17px]">
        Understood
        <span className="font-normal text-[13px] text-muted"> · {plural(runs.length, "run")}</span>
      </h3>
      <table className="data-table mt-1" data-table="preview">
        <thead>
          <tr>
            <th scope="col" className="text">
              Configuration
            </th>
            <th scope="col" className="text max-sm:hidden">
              Workload
            </th>
            <th scope="col">New</th>
            <th scope="col">There</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <Row key={`${run.runId} ${run.files[0]}`} run={run} accelerators={accelerators} />
          ))}
        </tbody>
      </table>
      {shown.length < runs.length && (
        <button type="button" className="link mt-2 text-[13px]" onClick={() => setAll(true)}>
          All {formatCount(runs.length)} runs
        </button>
      )}
    </section>
  );
}

function Row({ run, accelerators }: { run: IngestRunJson; accelerators: RunTableProps["accelerators"] }) {
  const { configuration, workload } = run;
  const flags = [...new Set([...run.qualityFlags, ...run.points.flatMap((point) => point.qualityFlags)])];
  return (
    <tr data-run={run.runId}>
      <td className="text [overflow-wrap:anywhere]">
        <div className="flex gap-2">
          <span
            aria-hidden="true"
            className="mt-1.5 h-2.5 w-2.5 shrink-0 rounded-[3px]"
            style={{ background: acceleratorColor(configuration.accelerator) }}
          />
          <div className="min-w-0">
            <div className="font-semibold">
              {hardwareLabel(accelerators, configuration)}
              <span className="font-normal"> · {configuration.model}</span>
            </div>
            <div className="text-[12px] text-muted">{configurationSubtitle(configuration)}</div>
            <div className="text-[12px] text-muted sm:hidden">{workload.workloadId}</div>
            <div className="text-[12px] text-muted">
              {toolText(run)} · {filesText(run.files)}
            </div>
            {flags.length > 0 && (
              <div className="text-[12px] text-muted">Caveats: {flags.map(flagLabel).join(", ")}</div>
            )}
            {run.outliers.length > 0 && (
              <ul
                className="mt-1 space-y-0.5 rounded-md bg-warn px-2 py-1 text-[12.5px] text-warn-ink"
                data-outliers=""
              >
                {run.outliers.map((outlier) => (
                  <li key={outlier.pointId}>
                    Outlier, kept off frontiers and rankings. {outlier.reasons.join(" ") || "Its source says so."}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
      </td>
      <td className="text [overflow-wrap:anywhere] max-sm:hidden">
        {workload.workloadId}
        {workload.inputTokens !== null && workload.outputTokens !== null && (
          <div className="text-[12px] text-muted">
            {formatCount(workload.inputTokens)} in, {formatCount(workload.outputTokens)} out
          </div>
        )}
      </td>
      <td className={run.newLoadPoints > 0 ? "font-semibold" : "text-muted"}>{formatCount(run.newLoadPoints)}</td>
      <td className="text-muted">{formatCount(run.duplicates)}</td>
    </tr>
  );
}

/** `vllm-bench-serve 0.11.0, 2026-09-01`. */
function toolText({ format, tool, toolVersion, measuredOn }: IngestRunJson): string {
  const name = tool === null || tool === format ? format : `${format} (${tool})`;
  return [[name, toolVersion].filter(Boolean).join(" "), measuredOn?.slice(0, 10)].filter(Boolean).join(", ");
}

function filesText(all: readonly string[]): string {
  const files = all.filter((file) => !isAnswersFile(file));
  const named = files.slice(0, FILES_NAMED).join(", ");
  return files.length > FILES_NAMED ? `${named} and ${formatCount(files.length - FILES_NAMED)} more` : named;
}
