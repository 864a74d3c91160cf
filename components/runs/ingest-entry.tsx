import type { ReactNode } from "react";
import { formatCount, formatInstant, plural } from "@/lib/format";
import { EVERY_RUN, runsPath } from "@/lib/params/run-params";
import { INGEST_WAYS_LABELS, type ListedIngest } from "@/lib/runs/types";
import { RetireForm } from "./retire-form";

interface IngestEntryProps {
  ingest: ListedIngest;
  /** What a reader must know before retiring it. */
  warning: string | null;
  formRefusal: string | null;
}

/** One ingest: when, from where, what came of it. */
export function IngestEntry({ ingest, warning, formRefusal }: IngestEntryProps) {
  const { id, runs, validRuns } = ingest;
  const retiredRuns = runs - validRuns;
  const filter = { ...EVERY_RUN, ingestId: id, withRetired: retiredRuns > 0 };
  return (
    <>
      <h2 className="[overflow-wrap:anywhere]">
        <strong className="font-semibold">Ingest {formatCount(id)}</strong>{" "}
        <span className="text-muted">
          · {formatInstant(ingest.at)} · {INGEST_WAYS_LABELS[ingest.way]} ·{" "}
        </span>
        {ingest.reason}
      </h2>
      <p>
        {ingest.loadPoints === 0 ? "Nothing new" : `${plural(ingest.loadPoints, "load point")} taken`} from{" "}
        {plural(ingest.files, "file")}
        {ingest.revision !== null && `, revision ${formatCount(ingest.revision)}`}
        {ingest.duplicates > 0 && `; ${formatCount(ingest.duplicates)} there already`}.{" "}
        {runs > 0 && (
          <>
            <a className="link underline" href={runsPath({ filter, page: 1 })}>
              {plural(runs, "run")}
            </a>
            {retiredRuns > 0 && `, ${retiredRuns === runs ? "all" : formatCount(retiredRuns)} retired since`}
          </>
        )}
        {runs === 0 && ingest.loadPoints > 0 && <span className="text-muted">Its runs were deleted.</span>}
      </p>
      <Collapsed
        title={refusedTitle(ingest.problems)}
        items={ingest.problems.map(({ file, at, message }) => ({
          text: message.includes(file) || file === "" ? message : `${file}: ${message}`,
          id: `${file} ${at} ${message}`,
        }))}
        tone="warn"
      />
      <Collapsed
        title={`${plural(ingest.skipped.length, "file")} without load points of ${ingest.skipped.length === 1 ? "its" : "their"} own`}
        items={ingest.skipped.map(({ file, reason }) => ({ text: `${file}: ${reason}`, id: `${file} ${reason}` }))}
      />
      {validRuns > 0 && (
        <div className="mt-1 text-[13px]">
          <RetireForm
            action={`/api/v1/ingests/${id}/retire`}
            what="this whole ingest"
            runs={validRuns}
            loadPoints={0}
            formRefusal={formRefusal}
            warning={warning}
            {...(validRuns > 1 || warning !== null ? { sure: sureText(validRuns) } : {})}
          />
        </div>
      )}
    </>
  );
}

function sureText(runs: number): string {
  return runs === 1 ? "Yes, this run" : `Yes, all ${formatCount(runs)} runs`;
}

function refusedTitle(problems: ListedIngest["problems"]): string {
  const files = new Set(problems.map((item) => item.file)).size;
  return `${plural(files, "file")} refused${problems.length > files ? `, for ${plural(problems.length, "reason")}` : ""}`;
}

/** Lists up to this long are open from the start. */
const OPEN_UP_TO = 3;

function Collapsed({
  title,
  items,
  tone,
}: {
  title: ReactNode;
  items: readonly { id: string; text: string }[];
  tone?: "warn";
}) {
  if (items.length === 0) return null;
  return (
    <details className="mt-1 text-[13px]" open={items.length <= OPEN_UP_TO}>
      <summary className={`w-fit ${tone === "warn" ? "text-warn-ink" : "text-muted"}`}>{title}</summary>
      <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
        {items.map((item) => (
          <li key={item.id}>{item.text}</li>
        ))}
      </ul>
    </details>
  );
}
