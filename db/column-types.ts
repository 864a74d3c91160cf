import { customType } from "drizzle-orm/sqlite-core";
import type { z } from "zod";
import type { AcceleratorHardware, Model } from "../lib/catalogue/catalogue";
import { flagFromText, type QualityFlag } from "../lib/measurement/quality-flags";
import { canonicalSettings, type SettingValues } from "../lib/measurement/settings";

/** Values that stand in one column as text, and their text forms, which the files of data/ share. */

/** Separates list items in one text column; no alias or flag contains it. */
const LIST_SEPARATOR = ";";

/** `"a;b"` → `["a", "b"]`; `""` → `[]`. */
export function listFromText(text: string): string[] {
  return text === "" ? [] : text.split(LIST_SEPARATOR);
}

/** `["a", "b"]` → `"a;b"`. */
export function textFromList(items: readonly string[]): string {
  return items.join(LIST_SEPARATOR);
}

/** Caveats as they are stored. */
export function flagsFromText(text: string): QualityFlag[] {
  return listFromText(text).map(flagFromText);
}

/** `fp4=owner/name;fp8=owner/other` as pairs; a piece without `=` is dropped (the reader of the file refuses it). */
export function checkpointsFromText(text: string): Model["quantisedCheckpoints"] {
  return text.split(LIST_SEPARATOR).flatMap((piece) => {
    const [precision = "", checkpoint = ""] = piece.split("=");
    return precision === "" || checkpoint === "" ? [] : [{ precision, checkpoint }];
  });
}

/** `Intel;6;143` as the parts it is made of; `null` for any other text. */
export function cpuModelFromText(text: string): AcceleratorHardware["cpuModel"] {
  const [vendor, family, model, ...others] = listFromText(text);
  return vendor && family && model && others.length === 0 ? { vendor, family, model } : null;
}

/** `#0b5cad;#5fa8f0` as the colours on light and on dark; `null` for any other text. */
export function colourFromText(text: string): AcceleratorHardware["colour"] {
  const [light, dark, ...others] = listFromText(text);
  return light && dark && others.length === 0 ? { light, dark } : null;
}

/** A text column that is read and written as a value. */
function asText<T>(read: (text: string) => T, write: (value: T) => string) {
  return customType<{ data: T; driverData: string | null }>({
    dataType: () => "text",
    fromDriver: (text) => read(text ?? ""),
    // A prepared statement hands NULL over, too.
    toDriver: (value) => (value === null ? null : write(value)),
  });
}

export const list = asText(listFromText, textFromList);

export const flags = asText(flagsFromText, textFromList);

export const checkpoints = asText(checkpointsFromText, (pairs) =>
  textFromList(pairs.map(({ precision, checkpoint }) => `${precision}=${checkpoint}`)),
);

export const cpuModel = asText(cpuModelFromText, (cpu) =>
  cpu === null ? "" : textFromList([cpu.vendor, cpu.family, cpu.model]),
);

export const colour = asText(colourFromText, (pair) => (pair === null ? "" : textFromList([pair.light, pair.dark])));

/** Settings as JSON, names in order. */
export const settings = asText<SettingValues>(settingsFromText, JSON.stringify);

/** @throws where the column holds something no program of ours writes */
function settingsFromText(text: string): SettingValues {
  const values = canonicalSettings(JSON.parse(text));
  if (values === null) throw new Error("A configuration's settings are no set of values by name.");
  return values;
}

/** JSON of a shape that is checked when it is read. */
export function json<T>(shape: z.ZodType<T>) {
  return asText<T>((text) => shape.parse(JSON.parse(text)), JSON.stringify)();
}
