import type { Workload } from "@/lib/domain";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { type NotMeasured, notMeasuredHere } from "@/lib/explorer/not-measured";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import { datasetText, lengthsText } from "@/lib/words";
import type { ExplorerProps } from "./explorer-props";

/** Which of the reader's (or of the popular) accelerators nobody measured here, and what was measured that comes nearest. */
export function NotMeasuredNotice({ data, query }: Pick<ExplorerProps, "data" | "query">) {
  const { stock } = query.question;
  const missing = notMeasuredHere(data, stock);
  // Without a stock only what leads on is said: that nobody measured a thing anywhere helps no one.
  const shown = stock.length > 0 ? missing : missing.filter(({ workloads }) => workloads.length > 0);
  if (shown.length === 0) return null;
  return (
    <ul className="mt-1 text-[13px] text-muted" data-not-measured="">
      {shown.map((item) => (
        <li key={item.accelerator}>
          {acceleratorName(data.acceleratorNames, item.accelerator)}: not measured here.{" "}
          <Nearest item={item} data={data} query={query} />
        </li>
      ))}
    </ul>
  );
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
        {item.models.map(({ id, displayName }, index) => (
          <span key={id}>
            {index > 0 && ", "}
            <a className="link" href={href({ model: id, workload: null })}>
              {displayName}
            </a>
          </span>
        ))}{" "}
        of the same family.
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
