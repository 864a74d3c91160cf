import { InvalidArgumentError } from "commander";
import type { Slo } from "../../lib/domain";
import { parseSlo } from "../../lib/selection/slo";
import { RANKINGS, type RankBy } from "../../lib/selection/types";

const PERCENT = 100;
/** As in the URL: more would leave next to nothing of a replica. */
const MAX_HEADROOM = 0.9;

/** `8` → 8. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a whole number above 0");
}

/** `0.5` → 0.5. */
export function positiveNumber(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a number above 0");
}

/** `0.2`, `20%` and `20` → 0.2. */
export function headroomShare(text: string): number {
  const percent = text.endsWith("%");
  const digits = percent ? text.slice(0, -1) : text;
  const number = digits.trim() === "" ? Number.NaN : Number(digits);
  const share = percent || number >= 1 ? number / PERCENT : number;
  if (share >= 0 && share <= MAX_HEADROOM) return share;
  throw new InvalidArgumentError("expected a share from 0 to 0.9, e.g. 0.2 or 20%");
}

/** One more `metric:statistic:limit` to those before it. */
export function oneMoreSlo(text: string, before: Slo[]): Slo[] {
  const parsed = parseSlo(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.error);
  return [...before, parsed.value];
}

/** `throughput-per-accelerator` and `throughputPerAccelerator` alike. */
export function rankBy(text: string): RankBy {
  const camel = text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const known = RANKINGS.find((item) => item === camel);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`expected one of ${RANKINGS.join(", ")}`);
}

/** Allowed values, with the error commander prints. */
export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const known = allowed.find((item) => item === text);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`expected one of ${allowed.join(", ")}`);
  };
}
