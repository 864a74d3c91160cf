import type { RunPage, StoredRunFile } from "@/lib/runs/types";
import { loadLabel } from "@/lib/words";

/** Where each load point is found in its report, and what else the report says about it. */
export function PointOrigins({ page }: { page: RunPage }) {
  const { run, points, files } = page;
  const withRef = run.points.some((point) => point.sourceRef !== null);
  const withDate = run.points.some((point) => (points[point.pointId]?.measuredOn ?? null) !== null);
  const withExtras = run.points.some((point) => Object.keys(points[point.pointId]?.extras ?? {}).length > 0);
  return (
    <section className="mt-2 overflow-x-auto" tabIndex={0} aria-label="Place of each load point in its report">
      <table className="data-table text-[13px]" data-table="origins">
        <thead>
          <tr>
            <th scope="col" className="text">
              Load
            </th>
            <th scope="col" className="text">
              Report
            </th>
            <th scope="col" className="text">
              Place in it
            </th>
            {withDate && (
              <th scope="col" className="text">
                Measured
              </th>
            )}
            {withRef && (
              <th scope="col" className="text">
                Place in the source’s own files
              </th>
            )}
            {withExtras && (
              <th scope="col" className="text">
                What else it says
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {run.points.map((point) => {
            const origin = points[point.pointId];
            return (
              <tr key={point.pointId}>
                <td className="text whitespace-nowrap">{loadLabel(point.loadKind, point.loadValue)}</td>
                <td className="text min-w-32 [overflow-wrap:anywhere]">
                  <a className="link" href={`/api/v1/reports/${point.reportSha256}`} download>
                    {fileName(files, point.reportSha256)}
                  </a>
                </td>
                <td className="text min-w-24 [overflow-wrap:anywhere]">
                  {origin === undefined || origin.reportAt === "" || origin.reportAt === "$"
                    ? "the whole file"
                    : origin.reportAt}
                </td>
                {withDate && <td className="text whitespace-nowrap">{origin?.measuredOn?.slice(0, 10) ?? "–"}</td>}
                {withRef && <td className="text min-w-48 [overflow-wrap:anywhere]">{point.sourceRef ?? "–"}</td>}
                {withExtras && (
                  <td className="text min-w-64">
                    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
                      {Object.entries(origin?.extras ?? {}).map(([name, value]) => (
                        <div key={name} className="contents">
                          <dt className="text-muted">{name}</dt>
                          <dd className="[overflow-wrap:anywhere]">{String(value)}</dd>
                        </div>
                      ))}
                    </dl>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function fileName(files: readonly StoredRunFile[], sha256: string): string {
  const named = files.find((file) => file.sha256 === sha256)?.fileName;
  return named?.split("/").at(-1) ?? `${sha256.slice(0, 12)}…`;
}
