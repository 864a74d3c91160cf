import type { ConfigurationPage } from "@/lib/explorer/configuration-page";
import type { AskedOptions } from "@/lib/manifests/options/manifest-options";
import { SOURCE_LABEL } from "@/lib/manifests/options/option-questions";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";

interface RefusalProps {
  page: ConfigurationPage;
  /** Every reason against it, as whole sentences. */
  reasons: readonly string[];
  /** Nothing but the name of what holds the weights is not filled in yet. */
  isUnfinished: boolean;
  /** Address of this page with other options. */
  pathWith: (asked: AskedOptions) => string;
}

/** Why there is no manifest, and what to change: a link that changes it, or the way to configurations that have one. */
export function Refusal({ page, reasons, isUnfinished, pathWith }: RefusalProps) {
  const { mend, configuration, query, workload } = page;
  const others = `/?${serializeExplorerQuery({ ...query, model: configuration.model, workload: workload.workloadId })}`;
  return (
    <>
      <div className="rounded-lg bg-warn px-3 py-2 text-warn-ink" role="status" data-manifest-refused="">
        {reasons.length === 1 ? (
          <p>
            {isUnfinished ? `Fill in “${SOURCE_LABEL}”` : "No manifest"}: {reasons[0]}
          </p>
        ) : (
          <>
            <p>No manifest, for {reasons.length} reasons:</p>
            <ul className="mt-1 list-disc space-y-0.5 pl-5">
              {reasons.map((reason) => (
                <li key={reason} className="break-words">
                  {reason}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {mend !== null ? (
        <p className="mt-3" data-mend="">
          {isUnfinished ? "Or without it:" : "There is one with these changes:"}
          <a className="button mt-1.5 block w-fit max-w-full whitespace-normal" href={pathWith(mend.asked)}>
            {mend.words}
          </a>
        </p>
      ) : (
        <p className="mt-3" data-no-mend="">
          Leaving options out does not change that.{" "}
          <a className="link" href={others}>
            Other configurations of {configuration.model}
          </a>
        </p>
      )}
    </>
  );
}
