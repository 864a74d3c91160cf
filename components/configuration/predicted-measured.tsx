import type { ComparedLoad } from "@/lib/explorer/predicted-measured";
import { formatNumber, formatPercent } from "@/lib/format";

/** What the benchmark in the cluster measured, beside what was predicted for each of its loads. */
export function PredictedMeasured({ loads }: { loads: readonly ComparedLoad[] }) {
  const [first] = loads;
  if (first === undefined) return null;
  return (
    <section aria-labelledby="in-cluster" className="mt-8" data-in-cluster="">
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
      <div className="mt-2 overflow-x-auto">
        <table className="data-table max-w-[760px] text-[13px]">
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
              <th scope="col">Measured ÷ predicted</th>
            </tr>
          </thead>
          {loads.map((load) => (
            <tbody key={`${load.runId} ${load.label}`}>
              {load.figures.map((figure, index) => (
                <tr key={figure.label}>
                  {index === 0 && (
                    <th scope="rowgroup" rowSpan={load.figures.length} className="text align-top">
                      {load.label}
                      {load.basis === "interpolated" && <span className="block italic">prediction interpolated</span>}
                    </th>
                  )}
                  <td className="text whitespace-nowrap">{figure.label}</td>
                  <td className="whitespace-nowrap">
                    {formatNumber(figure.predicted)}
                    {figure.unit === "ms" ? " ms" : ""}
                  </td>
                  <td className="whitespace-nowrap">
                    {formatNumber(figure.measured)}
                    {figure.unit === "ms" ? " ms" : ""}
                  </td>
                  <td>{formatPercent(figure.ratio)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}
