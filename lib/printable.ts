/** Control characters, which a page would carry as they are; tabs and line breaks it shows as blanks. */
const CONTROL_CHARACTERS = /[^\P{Cc}\t\n\r]/gu;

/** A text out of an address as a page may show it: � for each control character. */
export function printable(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, "\uFFFD");
}
