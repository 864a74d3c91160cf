import type { FactSuggestions } from "@/lib/ingest/facts/suggestions";
import { CurlHelp } from "./curl-help";
import { Uploader } from "./uploader";

/** Who may write here; without the token itself. */
export type UploadAccess = { kind: "loopback" } | { kind: "token" } | { kind: "readOnly"; reason: string };

interface UploadViewProps {
  access: UploadAccess;
  suggestions: FactSuggestions;
  /** Names of the formats that are read. */
  formats: readonly string[];
  /** Address others reach this server by. */
  address: string;
}

/** The page to add reports: files in, a preview, then the chart. */
export function UploadView({ access, suggestions, formats, address }: UploadViewProps) {
  return (
    <main className="mx-auto w-full max-w-[960px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <h1 className="text-[22px] tracking-[-0.015em] sm:text-[26px]">
        <strong className="font-[680]">Add reports</strong>
      </h1>
      {access.kind === "readOnly" ? (
        <>
          <p className="mt-3 rounded-lg bg-warn px-3 py-2 text-warn-ink" data-read-only="">
            {access.reason}
          </p>
          <p className="mt-2 text-muted">
            Whoever runs it can add reports on its machine with <code>npm run iq -- ingest PATH</code>, or start it with
            a token of 16 characters or more in <code>IQ_TOKEN</code>.
          </p>
        </>
      ) : (
        <>
          <p className="mt-1 text-muted">
            Results of a benchmark run as its tool wrote them, with the configuration beside them. You see what is in
            them before anything is stored.
          </p>
          <Uploader needsToken={access.kind === "token"} suggestions={suggestions} />
        </>
      )}
      <section aria-labelledby="formats" className="mt-8 border-line border-t pt-4">
        <h2 id="formats" className="font-semibold text-[17px]">
          What is read
        </h2>
        <ul className="mt-1 list-disc columns-1 gap-x-8 pl-5 text-[13px] sm:columns-2">
          {formats.map((format) => (
            <li key={format}>{format}</li>
          ))}
        </ul>
        <p className="mt-2 text-[13px] text-muted">
          Told by their content, whatever the files are called; also inside .zip, .tar, .tar.gz and .gz. What a report
          does not say can stand beside it in an <code>iq.yaml</code>.
        </p>
      </section>
      {access.kind !== "readOnly" && <CurlHelp address={address} needsToken={access.kind === "token"} />}
    </main>
  );
}
