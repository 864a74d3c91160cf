/** The parts of `late-parts.ts` as the server writes them: as they are. */

// biome-ignore lint/performance/noBarrelFile: no way into other files but the other half of `late-parts.ts`
export { LiveRefresh } from "../live-refresh";
export { AnswerSection } from "./answer";
export { ChartPart } from "./chart-part";
export { CompareTray } from "./compare-tray";
export { HighlightNotice } from "./highlight-notice";
export { Notices } from "./notices";
export { OutsideRanking } from "./outside-ranking";
export { RankingFoot } from "./ranking-foot";
