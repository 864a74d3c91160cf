/** One value of an option as people read it. */
export interface OptionLabel {
  /** A few words, for a list to choose from. */
  label: string;
  /** What it means and what it needs, one line. */
  help: string;
}
