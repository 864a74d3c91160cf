import type { RefObject } from "react";
import { type IngestJson, refusedFiles } from "@/lib/api/ingest-json";
import { plural } from "@/lib/format";
import { askedTables } from "@/lib/ingest/columns/asked-tables";
import { factForms } from "@/lib/upload/fact-forms";
import { isAnswersFile } from "./answers";
import { chartLinks } from "./chart-links";
import type { Upload } from "./use-upload";

interface PreviewSummaryProps {
  headingRef: RefObject<HTMLHeadingElement | null>;
  preview: IngestJson;
  upload: Upload;
}

/** What storing would do, in a sentence, and the button that does it. */
export function PreviewSummary({ headingRef, preview, upload }: PreviewSummaryProps) {
  const { loadPoints, duplicates, runs } = preview;
  const asked = factForms(preview).filter((form) => form.missing.length > 0);
  const refused = refusedFiles(
    preview.problems.filter((item) => item.fact === undefined && item.columns === undefined),
  );
  const tables = askedTables(preview.problems).flatMap(({ files }) => files).length;
  const outliers = runs.reduce((sum, run) => sum + run.outliers.length, 0);
  const waiting = asked.reduce((sum, form) => sum + form.files.length, 0);
  const without = preview.skipped.filter(({ file }) => !isAnswersFile(file)).length;
  const facts = [
    duplicates > 0 && loadPoints > 0 ? `${plural(duplicates, "load point")} already there` : null,
    waiting > 0 ? `${plural(waiting, "file lacks", "files lack")} facts only you can give` : null,
    tables > 0 ? `${plural(tables, "table has", "tables have")} columns only you can explain` : null,
    outliers > 0 ? `${plural(outliers, "outlier")} among the new ones` : null,
    refused > 0 ? `${plural(refused, "file")} refused` : null,
    without > 0 ? `${plural(without, "file")} without load points` : null,
  ].filter((part) => part !== null);
  const [chart] = chartLinks(runs);
  return (
    <div className="mt-4">
      <h2
        ref={headingRef}
        tabIndex={-1}
        className="text-[20px] leading-[1.3] tracking-[-0.01em] outline-none"
        data-summary=""
      >
        {headline(preview, waiting + tables)}
      </h2>
      {facts.length > 0 && <p className="mt-1 text-muted">{sentence(facts.join(", "))}</p>}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {loadPoints > 0 && !upload.isStale && (
          <button type="button" className="button button-primary" onClick={upload.store}>
            Store {plural(loadPoints, "load point")}
          </button>
        )}
        {upload.isStale && (
          <button type="button" className="button button-primary" onClick={upload.check}>
            Check again
          </button>
        )}
        {loadPoints === 0 && duplicates > 0 && chart !== undefined && (
          <a className="button" href={chart.href}>
            See them on the chart
          </a>
        )}
        {upload.isStale && (
          <span className="text-[13px] text-muted">Something changed since this preview: check it before storing.</span>
        )}
      </div>
      {preview.beside.length > 0 && (
        <ul className="mt-3 list-disc space-y-1 pl-5 text-[13px] [overflow-wrap:anywhere]" data-beside="">
          {preview.beside.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      {preview.notes.length > 0 && (
        <ul className="mt-3 list-disc space-y-1 pl-5 text-[13px] text-muted [overflow-wrap:anywhere]" data-notes="">
          {preview.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function headline({ loadPoints, duplicates, runs }: IngestJson, waiting: number): string {
  const fresh = runs.filter((run) => run.newLoadPoints > 0).length;
  if (loadPoints > 0) return `${plural(loadPoints, "new load point")} in ${plural(fresh, "run")}`;
  if (duplicates > 0)
    return `Nothing new: ${duplicates === 1 ? "the load point is" : `all ${plural(duplicates, "load point")} are`} already there`;
  return waiting > 0 ? "Understood, but something is missing" : "Nothing here that can be stored";
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
