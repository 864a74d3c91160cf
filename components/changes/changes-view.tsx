import { acceleratorColor } from "@/components/frontier-chart/colors";
import { ProblemNotices } from "@/components/problem-notices";
import { changeText } from "@/lib/explorer/comparison";
import type { ExplorerData } from "@/lib/explorer/data";
import { configurationHref, type ExplorerView } from "@/lib/explorer/explorer-view";
import { type ChangedPair, type OneChange, oneChanges } from "@/lib/explorer/one-change";
import { hardwareLabel } from "@/lib/explorer/row-words";
import { changeKind, type HistoryPoint, type VersionHistory, versionHistories } from "@/lib/explorer/version-history";
import { formatCount, plural } from "@/lib/format";
import { comparePath } from "@/lib/params/compare-params";
import { type ExplorerQuery, serializeExplorerQuery } from "@/lib/params/explorer-params";
import { configurationSubtitle, lengthsText, shortVersion } from "@/lib/words";

interface ChangesViewProps {
  data: ExplorerData;
  query: ExplorerQuery;
  view: ExplorerView;
  problems: readonly string[];
}

/** Histories shown; the others are counted. */
const MAX_HISTORIES = 30;

/** What each single change was worth where it was measured, and configurations over versions and dates. */
export function ChangesView({ data, query, view, problems }: ChangesViewProps) {
  const changes = oneChanges(view.curves, view.question);
  const histories = versionHistories(view.curves, view.question);
  return (
    <main className="mx-auto w-full max-w-[1440px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <ProblemNotices problems={[...problems, ...data.problems]} className="mb-3" />
      <p className="text-[13px]">
        <a className="link tap" href={`/?${serializeExplorerQuery(query)}`}>
          ← All configurations of {data.model?.displayName ?? "this model"}
        </a>
      </p>
      <h1 className="mt-1 text-[22px] leading-[1.3] sm:text-[26px]">
        What single changes were worth: <strong className="font-[680]">{data.model?.displayName ?? "no model"}</strong>
      </h1>
      <p className="mt-1 max-w-[900px] text-muted">
        {lengthsText(data.workload)} tokens. Throughput of two configurations on the same accelerators that differ in
        one thing, at the loads both were measured at (geometric mean): where a sweep ends says nothing of the server.
        Where settings differ besides, the pair says so: the change is not alone then.
      </p>
      <section aria-labelledby="changes" className="mt-5">
        <h2 id="changes" className="font-semibold text-[17px]">
          Same but one thing
        </h2>
        {changes.length === 0 ? (
          <p className="text-muted">No two configurations here differ in one thing alone.</p>
        ) : (
          changes.map((change) => (
            <ChangeFold
              key={`${change.what} ${change.from} ${change.to}`}
              change={change}
              data={data}
              query={query}
              view={view}
            />
          ))
        )}
      </section>
      <section aria-labelledby="history" className="mt-8">
        <h2 id="history" className="font-semibold text-[17px]">
          Over versions and dates
        </h2>
        <p className="max-w-[900px] text-muted">
          Runs of one source that differ only in the version and what comes with it. ▲ gain, ▼ regression: more than the
          spread of repeats says; ≈ within it; without a sign that error is not known.
        </p>
        {histories.length === 0 && <p className="mt-1 text-muted">Nothing here was measured twice.</p>}
        <div className="mt-2 grid gap-x-8 gap-y-5 lg:grid-cols-2">
          {histories.slice(0, MAX_HISTORIES).map((history) => (
            <History
              key={history.configuration.configurationId}
              history={history}
              data={data}
              query={query}
              view={view}
            />
          ))}
        </div>
        {histories.length > MAX_HISTORIES && (
          <p className="mt-2 text-muted">{plural(histories.length - MAX_HISTORIES, "more")} with fewer points.</p>
        )}
      </section>
    </main>
  );
}

function ChangeFold({ change, data, query, view }: Omit<ChangesViewProps, "problems"> & { change: OneChange }) {
  const { what, from, to, medianRatio, leastRatio, greatestRatio, pairs } = change;
  const isRange = pairs.length > 1;
  return (
    <details className="border-line border-b py-1" data-change={what}>
      <summary className="py-1">
        <span className="text-muted">{what}: </span>
        {shortVersion(from)} → {shortVersion(to)}{" "}
        <strong className="font-semibold">{changeText(medianRatio - 1)}</strong>
        <span className="text-muted">
          {" "}
          {isRange
            ? `median of ${plural(pairs.length, "pair")}, ${changeText(leastRatio - 1)} to ${changeText(greatestRatio - 1)}`
            : "one pair"}
        </span>
      </summary>
      <ul className="mb-2 space-y-1 pl-5 text-[13px]">
        {pairs.map((pair) => (
          <Pair
            key={`${pair.before.curveId} ${pair.after.curveId}`}
            pair={pair}
            data={data}
            query={query}
            view={view}
          />
        ))}
      </ul>
    </details>
  );
}

/** Settings named of a pair; more are counted. */
const MAX_BESIDES = 4;

function Pair({ pair, data, query, view }: Omit<ChangesViewProps, "problems"> & { pair: ChangedPair }) {
  const { before, after, ratio, loads, besides } = pair;
  const ids = [before, after].map(({ configuration }) => configuration.configurationId);
  const more = besides.length - MAX_BESIDES;
  return (
    <li>
      {changeText(ratio - 1)}: {hardwareLabel(data.accelerators, before.configuration)},{" "}
      {configurationSubtitle(before.configuration)} → {configurationSubtitle(after.configuration)}{" "}
      <span className="text-muted">at {plural(loads, "load")}</span>{" "}
      <a
        className="link tap"
        href={comparePath({ query: { ...query, slos: view.question.slos, compare: ids }, baseline: null })}
      >
        side by side
      </a>
      {besides.length > 0 && (
        <div className="text-warn-ink">
          not alone: {besides.slice(0, MAX_BESIDES).join(", ")}
          {more > 0 ? ` and ${more} more` : ""} {besides.length === 1 ? "differs" : "differ"} too
        </div>
      )}
    </li>
  );
}

const SIGNS = { gain: "▲", regression: "▼", withinError: "≈", unknown: "" } as const;
const WORDS = {
  gain: "gain",
  regression: "regression",
  withinError: "within the error",
  unknown: "error not known",
} as const;

function History({ history, data, query, view }: Omit<ChangesViewProps, "problems"> & { history: VersionHistory }) {
  const { configuration, points } = history;
  return (
    <section aria-label={hardwareLabel(data.accelerators, configuration)} data-history={configuration.configurationId}>
      <h3 className="flex items-baseline gap-2 font-semibold">
        <span
          aria-hidden="true"
          className="h-2.5 w-2.5 shrink-0 rounded-[3px]"
          style={{ background: acceleratorColor(configuration.accelerator) }}
        />
        {hardwareLabel(data.accelerators, configuration)}
        <span className="font-normal text-muted">
          {configurationSubtitle({ ...configuration, serverVersion: null })}
        </span>
      </h3>
      <div className="relative overflow-x-auto">
        <table className="data-table">
          <thead>
            <tr>
              <th scope="col" className="text">
                Measured
              </th>
              <th scope="col" className="text">
                Version
              </th>
              <th scope="col">Change</th>
              <th scope="col">Loads in common</th>
            </tr>
          </thead>
          <tbody>
            {points.map((point, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a day may have several runs of one version
              <tr key={index}>
                <th scope="row" className="text whitespace-nowrap">
                  {point.measuredOn?.slice(0, 10)}
                </th>
                <td className="text [overflow-wrap:anywhere]">
                  <a className="hover:underline" href={configurationHref(point.configurationId, query, view)}>
                    {point.version === null ? "not known" : shortVersion(point.version)}
                  </a>
                </td>
                <td className="whitespace-nowrap">
                  {index > 0 && point.against === null ? "–" : <Change point={point} />}
                </td>
                <td>{index === 0 ? "" : formatCount(point.against?.loads ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Change({ point }: { point: HistoryPoint }) {
  const kind = changeKind(point);
  if (kind === null || point.against === null) return null;
  const colour = kind === "gain" ? "text-ok-ink" : kind === "regression" ? "text-warn-ink" : "text-muted";
  return (
    <span className={colour}>
      <span aria-hidden="true">{SIGNS[kind]} </span>
      {changeText(point.against.ratio - 1)}
      <span className="sr-only">, {WORDS[kind]}</span>
    </span>
  );
}
