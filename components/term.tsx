import { partsWithTerms } from "@/lib/explorer/terms";

/** A text whose terms say what they mean on hover, focus and tap. `explained` = meanings said nearby already. */
export function WithTerms({ text, explained }: { text: string; explained: Set<string> }) {
  return (
    <>
      {partsWithTerms(text, explained).map((part) =>
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
