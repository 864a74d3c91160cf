import type { Accelerator } from "@/lib/catalogue/catalogue";

/**
 * One colour per accelerator, the same everywhere in the product. They come from the catalogue (`colour`), as custom
 * properties of the page: so a part needs no more than an accelerator's id. Vendors sit in families (NVIDIA blue to violet
 * through green, AMD orange to red, Intel teal, Google ochre); within a family neighbours differ in lightness as well as
 * hue, and every curve also carries its name, so no reading depends on hue alone. Pairs are on light and on dark; each has
 * at least 4.5:1 contrast on its background.
 */

/** For accelerators whose row has no colour. */
const NEUTRAL_COLORS: [light: string, dark: string][] = [
  ["#4a5568", "#b0bccd"],
  ["#6b4f8a", "#c3a5e6"],
  ["#2f6b4f", "#83cfab"],
  ["#7a4a4a", "#dba5a5"],
];

function propertyName(acceleratorId: string): string {
  return `--accelerator-${acceleratorId.replace(/[^A-Za-z0-9-]/g, "_")}`;
}

/** Of each further variant of a colour, how much nearer it comes to that of text, percent; the last is still told from it. */
const VARIANT_STEP_PERCENT = 28;
const MAX_MIXED_PERCENT = 60;

/**
 * CSS colour of an accelerator for both themes.
 * @param variant tells configurations of one accelerator apart by lightness
 */
export function acceleratorColor(acceleratorId: string, variant = 0): string {
  const [light, dark] = neutral(acceleratorId);
  const colour = `var(${propertyName(acceleratorId)}, light-dark(${light}, ${dark}))`;
  if (variant === 0) return colour;
  return `color-mix(in oklab, ${colour}, var(--color-ink) ${Math.min(MAX_MIXED_PERCENT, variant * VARIANT_STEP_PERCENT)}%)`;
}

const DASHES = [undefined, "8 4", "2.5 3.5", "11 3 2.5 3"];

/** Dashes of a line, which tell variants apart where lightness does not. */
export function variantDashes(variant = 0): string | undefined {
  return DASHES[variant % DASHES.length];
}

const COLOUR = /^#[0-9a-f]{6}$/;

/** Rule that gives the page the colours of the catalogue; once a page, in its head. */
export function acceleratorColorsCss(accelerators: readonly Accelerator[]): string {
  const lines = accelerators.flatMap(({ id, hardware }) => {
    const { light = "", dark = "" } = hardware?.colour ?? {};
    // Rows of a database are data, not style sheets.
    return COLOUR.test(light) && COLOUR.test(dark) ? [`${propertyName(id)}:light-dark(${light},${dark})`] : [];
  });
  return `:root{${lines.join(";")}}`;
}

/** Colour on light of an accelerator whose row has none. */
export function neutralColour(id: string): string {
  return neutral(id)[0];
}

function neutral(id: string): [light: string, dark: string] {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return NEUTRAL_COLORS[hash % NEUTRAL_COLORS.length] ?? ["#4a5568", "#b0bccd"];
}
