import { formatBytes, plural } from "@/lib/format";
import type { StoredRunFile } from "@/lib/runs/types";

/** The reports a run was read from, to download as they are stored. */
export function RunFiles({ files }: { files: readonly StoredRunFile[] }) {
  return (
    <ul className="mt-2 divide-y divide-line border-line border-y" data-files="">
      {files.map((file) => (
        <li key={`${file.sha256} ${file.fileName}`} className="py-2 [overflow-wrap:anywhere]">
          <a className="link font-semibold" href={`/api/v1/reports/${file.sha256}`} download>
            {file.fileName}
          </a>{" "}
          <span className="text-muted">
            {formatBytes(file.byteLength)} · {file.role === "points" ? "holds load points" : "read beside them"} ·{" "}
            {file.mediaType}
          </span>
          <div className="text-[12px] text-muted">
            sha256 <code>{file.sha256}</code>
          </div>
          {file.redacted.length === 0 ? (
            <div className="text-[12px] text-muted">Byte for byte as it came.</div>
          ) : (
            <details className="text-[13px]" open={file.redacted.length <= 5}>
              <summary className="w-fit text-warn-ink">
                {plural(file.redacted.length, "secret was", "secrets were")} blanked before storing; size and hash are
                those of the original
              </summary>
              <ul className="list-disc pl-5">
                {counted(file.redacted).map(([name, count]) => (
                  <li key={name}>
                    <code>{name}</code>
                    {count > 1 && ` ${count} times`}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function counted(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts];
}
