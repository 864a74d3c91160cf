import fc from "fast-check";

/** Sizes of the pieces something is cut into, one after the other and over again. */
export const PIECES = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

export function inPieces(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let from = 0, turn = 0; from < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(text.slice(from, from + size));
    from += size;
  }
  return pieces;
}

/** The same of its UTF-8 bytes: a piece may end inside a character. */
export function bytesInPieces(text: string, sizes: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(from, from + size));
    from += size;
  }
  return pieces;
}
