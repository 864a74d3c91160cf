import { readdirSync } from "node:fs";
import path from "node:path";
import { AGAINST_OTHER_RUNS, BEATS_MEMORY_BANDWIDTH, flagOutliers } from "../../../../lib/frontier/outliers";
import { readReports } from "../../../../lib/ingest/read-reports";
import { CHECKS } from "../../../../lib/measurement/checks/all-checks";
import type { Measurement } from "../../../../lib/measurement/measurement";
import type { QualityFlag } from "../../../../lib/measurement/quality-flags";
import { filesUnder, publicReports } from "../../ingest/support";
import { shippedCatalogue, shippedReading, shippedRuns } from "../../shipped-figures";

/** How often each caveat stands in a set of load points. */
interface Counts {
  points: number;
  byFlag: ReadonlyMap<QualityFlag, number>;
}

function countsOf(points: readonly Pick<Measurement, "qualityFlags">[]): Counts {
  const byFlag = new Map<QualityFlag, number>();
  for (const { qualityFlags } of points) for (const flag of qualityFlags) byFlag.set(flag, (byFlag.get(flag) ?? 0) + 1);
  return { points: points.length, byFlag };
}

/** Reports of others, each tool's folder read as a person would name it; what they do not say is filled in. */
function publicPoints() {
  const catalogue = shippedCatalogue();
  return readdirSync(publicReports, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const given = { model: "example-org/Example-8B", accelerator: "h100-sxm-80gb", acceleratorCount: 8 };
      return readReports(filesUnder(path.join(publicReports, name)), given, catalogue).runs;
    })
    .flatMap(({ points }) => points);
}

const OUTLIERS = [
  {
    flag: BEATS_MEMORY_BANDWIDTH,
    asks: "Does decoding take at least the time it takes to read the active weights from memory once?",
    tolerance: "none; not asked of speculative decoding",
    source: "each token of a request needs every active weight read: active weight bytes ÷ (bandwidth × accelerators)",
  },
  {
    flag: AGAINST_OTHER_RUNS,
    asks: "Is TPOT in line with other runs of the same configuration and workload?",
    tolerance: "30% below one that carried a quarter of the load or less",
    source: "TPOT rises with the load; one of the two is wrong",
  },
] as const;

/** The rows of the table of checks: what each asks and how often it speaks, as texts. */
export function checkRows(): string[][] {
  const shipped = countsOf(shippedReading().runs.flatMap(({ points }) => points));
  const outliers = countsOf(flagOutliers(shippedRuns(), shippedCatalogue()).flatMap(({ points }) => points));
  const reports = countsOf(publicPoints());
  const share = ({ byFlag, points }: Counts, flag: QualityFlag) => `${byFlag.get(flag) ?? 0} of ${points}`;
  return [
    ...CHECKS.map(({ flag, consequence, asks, tolerance, source }) => [
      ...[`\`${flag}\``, asks, consequence, tolerance, source],
      ...[share(shipped, flag), share(reports, flag)],
    ]),
    ...OUTLIERS.map(({ flag, asks, tolerance, source }) => [
      ...[`\`${flag}\``, asks, "doubt, found when an answer is made", tolerance, source],
      ...[share(outliers, flag), "not asked"],
    ]),
  ];
}
