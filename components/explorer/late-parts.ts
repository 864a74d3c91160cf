import { askedForAtOnce } from "@/components/late";

/**
 * Parts of the explorer beside question and ranking, as the browser has them: their scripts come after the page can be used. The
 * server has them from `parts-at-once.ts`; which of the two is `#explorer-parts` stands in `package.json`.
 */

/** One script: in one each they would carry twice what they share. */
const parts = () => import("./parts-at-once");

const LateAnswerSection = askedForAtOnce(() => parts().then((module) => module.AnswerSection));
const LateChartPart = askedForAtOnce(() => parts().then((module) => module.ChartPart));
const LateCompareTray = askedForAtOnce(() => parts().then((module) => module.CompareTray));
const LateHighlightNotice = askedForAtOnce(() => parts().then((module) => module.HighlightNotice));
const LateLiveRefresh = askedForAtOnce(() => parts().then((module) => module.LiveRefresh));
const LateNotices = askedForAtOnce(() => parts().then((module) => module.Notices));
const LateOutsideRanking = askedForAtOnce(() => parts().then((module) => module.OutsideRanking));
const LateRankingFoot = askedForAtOnce(() => parts().then((module) => module.RankingFoot));

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
