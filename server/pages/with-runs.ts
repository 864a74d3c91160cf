import type { Configuration, Run } from "../../lib/domain";
import type { ExplorerData } from "../../lib/explorer/data";
import { explorerCurves, explorerView, withAxes, withTargets } from "../../lib/explorer/explorer-view";
import { packRuns } from "../../lib/explorer/pack-runs";
import { settingDistinctions } from "../../lib/explorer/setting-distinctions";
import { configurationsKept, saysTheSame, summaryOf } from "../../lib/explorer/summarise";
import { MAX_WHOLE_POINTS } from "../../lib/explorer/summary";
import { loadCurves } from "../../lib/frontier/curve";
import { withKeptOffReasons } from "../../lib/frontier/kept-off";
import type { LoadCurve } from "../../lib/frontier/load-curve";
import { flagOutliers } from "../../lib/frontier/outliers";
import { withTdp } from "../../lib/frontier/tdp";
import { flagLabel } from "../../lib/measurement/quality-flags";

/** Runs with their outliers flagged, and their curves. */
interface Judged {
  runs: readonly Run[];
  curves: LoadCurve[];
}

/** Of runs that are kept from one question to the next. */
const JUDGED = new WeakMap<readonly Run[], Judged>();

/**
 * A page's data with the runs it shows: all of them, or, of very many that no reader asked to see, those its answer rests on, with
 * what it has to know of the others. Of a summary the page makes the same rows and frontiers as of all, which is looked at here.
 */
export function withRuns(
  data: ExplorerData,
  read: readonly Run[],
  isDeployable: (configuration: Configuration) => boolean,
): ExplorerData {
  const { runs, curves } = judged(data, read);
  const distinctions = settingDistinctions(runs.map(({ configuration }) => configuration));
  const points = runs.reduce((sum, run) => sum + run.points.length, 0);
  const summarised =
    points > MAX_WHOLE_POINTS && !data.query.showAll ? withSummary(data, runs, curves, isDeployable) : null;
  if (summarised !== null) {
    const ids = new Set(summarised.runs.configurations.map(({ configurationId }) => configurationId));
    return {
      ...summarised,
      distinctions: Object.fromEntries(Object.entries(distinctions).filter(([id]) => ids.has(id))),
    };
  }
  return {
    ...data,
    runs: packRuns(runs),
    distinctions,
    deployable: deployableAmong(runs, isDeployable),
    ...wordsOf(curves),
  };
}

function judged(data: ExplorerData, runs: readonly Run[]): Judged {
  const known = JUDGED.get(runs);
  if (known !== undefined) return known;
  const flagged = flagOutliers(runs, { models: data.catalogueModels, accelerators: data.accelerators });
  const made = { runs: flagged, curves: withTdp(withKeptOffReasons(loadCurves(flagged)), data.accelerators) };
  JUDGED.set(runs, made);
  return made;
}

/** What only the server has words for: why curves are kept off, and the caveats of their figures. */
function wordsOf(curves: readonly LoadCurve[]): Pick<ExplorerData, "keptOff" | "caveats"> {
  const flags = new Set(curves.flatMap(({ points }) => points.flatMap(({ qualityFlags }) => qualityFlags)));
  return {
    keptOff: Object.fromEntries(
      curves.flatMap(({ curveId, keptOff }) => (keptOff === undefined ? [] : [[curveId, keptOff]])),
    ),
    caveats: Object.fromEntries([...flags].sort().map((flag) => [flag, flagLabel(flag)])),
  };
}

function deployableAmong(runs: readonly Run[], isDeployable: (configuration: Configuration) => boolean): string[] {
  const configurations = new Map(runs.map(({ configuration }) => [configuration.configurationId, configuration]));
  return [...configurations.values()].filter(isDeployable).map(({ configurationId }) => configurationId);
}

/** The data with a part of the runs; `null` where the page would say something else of them than of all. */
function withSummary(
  data: ExplorerData,
  runs: readonly Run[],
  curves: LoadCurve[],
  isDeployable: (configuration: Configuration) => boolean,
): ExplorerData | null {
  const whole = withAxes(curves, data.query.highlight);
  const query = withTargets(data.query, whole);
  const view = explorerView(data, whole, query);
  const kept = configurationsKept(view, query.highlight, ({ curve }) => isDeployable(curve.configuration));
  const some = runs.filter(({ configuration }) => kept.has(configuration.configurationId));
  const part: ExplorerData = {
    ...data,
    runs: packRuns(some),
    summary: summaryOf(view, whole.first),
    deployable: deployableAmong(some, isDeployable),
    ...wordsOf(curves.filter(({ configuration }) => kept.has(configuration.configurationId))),
  };
  return saysTheSame(view, explorerView(part, explorerCurves(part), query), kept) ? part : null;
}
