import { type IngestJson, refusedFiles } from "@/lib/api/ingest-json";
import { formatCount, plural } from "@/lib/format";
import { WHOLE_HEADER } from "@/lib/ingest/columns/asked-tables";
import { isAnswersFile } from "./answers";

/** Lines listed; a large archive may hold very many. */
const MOST_SHOWN = 200;

/** What is not taken: refused files with what is wrong, and files without load points with the reason. */
export function LeftOut({ preview }: { preview: IngestJson }) {
  const refused = new Map<string, string[]>();
  for (const { file, at, message, fact, columns } of preview.problems) {
    // What a table nobody knows means is asked above.
    if (columns !== undefined && at === WHOLE_HEADER) continue;
    // The formats are listed on this page: not again for every file.
    if (fact === undefined) refused.set(file, [...(refused.get(file) ?? []), message.replace(/ Recognised: .*$/s, "")]);
  }
  const files = [...refused];
  const skipped = preview.skipped.filter(({ file }) => !isAnswersFile(file));
  return (
    <>
      {files.length > 0 && (
        <section aria-labelledby="refused" className="mt-6 border-line border-t pt-4" data-refused="">
          <h3 id="refused" className="font-semibold text-[17px]">
            Refused
            <span className="font-normal text-[13px] text-muted">
              {" "}
              · {plural(refusedFiles(preview.problems.filter(({ file }) => refused.has(file))), "file")}
            </span>
          </h3>
          <ul className="mt-1 space-y-2">
            {files.slice(0, MOST_SHOWN).map(([file, messages]) => (
              <li key={file} className="[overflow-wrap:anywhere]">
                <ul className="space-y-0.5">
                  {messages.map((message) => (
                    <li key={message}>{message}</li>
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
