import { CommandBlock } from "@/components/deploy/command-block";
import type { Workload } from "@/lib/domain";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { type NotMeasured, notMeasuredHere } from "@/lib/explorer/not-measured";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import { datasetText, lengthsText, precisionLabel } from "@/lib/words";
import type { ExplorerProps } from "./explorer-props";

/**
 * Which of the reader's (or of the popular) accelerators nobody measured here: what was measured that comes nearest, with what
 * differs, and the Job that would measure it. Those that only the question's precision leaves out are said as well.
 */
export function NotMeasuredNotice({ data, query, view, onChange }: ExplorerProps) {
  const { stock } = query.question;
  const missing = notMeasuredHere(data, stock);
  // Without a stock only what leads on is said; of a model nobody measured anywhere, what comes near.
  const shown =
    stock.length > 0 || data.workloads.length === 0 ? missing : missing.filter(({ workloads }) => workloads.length > 0);
  const lower = otherPrecisions(view);
  if (shown.length === 0 && lower.length === 0) return null;
  return (
    <ul className="mt-1 text-[13px] text-muted" data-not-measured="">
      {shown.map((item) => (
        <li key={item.accelerator}>
          {acceleratorName(data.acceleratorNames, item.accelerator)}: not measured here.{" "}
          <Nearest item={item} data={data} query={query} />
          <MeasureIt item={item} name={acceleratorName(data.acceleratorNames, item.accelerator)} />
        </li>
      ))}
      {lower.map(({ accelerator, precisions }) => (
        <li key={accelerator}>
          {acceleratorName(data.acceleratorNames, accelerator)}: measured here with{" "}
          {precisions.map(precisionLabel).join(", ")} weights only.{" "}
          <button
            type="button"
            className="link"
            onClick={() =>
              onChange({
                ...query,
                question: { ...query.question, only: { ...query.question.only, precisionFloor: null } },
              })
            }
          >
            Count any precision
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Accelerators that the asked precision leaves out whole, with the precisions they were measured with. */
function otherPrecisions({ question, curves, ranking }: ExplorerProps["view"]) {
  if (question.only.precisionFloor === null) return [];
  const leftOut = new Set(ranking.filteredOut.map(({ curve }) => curve));
  const kept = new Set(curves.filter((curve) => !leftOut.has(curve)).map((curve) => curve.configuration.accelerator));
  const found = new Map<string, Set<string | null>>();
  for (const { configuration } of leftOut) {
    const wanted =
      question.stock.length === 0 || question.stock.some((item) => item.accelerator === configuration.accelerator);
    if (kept.has(configuration.accelerator) || !wanted) continue;
    const precisions = found.get(configuration.accelerator) ?? new Set();
    found.set(configuration.accelerator, precisions.add(configuration.precision));
  }
  return [...found].map(([accelerator, precisions]) => ({ accelerator, precisions: [...precisions] }));
}

function nameOf(workload: Workload | null): string {
  return `${lengthsText(workload)}${datasetText(workload)}`;
}

function Nearest({ item, data, query }: { item: NotMeasured } & Pick<ExplorerProps, "data" | "query">) {
  const href = (changed: { model?: string; workload: string | null }) =>
    `/?${serializeExplorerQuery({ ...query, ...changed, highlight: [] })}`;
  if (item.workloads.length > 0) {
    return (
      <>
        Nearest: the same model with{" "}
        {item.workloads.map((id, index) => (
          <span key={id}>
            {index > 0 && ", "}
            <a className="link" href={href({ workload: id })}>
              {nameOf(data.workloads.find(({ workload }) => workload.workloadId === id)?.workload ?? null)}
            </a>
          </span>
        ))}
        .
      </>
    );
  }
  if (item.models.length > 0) {
    return (
      <>
        Nobody measured this model on it. Nearest:{" "}
        {item.models.map(({ id, displayName, differs }, index) => (
          <span key={id}>
            {index > 0 && "; "}
            <a className="link" href={href({ model: id, workload: null })}>
              {displayName}
            </a>
            {differs === "" ? "" : ` (${differs})`}
          </span>
        ))}
        .
      </>
    );
  }
  return (
    <>
      Nobody measured this model on it:{" "}
      <a className="link" href="/upload">
        add a report of your own
      </a>
      .
    </>
  );
}

/** The Job that measures it against a server of the reader's, in one line. */
function MeasureIt({ item, name }: { item: NotMeasured; name: string }) {
  if (item.job === null) return null;
  return (
    <details className="mt-0.5" data-measure={item.accelerator}>
      <summary className="link inline-block">Measure it</summary>
      <p className="mt-1">
        A Job that sends 1 to 256 requests at once to a server of yours and brings the report back. Start the server on{" "}
        {name} behind a Service; <code>model-server</code>, port 8000, unless the address says{" "}
        <code>service=…&amp;port=…</code>, and <code>accelerators=…</code> where it takes more than one.
      </p>
      <CommandBlock label={`measure on ${name}`} lines={["kubectl apply -f 'LINK'"]} link={item.job} />
    </details>
  );
}
