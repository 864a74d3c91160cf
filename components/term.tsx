import type { TextPart } from "@/lib/explorer/terms";

/** A text, cut where it has terms, whose terms say what they mean on hover, focus and tap. */
export function WithTerms({ parts }: { parts: readonly TextPart[] }) {
  return (
    <>
      {parts.map((part) =>
        part.meaning === null ? (
          part.text
        ) : (
          <button
            key={`${part.text}${part.meaning}`}
            type="button"
            className="term"
            data-meaning={part.meaning}
            aria-description={part.meaning}
          >
            {part.text}
          </button>
        ),
      )}
    </>
  );
}
