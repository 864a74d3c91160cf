import type { Grade } from "../selection/grades";

/** A mark, a word and what it means, for each grade. */
export const GRADE_WORDS: Readonly<Record<Grade, { sign: string; word: string; meaning: string }>> = {
  measured: { sign: "●", word: "measured", meaning: "stands in a report" },
  interpolated: {
    sign: "○",
    word: "interpolated",
    meaning: "between two measured loads of one curve, with the error to expect",
  },
  bounded: { sign: "◐", word: "bounded", meaning: "a higher percentile stands in for the one that was asked" },
  atLeast: {
    sign: "▸",
    word: "at least",
    meaning: "the highest load measured still met the targets: it delivers at least that and costs at most that",
  },
  estimated: {
    sign: "≈",
    word: "estimated",
    meaning: "a percentile from the mean or median of the same load, or between loads more than 8 times apart",
  },
};
