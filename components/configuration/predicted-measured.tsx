import type { ComparedLoad } from "@/lib/explorer/predicted-measured";
import { formatNumber, formatPercent } from "@/lib/format";

/** What the benchmark in the cluster measured, beside what was predicted for each of its loads. */
export function PredictedMeasured({ loads }: { loads: readonly ComparedLoad[] }) {
  const [first] = loads;
  if (first === undefined) return null;
  return (
    <section aria-labelledby="in-cluster" className="min-w-0" data-in-cluster="">
      <h2 id="in-cluster" className="font-semibold text-[17px]">
        Predicted and measured in the cluster
      </h2>
      <p className="mt-0.5 text-[13px] text-muted">
        By the benchmark Job of the manifest
        {first.measuredOn === null ? "" : `, ${first.measuredOn.slice(0, 10)}`}
        {first.serverVersion === null ? "" : `, server version ${first.serverVersion}`}:{" "}
        <a className="link" href={`/runs/${encodeURIComponent(first.runId)}`}>
          run <code>{first.runId}</code>
        </a>
        . Predicted from the other runs of this configuration.
      </p>
      <section className="mt-2 overflow-x-auto" tabIndex={0} aria-label="Predicted and measured figures">
        <table className="data-table text-[13px] [&_td]:py-1 [&_th]:py-1">
          <thead>
            <tr>
              <th scope="col" className="text">
                Load
              </th>
              <th scope="col" className="text">
                Figure
              </th>
              <th scope="col">Predicted</th>
              <th scope="col">Measured</th>
              <th scope="col">Ratio</th>
            </tr>
          </thead>
          {loads.map((load) => (
            <tbody key={`${load.runId} ${load.label}`}>
              {load.figures.map((figure, index) => (
                <tr key={figure.label}>
                  {index === 0 && (
                    <th scope="rowgroup" rowSpan={load.figures.length} className="text align-top">
                      {load.label}
                      {load.basis === "interpolated" && <span className="block italic">interpolated</span>}
                    </th>
                  )}
                  <td className="text whitespace-nowrap">
                    {figure.label}
                    {figure.unit === "ms" ? ", ms" : ""}
                  </td>
                  <td>{formatNumber(figure.predicted)}</td>
                  <td>{formatNumber(figure.measured)}</td>
                  <td>{formatPercent(figure.ratio)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
      <p className="mt-1 text-[12px] text-muted">Ratio: measured ÷ predicted.</p>
    </section>
  );
}
