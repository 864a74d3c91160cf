import type { ReactNode } from "react";
import { formatCount, formatInstant, formatNumber } from "@/lib/format";
import { flagLabel } from "@/lib/measurement/quality-flags";
import { ingestPath } from "@/lib/params/run-params";
import { INGEST_WAYS_LABELS, type RunPage } from "@/lib/runs/types";
import { precisionLabel, serverLabel, speculativeLabel } from "@/lib/words";
import { StartedSettings } from "../configuration/started-settings";
import { Licence, SourceName } from "./source-cell";

type Fact = [label: string, value: ReactNode];

/** What was run, and which source says so. */
export function RunFacts({ page }: { page: RunPage }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-1 lg:grid-cols-2">
      <Facts facts={measuredFacts(page)} />
      <Facts facts={originFacts(page)} />
    </div>
  );
}

function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid h-fit grid-cols-[minmax(120px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="[overflow-wrap:anywhere] [&_a]:underline">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function measuredFacts({ run, acceleratorName }: RunPage): Fact[] {
  const { configuration, workload } = run;
  const { parallelism, checkpoint, nodes, speculative, speculativeTokens } = configuration;
  const tokens = (value: number | null) => (value === null ? "unknown" : formatNumber(value));
  const facts: (Fact | null)[] = [
    ["Model", configuration.model],
    checkpoint === null ? null : ["Weights", checkpoint],
    [
      "Hardware",
      `${configuration.acceleratorCount}× ${acceleratorName}${nodes === null ? "" : ` on ${nodes === 1 ? "one node" : `${nodes} nodes`}`}`,
    ],
    ["Server", [serverLabel(configuration.server), configuration.serverVersion].filter(Boolean).join(" ")],
    ["Precision", precisionLabel(configuration.precision)],
    ["Parallelism", parallelism.label?.toUpperCase() ?? "not stated"],
    ["Serving", configuration.servingMode],
    speculative === null ? null : ["Speculative decoding", speculativeLabel(speculative, speculativeTokens)],
    ["Started with", <StartedSettings key="started" configuration={configuration} />],
    ["Workload", workload.workloadId],
    [
      "Tokens a request",
      `${tokens(workload.inputTokens)} in, ${tokens(workload.outputTokens)} out${workload.dataset === null ? "" : ` (${workload.dataset})`}`,
    ],
  ];
  return facts.filter((fact) => fact !== null);
}

function originFacts({ run, formatLabel, added, ingest }: RunPage): Fact[] {
  const { source, qualityFlags } = run;
  return [
    ["Measured on", run.measuredOn === null ? "not stated" : formatInstant(run.measuredOn)],
    ["Source", <SourceName key="source" name={source.name} url={source.url} />],
    ["Licence", <Licence key="licence" licence={source.licence} />],
    ["Tool", [run.tool ?? "not stated", run.toolVersion].filter(Boolean).join(" ")],
    ["Read as", formatLabel],
    ...(run.seriesKey === null ? [] : [["Series", run.seriesKey] satisfies Fact]),
    ["Caveats", qualityFlags.length === 0 ? "none of the run as a whole" : qualityFlags.map(flagLabel).join(", ")],
    ["In the data since", `revision ${formatCount(added.revision)}, ${formatInstant(added.at)}`],
    [
      "Came with",
      ingest === null ? (
        "unknown"
      ) : (
        <span key="ingest">
          <a className="link" href={ingestPath(ingest.id)}>
            ingest {formatCount(ingest.id)}
          </a>{" "}
          ({INGEST_WAYS_LABELS[ingest.way]}, {formatInstant(ingest.at)}: {ingest.reason})
        </span>
      ),
    ],
  ];
}
