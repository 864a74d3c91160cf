import { InvalidArgumentError } from "commander";
import { settingsFromText } from "../../lib/ingest/facts/settings-text";
import type { SettingGroup, SettingValues } from "../../lib/measurement/settings";

/** `8` → 8. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a whole number above 0");
}

/** Allowed values, with the error commander prints. */
export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const known = allowed.find((item) => item === text);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`expected one of ${allowed.join(", ")}`);
  };
}

/** Settings of a group, as one text. */
export function settingsOption(group: SettingGroup): (text: string) => SettingValues {
  return (text) => {
    const settings = settingsFromText(group, text);
    if (settings.ok) return settings.value;
    throw new InvalidArgumentError(`expected ${settings.error}`);
  };
}
