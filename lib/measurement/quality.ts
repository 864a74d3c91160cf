import { latencyField, METRICS, STATISTICS } from "./latency";
import type { Measurement } from "./measurement";
import { QUANTITIES } from "./quantities";

/** Larger magnitudes are no measurement in any unit we read (milliseconds, tokens/s, counts). */
const MAX_MEASURED_VALUE = 1e15;

/** What a measured value must be and is not; `null` when it may be a measurement. */
export function impossibleValue(value: number): string | null {
  if (!Number.isFinite(value)) return "a finite number";
  if (value < 0) return "0 or more";
  return value > MAX_MEASURED_VALUE ? `a number below ${MAX_MEASURED_VALUE}` : null;
}

/** A value of a measurement that cannot be, with the field it stands in. */
export interface ImpossibleField {
  field: string;
  value: number;
  expected: string;
}

/** Every value of a measurement that cannot be: negative, not finite, beyond any unit, a count with a fraction, or a share above 1. */
export function impossibleFields(measurement: Measurement): ImpossibleField[] {
  const found: ImpossibleField[] = [];
  for (const { field, kind } of QUANTITIES) {
    const value = measurement[field];
    if (value === null) continue;
    const isWhole = kind !== "count" || Number.isInteger(value);
    const isShare = kind !== "share" || value <= 1;
    const expected =
      impossibleValue(value) ?? (isWhole ? null : "a whole number") ?? (isShare ? null : "a share from 0 to 1");
    if (expected !== null) found.push({ field, value, expected });
  }
  for (const metric of METRICS) {
    const statistics = measurement[latencyField(metric)];
    if (statistics === null) continue;
    for (const statistic of STATISTICS) {
      const value = statistics[statistic];
      const expected = value === null ? null : impossibleValue(value);
      if (value !== null && expected !== null) {
        found.push({ field: `${latencyField(metric)}.${statistic}`, value, expected });
      }
    }
  }
  return found;
}
