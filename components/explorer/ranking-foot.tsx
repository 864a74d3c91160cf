import type { ComponentProps } from "react";
import { GRADE_WORDS } from "@/lib/explorer/grade-words";
import { formatPercent } from "@/lib/format";
import { DERIVED_TOO_HIGH } from "@/lib/measurement/derived-throughput";
import { GRADES } from "@/lib/selection/grades";
import { RankingDownloads } from "./export-buttons";

/** Below the ranking: its rows for elsewhere, and what its signs say. */
export function RankingFoot(props: ComponentProps<typeof RankingDownloads>) {
  return (
    <>
      <RankingDownloads {...props} />
      <p className="mt-3 text-[12.5px] text-muted">
        {GRADES.map(
          (grade) => `${GRADE_WORDS[grade].sign} ${GRADE_WORDS[grade].word}: ${GRADE_WORDS[grade].meaning}.`,
        ).join(" ")}{" "}
        <em>derived</em>: throughput computed from latencies, not measured; where both were, it is{" "}
        {formatPercent(DERIVED_TOO_HIGH)} too high in the median. Every row opens its load points and sources.
      </p>
    </>
  );
}
