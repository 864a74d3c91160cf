import { askedForAtOnce } from "@/components/late";

/**
 * Parts of the explorer beside question and ranking, as the browser has them: their scripts come after the page can be used. The
 * server has them from `parts-at-once.ts`; which of the two is `#explorer-parts` stands in `package.json`.
 */

const LateAnswerSection = askedForAtOnce(() => import("./answer").then((module) => module.AnswerSection));
const LateChartPart = askedForAtOnce(() => import("./chart-part").then((module) => module.ChartPart));
const LateCompareTray = askedForAtOnce(() => import("./compare-tray").then((module) => module.CompareTray));
const LateHighlightNotice = askedForAtOnce(() => import("./highlight-notice").then((module) => module.HighlightNotice));
const LateLiveRefresh = askedForAtOnce(() => import("../live-refresh").then((module) => module.LiveRefresh));
const LateNotices = askedForAtOnce(() => import("./notices").then((module) => module.Notices));
const LateOutsideRanking = askedForAtOnce(() => import("./outside-ranking").then((module) => module.OutsideRanking));
const LateRankingFoot = askedForAtOnce(() => import("./ranking-foot").then((module) => module.RankingFoot));

export {
  LateAnswerSection as AnswerSection,
  LateChartPart as ChartPart,
  LateCompareTray as CompareTray,
  LateHighlightNotice as HighlightNotice,
  LateLiveRefresh as LiveRefresh,
  LateNotices as Notices,
  LateOutsideRanking as OutsideRanking,
  LateRankingFoot as RankingFoot,
};
