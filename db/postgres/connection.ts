import pg from "pg";

/** What PostgreSQL's texts cannot hold, and what stands for it: "a character that is not representable" (Unicode, 23.8). */
const NUL = "\0";
const REPLACEMENT = "\uFFFD";

/** A value as PostgreSQL can hold it. */
function storable(value: unknown): unknown {
  if (typeof value === "string") return value.includes(NUL) ? value.replaceAll(NUL, REPLACEMENT) : value;
  return Array.isArray(value) ? value.map(storable) : value;
}

/** A question, with its values as PostgreSQL can hold them. */
function storableQuestion(question: unknown): unknown {
  if (Array.isArray(question)) return storable(question);
  if (typeof question !== "object" || question === null || !("values" in question)) return question;
  return Array.isArray(question.values) ? { ...question, values: storable(question.values) } : question;
}

/** What the driver itself reads for each question. */
interface WithParameters {
  connectionParameters: { query_timeout: number | false };
}

/** A connection that takes every text: U+0000 becomes U+FFFD, in what is stored and in what is asked for. */
export class PostgresConnection extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // Whoever waits for an answer is told; without a listener the whole process would end.
    this.on("error", () => undefined);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    this.query = ((...args: unknown[]) => query(...args.map(storableQuestion))) as typeof this.query;
  }

  /**
   * How long an answer is waited for from now on; `false` for however long it takes.
   * @returns what it was
   */
  answerWithin(ms: number | false): number | false {
    const { connectionParameters } = this as unknown as WithParameters;
    const before = connectionParameters.query_timeout;
    connectionParameters.query_timeout = ms;
    return before;
  }
}
