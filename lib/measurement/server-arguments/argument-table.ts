/** A fact of a configuration that an argument states. */
export type ArgumentFact =
  | "model"
  | "servedName"
  | "tensor"
  | "pipeline"
  | "data"
  | "expert"
  | "context"
  | "nodes"
  | "speculative"
  | "speculativeTokens";

/**
 * What an argument is to a configuration. `fact`: said elsewhere in it (parallel sizes, model). `neutral`: changes nothing that is
 * measured (port, log level). `lengths`: follows from the lengths of the workload. `load`: may follow the load that was offered.
 * `setting`: the rest.
 */
export type ArgumentMeaning = "fact" | "neutral" | "lengths" | "load" | "setting";

/** What is known of the arguments of one model server. Names are without leading dashes, as the server documents them. */
export interface ArgumentTable {
  /** How the server separates the words of a name; it takes the other way, too. */
  separator: "-" | "_";
  /** Short and older names, by what they stand for. */
  aliases: Readonly<Record<string, string>>;
  facts: Readonly<Record<string, ArgumentFact>>;
  neutral: ReadonlySet<string>;
  lengths: ReadonlySet<string>;
  load: ReadonlySet<string>;
  /** Arguments that take no value, as far as one needs to know where a positional argument may follow. */
  switches: ReadonlySet<string>;
  /** True where `--no-name` turns `--name` off. */
  hasNegations: boolean;
}

/** The one name an argument goes by: without dashes, words separated as the server does, long. */
export function argumentName(table: ArgumentTable, written: string): string {
  const bare = written.replace(/^-+/, "");
  // Of a step before the server: `trtllm-build --max_batch_size`.
  if (/\s/.test(bare)) return bare;
  const short = Object.hasOwn(table.aliases, bare) ? table.aliases[bare] : undefined;
  if (short !== undefined) return short;
  // After a dot come the names of a document.
  const [first = "", ...inner] = bare.split(".");
  const name = table.separator === "-" ? first.replaceAll("_", "-") : first.replaceAll("-", "_");
  const long = Object.hasOwn(table.aliases, name) ? (table.aliases[name] ?? name) : name;
  return [long, ...inner].join(".");
}

/** What an argument is to a configuration, by its one name. */
export function argumentMeaning(table: ArgumentTable, name: string): ArgumentMeaning {
  if (Object.hasOwn(table.facts, name)) return "fact";
  if (table.neutral.has(name)) return "neutral";
  if (table.lengths.has(name)) return "lengths";
  return table.load.has(name) ? "load" : "setting";
}

/** Names in one text, separated by blanks and line breaks. */
export function names(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((name) => name !== ""));
}
