/** A question asked on the first page, as its tab named it. */
export interface AskedQuestion {
  title: string;
  /** Path and query. */
  address: string;
}

const KEY = "questions";
const MAX_KEPT = 8;

/** Questions asked in this browser, newest first; nothing else knows them. */
export function recentQuestions(): AskedQuestion[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter(
      (item: unknown): item is AskedQuestion =>
        typeof item === "object" &&
        item !== null &&
        "title" in item &&
        typeof item.title === "string" &&
        "address" in item &&
        typeof item.address === "string" &&
        // Addresses of this server alone: what else writes there is not followed.
        item.address.startsWith("/?"),
    );
  } catch {
    return [];
  }
}

/** Keeps a question; one of the same title takes the place of the earlier one. */
export function keepQuestion(asked: AskedQuestion): void {
  try {
    const others = recentQuestions().filter(({ title }) => title !== asked.title);
    window.localStorage.setItem(KEY, JSON.stringify([asked, ...others].slice(0, MAX_KEPT)));
  } catch {
    // A browser that keeps nothing.
  }
}
