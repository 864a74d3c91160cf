import { BACKSLASH, CARRIAGE_RETURN, LINE_FEED, QUOTE, SPACE, TAB } from "./characters";
/** What every scan over the text of JSON needs to know, characters given by their codes. */

/** Index of the quote that closes the string opened at `start`, or the text's length. */
export function stringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === BACKSLASH) index++;
    else if (character === QUOTE) return index;
  }
  return text.length;
}

/** Space as JSON has it. */
export function isSpace(character: number): boolean {
  return character === SPACE || character === TAB || character === CARRIAGE_RETURN || character === LINE_FEED;
}
