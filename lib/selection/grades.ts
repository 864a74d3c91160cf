/** How far a number can be trusted, the best first. The grade of a number is the worst of what it was made from. */
export const GRADES = ["measured", "interpolated", "bounded", "atLeast", "estimated"] as const;
export type Grade = (typeof GRADES)[number];
