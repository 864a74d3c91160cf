import { exportPath } from "@/lib/api/export-request";
import { formatCount } from "@/lib/format";

/** Downloads of everything at a revision, or of one model. Other filters of the list do not count. */
export function ExportLinks({ revision, model }: { revision: number; model: string | null }) {
  const link = (label: string, format: "json" | "csv" | "giq-csv" | "giq-json", reports = true) => (
    <a className="link" href={exportPath({ format, reports, model }, revision)} download>
      {label}
    </a>
  );
  return (
    <p className="text-[13px] text-muted [overflow-wrap:anywhere]" data-export="">
      Export {model === null ? "everything" : `all of ${model}`} at revision {formatCount(revision)}:{" "}
      {link("JSON with reports", "json")} · {link("JSON", "json", false)} · {link("CSV", "csv")} ·{" "}
      {link("GKE Inference Quickstart CSV", "giq-csv")} · {link("GKE Inference Quickstart JSON", "giq-json")}
    </p>
  );
}
