import { MAX_SETTINGS_TEXT_LENGTH } from "../../limits";
import {
  canonicalEnvironment,
  canonicalSettings,
  isSettings,
  type SettingGroup,
  type SettingValues,
} from "../../measurement/settings";
import { ok, type Result, refused } from "../../result";

/** Settings of a group in the one form they are stored in; `null` where they cannot be settings. */
export function canonicalGroup(group: SettingGroup, value: unknown): SettingValues | null {
  return group === "environment" ? canonicalEnvironment(value) : canonicalSettings(value);
}

/** What settings look like where somebody writes them in one line. */
export const SETTINGS_FORM = 'settings as JSON, e.g. {"max-num-seqs": 256}, or {} for the defaults';

/** Settings as a person writes them in one line: JSON by name. @returns the settings, or as the error what was expected */
export function settingsFromText(group: SettingGroup, text: string): Result<SettingValues> {
  if (text.length > MAX_SETTINGS_TEXT_LENGTH) return refused(`at most ${MAX_SETTINGS_TEXT_LENGTH} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(SETTINGS_FORM);
  }
  const settings = isSettings(value) ? canonicalGroup(group, value) : null;
  return settings === null ? refused(SETTINGS_FORM) : ok(settings);
}
