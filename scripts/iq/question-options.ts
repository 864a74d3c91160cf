import type { Command } from "commander";
import { DEFAULT_QUESTION } from "../../lib/answer/answer";
import { PRICE_KINDS, type PriceKind, type Slo } from "../../lib/domain";
import type { Question, RankBy } from "../../lib/selection/types";
import { headroomShare, oneMoreSlo, oneOf, positiveNumber, rankBy } from "./parse-options";

/** What `rank` and `manifests create` ask alike. */
export interface QuestionOptions {
  slo: Slo[];
  demand?: number;
  headroom?: number;
  priceKind?: PriceKind;
  provider?: string;
  region?: string;
  usdPerAcceleratorHour?: number;
  rankBy?: RankBy;
  measuredOnly?: boolean;
  includeOutliers?: boolean;
}

/** Adds the flags of a question to a command. */
export function withQuestionOptions(command: Command): Command {
  return command
    .option(
      "--slo <target>",
      "metric:statistic:limit, in ms or with s, e.g. ttft:p95:500 or ttft:p95:2s; may be repeated",
      oneMoreSlo,
      [],
    )
    .option("--qps, --demand <n>", "demand in requests per second", positiveNumber)
    .option("--headroom <share>", "share of capacity kept free, e.g. 0.2 or 20%", headroomShare)
    .option("--price-kind <kind>", PRICE_KINDS.join(", "), oneOf(PRICE_KINDS))
    .option("--provider <name>", "only this provider's prices")
    .option("--region <name>", "only this region's prices")
    .option("--usd-per-accelerator-hour <usd>", "your own price, instead of every offer", positiveNumber)
    .option("--measured-only", "leave out derived throughput")
    .option("--include-outliers", "let points flagged as outliers take part");
}

/** Adds the flag that orders an answer. */
export function withRankBy(command: Command): Command {
  return command.option(
    "--rank-by <order>",
    "cost, throughput-per-accelerator, fewest-accelerators or latency",
    rankBy,
  );
}

/** The question the flags ask; what was not said is as on the page. */
export function questionFrom(options: QuestionOptions): Question {
  return {
    slos: options.slo,
    demandRequestsPerSecond: options.demand ?? null,
    headroom: options.headroom ?? DEFAULT_QUESTION.headroom,
    price: {
      provider: options.provider ?? null,
      region: options.region ?? null,
      kind: options.priceKind ?? DEFAULT_QUESTION.price.kind,
      ownUsdPerAcceleratorHour: options.usdPerAcceleratorHour ?? null,
    },
    rankBy: options.rankBy ?? DEFAULT_QUESTION.rankBy,
    measuredOnly: options.measuredOnly === true,
    includeOutliers: options.includeOutliers === true,
    kneeShare: DEFAULT_QUESTION.kneeShare,
  };
}
