import { type RefObject, useEffect } from "react";
import type { IngestJson } from "@/lib/api/ingest-json";
import { formatCount, plural } from "@/lib/format";
import { chartLinks } from "./chart-links";

interface StoredProps {
  headingRef: RefObject<HTMLHeadingElement | null>;
  result: IngestJson;
  onMore: () => void;
}

/** What was stored. Where one chart shows it all the page goes there by itself; several charts are listed. */
export function Stored({ headingRef, result, onMore }: StoredProps) {
  const links = chartLinks(result.runs.filter((run) => run.newLoadPoints > 0));
  const only = links.length === 1 ? links[0]?.href : undefined;
  useEffect(() => {
    if (only !== undefined) window.location.assign(only);
  }, [only]);
  const [first, ...others] = links;
  return (
    <section className="mt-4" aria-labelledby="stored" data-stored={result.revision}>
      <h2
        ref={headingRef}
        id="stored"
        tabIndex={-1}
        className="text-[20px] leading-[1.3] tracking-[-0.01em] outline-none"
      >
        {result.loadPoints === 0
          ? "Nothing was new, nothing was stored"
          : `Stored ${plural(result.loadPoints, "load point")} as revision ${formatCount(result.revision)}`}
      </h2>
      {only !== undefined && <p className="mt-1 text-muted">Opening the chart …</p>}
      {first !== undefined && (
        <a className="button button-primary mt-3 max-w-full whitespace-normal" href={first.href}>
          Chart of {first.model}, {first.workloadId}
        </a>
      )}
      {others.length > 0 && (
        <ul className="mt-3 space-y-1">
          {others.map(({ model, workloadId, loadPoints, href }) => (
            <li key={href} className="[overflow-wrap:anywhere]">
              <a className="link" href={href}>
                {model}, {workloadId}
              </a>{" "}
              <span className="text-[13px] text-muted">{plural(loadPoints, "load point")}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-3">
        <button type="button" className="link" onClick={onMore}>
          Add more
        </button>
      </p>
    </section>
  );
}
