/** What a person is likely to answer when a report lacks a fact. */
export interface FactSuggestions {
  /** For names on screen. */
  accelerators: { id: string; name: string; shortName: string }[];
  /** Likely values, most used first, by the fact's key in `iq.yaml`. */
  values: Readonly<Partial<Record<string, string[]>>>;
}
