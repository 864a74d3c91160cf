import { numberParam, type Param } from "./param";

const PERCENT = 100;
/** Digits of a share as percent: enough for any a person types, few enough to hide float noise. */
const DIGITS = 12;

/** A share as an address has it: `0.015` → `1.5`. */
export function percentText(share: number): string {
  return String(Number((share * PERCENT).toPrecision(DIGITS)));
}

/** A share from 0 to 1, in percent in the address; `null` = not given. */
export function shareParam(name: string): Param<number | null> {
  const percent = numberParam(name, { min: 0, max: PERCENT });
  return {
    ...percent,
    read: (texts, refuse) => {
      const value = percent.read(texts, refuse);
      return value === null ? null : Number((value / PERCENT).toPrecision(DIGITS));
    },
    write: (share) => (share === null ? [] : [percentText(share)]),
  };
}
