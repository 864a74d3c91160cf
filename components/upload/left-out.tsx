import { type IngestJson, refusedFiles } from "@/lib/api/ingest-json";
import { formatCount, plural } from "@/lib/format";
import { groupBy } from "@/lib/group-by";
import { WHOLE_HEADER } from "@/lib/ingest/columns/asked-tables";
import { isAnswersFile } from "./answers";

/** Files listed; a large archive may hold very many. */
const MOST_SHOWN = 200;

/** What is not taken: refused files with what is wrong, and files without load points with the reason. */
export function LeftOut({ preview }: { preview: IngestJson }) {
  const refused = preview.problems.filter(
    // Missing facts and the columns of unknown tables are asked for above.
    ({ at, fact, columns }) => fact === undefined && (columns === undefined || at !== WHOLE_HEADER),
  );
  const files = [...groupBy(refused, (problem) => problem.file)];
  const names = new Set(refused.map((problem) => problem.file));
  const skipped = preview.skipped.filter(({ file }) => !isAnswersFile(file));
  return (
    <>
      {files.length > 0 && (
        <section aria-labelledby="refused" className="mt-6 border-line border-t pt-4" data-refused="">
          <h3 id="refused" className="font-semibold text-[17px]">
            Refused
            <span className="font-normal text-[13px] text-muted">
              {" "}
              · {plural(refusedFiles(preview.problems.filter(({ file }) => names.has(file))), "file")}
            </span>
          </h3>
          <ul className="mt-1 space-y-2">
            {files.slice(0, MOST_SHOWN).map(([file, problems]) => (
              <li key={file} className="[overflow-wrap:anywhere]">
                <ul className="space-y-0.5">
                  {problems.map(({ message }) => (
                    // The formats are listed once on this page, not again for every file.
                    <li key={message}>{message.replace(/ Recognised: .*$/s, "")}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          <More count={files.length - MOST_SHOWN} />
        </section>
      )}
      {skipped.length > 0 && (
        <details className="mt-6 border-line border-t pt-3" data-skipped="">
          <summary className="font-semibold">
            {plural(skipped.length, "file")} without load points of {skipped.length === 1 ? "its" : "their"} own
            <span className="font-normal text-muted">
              {" "}
              · nothing is wrong with {skipped.length === 1 ? "it" : "them"}
            </span>
          </summary>
          <ul className="mt-1 space-y-1 text-[13px]">
            {skipped.slice(0, MOST_SHOWN).map(({ file, reason }) => (
              <li key={`${file} ${reason}`} className="[overflow-wrap:anywhere]">
                {file}: <span className="text-muted">{reason}</span>
              </li>
            ))}
          </ul>
          <More count={skipped.length - MOST_SHOWN} />
        </details>
      )}
    </>
  );
}

function More({ count }: { count: number }) {
  return count > 0 ? <p className="mt-1 text-[13px] text-muted">… and {formatCount(count)} more.</p> : null;
}
