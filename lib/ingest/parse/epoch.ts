import { MS_PER_SECOND } from "../../units";
import { numberOf } from "./fields";

/** 2020-01-01: no report we read is older; an earlier time comes from a clock that was not set. */
const EARLIEST_EPOCH_S = 1_577_836_800;

/** 2100-01-01: a later time is in another unit. */
const LATEST_EPOCH_S = 4_102_444_800;

/** Seconds since 1970 as an ISO date-time in UTC; `null` for anything that cannot be the time of a measurement. */
export function isoOfEpochSeconds(value: unknown): string | null {
  const seconds = numberOf(value);
  if (seconds === null || !(seconds >= EARLIEST_EPOCH_S && seconds < LATEST_EPOCH_S)) return null;
  return new Date(Math.round(seconds * MS_PER_SECOND)).toISOString();
}
