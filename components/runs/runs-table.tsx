import { acceleratorColor } from "@/components/frontier-chart/colors";
import { formatCount } from "@/lib/format";
import { flagLabel } from "@/lib/measurement/quality-flags";
import { runsPath } from "@/lib/params/run-params";
import { runLinks } from "@/lib/runs/run-links";
import type { RunNames, RunSummary, RunsPage } from "@/lib/runs/types";
import { configurationSubtitle, shortVersion } from "@/lib/words";
import { Licence, SourceName } from "./source-cell";

/** Caveats named in the list; the run's page has all of them. */
const FLAGS_SHOWN = 3;

/** One row per run. On narrow screens the later columns become lines in the first ones. */
export function RunsTable({ page }: { page: RunsPage }) {
  return (
    <table className="data-table mt-3" data-table="runs">
      <thead>
        <tr>
          <th scope="col" className="text max-sm:hidden">
            Measured
          </th>
          <th scope="col" className="text">
            Run
          </th>
          <th scope="col" className="text max-lg:hidden">
            Workload
          </th>
          <th scope="col" className="text max-lg:hidden">
            Source, licence
          </th>
          <th scope="col" className="text max-lg:hidden">
            Tool
          </th>
          <th scope="col">Points</th>
          <th scope="col" className="text max-lg:hidden">
            Caveats
          </th>
          <th scope="col" className="max-lg:hidden">
            Ingest
          </th>
          <th scope="col" className="max-lg:hidden">
            Revision
          </th>
        </tr>
      </thead>
      <tbody>
        {page.runs.map((run) => (
          <RunRow key={run.runId} run={run} page={page} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run, page }: { run: RunSummary; page: RunsPage }) {
  const { configuration, workload } = run;
  const links = runLinks(run);
  const isRetired = run.retiredInRevision !== null;
  const accelerator = page.names.accelerators[configuration.accelerator] ?? configuration.accelerator;
  const flags = flagsText(run);
  const chart = (
    <a className="link" href={links.chart} title={`Chart of ${configuration.model} under ${workload.workloadId}`}>
      {workload.workloadId}
    </a>
  );
  const source = <SourceName name={run.sourceName} url={run.sourceUrl} />;
  return (
    <tr data-run={run.runId} data-retired={isRetired ? "" : undefined} className={isRetired ? "bg-soft" : ""}>
      <td className="text whitespace-nowrap max-sm:hidden">
        {run.measuredOn?.slice(0, 10) ?? <span className="text-muted">no date</span>}
      </td>
      <td className="text">
        <div className="flex gap-2">
          <span
            aria-hidden="true"
            className="mt-1.5 h-2.5 w-2.5 shrink-0 rounded-[3px]"
            style={{ background: acceleratorColor(configuration.accelerator) }}
          />
          <div className="min-w-0 [overflow-wrap:anywhere]">
            <a className="font-semibold hover:underline" href={links.run}>
              {configuration.acceleratorCount}× {accelerator} · {configuration.model}
            </a>
            <div className="text-[12px]">
              <a className="text-muted hover:underline" href={links.configuration} title="This configuration">
                {configurationSubtitle(configuration)}
              </a>
            </div>
            {isRetired && (
              <div className="text-[12px] text-warn-ink">
                retired in revision {formatCount(run.retiredInRevision ?? 0)}
              </div>
            )}
            <div className="mt-1 text-[12px] text-muted lg:hidden [&_a]:underline">
              <span className="sm:hidden">{run.measuredOn?.slice(0, 10) ?? "no date"} · </span>
              {chart} · {source} · {toolText(run, page.names)}
              {flags !== "" && <div>{flags}</div>}
            </div>
          </div>
        </div>
      </td>
      <td className="text max-lg:hidden [overflow-wrap:anywhere]">{chart}</td>
      <td className="text max-lg:hidden [overflow-wrap:anywhere]">
        {source}
        <div className="text-[12px] text-muted">
          <Licence licence={run.licence} />
        </div>
      </td>
      <td className="text max-lg:hidden">{toolText(run, page.names)}</td>
      <td>{formatCount(run.loadPoints)}</td>
      <td className="text max-w-64 text-[12px] text-muted max-lg:hidden">{flags === "" ? "–" : flags}</td>
      <td className="max-lg:hidden">
        <a
          className="link"
          href={runsPath(page.query, { ingestId: run.ingestId })}
          aria-label={`Runs of ingest ${run.ingestId}`}
        >
          {formatCount(run.ingestId)}
        </a>
      </td>
      <td className="max-lg:hidden">{formatCount(run.addedInRevision)}</td>
    </tr>
  );
}

function toolText(run: RunSummary, names: RunNames): string {
  const label = names.formats[run.format] ?? run.format;
  if (run.tool === null) return label;
  return run.toolVersion === null ? run.tool : `${run.tool} ${shortVersion(run.toolVersion)}`;
}

function flagsText(run: RunSummary): string {
  const flags = [...new Set([...run.qualityFlags, ...run.pointFlags])].map(flagLabel);
  const more = flags.length - FLAGS_SHOWN;
  return [...flags.slice(0, FLAGS_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
