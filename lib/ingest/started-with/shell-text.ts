/** One simple command of a shell text: assignments before it, and its words. Nothing in it was run. */
export interface ShellCommand {
  /** `NAME=value` before the first word, in order. */
  assignments: [name: string, value: string][];
  words: string[];
  /** The assignments hold for every command after it. */
  isExport: boolean;
}

/** A shell text taken apart. */
export interface ShellText {
  commands: ShellCommand[];
  /** What `cat > file <<EOF` writes, by the file's name. */
  files: Map<string, string>;
  /** Variables that are used and that nobody sets here. */
  unknownVariables: Set<string>;
  /** Variables the text itself puts in: parameters of a script. */
  usedVariables: Set<string>;
}

/** Words of one text. */
const MAX_WORDS = 20_000;
/** Characters of all words together: a variable used again and again must not multiply the text. */
const MAX_EXPANDED_LENGTH = 1_000_000;
/** Characters a variable may hold. */
const MAX_VARIABLE_LENGTH = 20_000;

/** What stands for a part of a word that only running it would tell. */
export const UNKNOWN_PART = "\u0000";

/** Where an unquoted variable or a list falls into several words. */
const WORD_BREAK = "\u0001";

/** Too long to be how a server is started. */
export class TooLongError extends Error {}

/**
 * Takes a shell text apart into simple commands: quotes, escapes, continued lines, comments and here-documents. Variables that the
 * text itself sets to a plain value are put in; nothing is run or looked up. Linear in the text.
 * @throws TooLongError
 */
export function shellText(text: string): ShellText {
  return new ShellReader(text).read();
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const DECLARATIONS: ReadonlySet<string> = new Set(["export", "declare", "local", "readonly"]);

class ShellReader {
  private at = 0;
  private readonly commands: ShellCommand[] = [];
  private readonly files = new Map<string, string>();
  private readonly variables = new Map<string, string>();
  private readonly unknownVariables = new Set<string>();
  private readonly usedVariables = new Set<string>();
  private words: string[] = [];
  private wordCount = 0;
  private expanded = 0;
  /** Here-documents whose text begins on the next line. */
  private heredocs: { end: string; stripsTabs: boolean }[] = [];
  private outputTo: string | null = null;

  constructor(private readonly text: string) {}

  read(): ShellText {
    while (this.at < this.text.length) this.step();
    this.endCommand();
    return {
      commands: this.commands,
      files: this.files,
      unknownVariables: this.unknownVariables,
      usedVariables: this.usedVariables,
    };
  }

  private step(): void {
    const rest = this.text[this.at] ?? "";
    if (rest === "\\" && /^\\[ \t]*\r?\n/.test(this.text.slice(this.at, this.at + 50))) this.at = this.afterLine();
    else if (rest === "\n") this.endLine();
    else if (/\s/.test(rest)) this.at++;
    else if (rest === "#") this.at = this.endOfLine();
    else if (rest === "(" && this.beginsList()) this.list();
    else if (/[;|&(){}]/.test(rest) && this.isOperator(rest)) {
      this.at++;
      this.endCommand();
    } else if (/[<>]/.test(rest) || /^\d[<>]/.test(this.text.slice(this.at, this.at + 2))) this.redirection();
    else this.word();
  }

  /** A brace alone is an operator; `{"a": 1}` unquoted and `{concurrency}` are words. */
  private isOperator(character: string): boolean {
    if (character !== "{" && character !== "}") return true;
    return /^[{}](?:\s|;|$)/.test(this.text.slice(this.at, this.at + 2));
  }

  private endOfLine(): number {
    const end = this.text.indexOf("\n", this.at);
    return end < 0 ? this.text.length : end;
  }

  private afterLine(): number {
    return Math.min(this.endOfLine() + 1, this.text.length);
  }

  private endLine(): void {
    this.at++;
    const documents = this.heredocs;
    const target = this.outputTo;
    this.heredocs = [];
    for (const { end, stripsTabs } of documents) {
      const lines: string[] = [];
      while (this.at < this.text.length) {
        const line = this.text.slice(this.at, this.endOfLine()).replace(/\r$/, "");
        this.at = this.afterLine();
        const bare = stripsTabs ? line.replace(/^\t+/, "") : line;
        if (bare.trim() === end) break;
        lines.push(bare);
      }
      if (target !== null) this.files.set(target, lines.map((line) => this.withVariables(line)).join("\n"));
    }
    this.endCommand();
  }

  private redirection(): void {
    if (/\d/.test(this.text[this.at] ?? "")) this.at++;
    const operator = /^(?:<<<|<<-?|>>|>\||>&|<&|&>|[<>])/.exec(this.text.slice(this.at, this.at + 3))?.[0] ?? ">";
    this.at += operator.length;
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at++;
    const target = this.rawWord();
    if (operator === "<<" || operator === "<<-") {
      this.heredocs.push({ end: target, stripsTabs: operator === "<<-" });
    } else if (operator === ">" || operator === ">>") this.outputTo = target;
  }

  private word(): void {
    const start = this.at;
    const text = this.rawWord();
    // Nothing was taken: a character with no meaning here.
    if (this.at === start) {
      this.at++;
      return;
    }
    if (ASSIGNMENT.test(text) && this.words.every((word) => ASSIGNMENT.test(word) || DECLARATIONS.has(word))) {
      this.add(text.replaceAll(WORD_BREAK, " "));
    } else if (!text.includes(WORD_BREAK)) this.add(text);
    else for (const word of text.split(WORD_BREAK)) if (word !== "") this.add(word);
  }

  private add(word: string): void {
    if (++this.wordCount > MAX_WORDS) throw new TooLongError(`more than ${MAX_WORDS} words`);
    this.words.push(word);
  }

  /** `NAME=(` begins a list. */
  private beginsList(): boolean {
    return this.text[this.at - 1] === "=" && /^[A-Za-z_]\w*\+?=$/.test(this.words.at(-1) ?? "");
  }

  private list(): void {
    const name = (this.words.pop() ?? "").replace(/\+?=$/, "");
    const isAppended = this.text[this.at - 2] === "+";
    this.at++;
    const items: string[] = [];
    while (this.at < this.text.length && this.text[this.at] !== ")") {
      const character = this.text[this.at] ?? "";
      if (character === "#") this.at = this.endOfLine();
      else if (/[\s;|&(<>]/.test(character)) this.at++;
      else items.push(this.rawWord());
    }
    this.at++;
    const before = isAppended ? (this.variables.get(name) ?? "") : "";
    this.setVariable(name, [...(before === "" ? [] : [before]), ...items].join(WORD_BREAK));
  }

  private setVariable(name: string, value: string): void {
    if (value.length <= MAX_VARIABLE_LENGTH && !value.includes(UNKNOWN_PART)) this.variables.set(name, value);
    else this.variables.delete(name);
  }

  /** The word that begins here, quotes resolved. */
  private rawWord(): string {
    const parts: string[] = [];
    while (this.at < this.text.length) {
      const character = this.text[this.at] ?? "";
      if (/[\s;|&()<>]/.test(character)) break;
      if (character === "'") parts.push(this.singleQuoted());
      else if (character === '"') parts.push(this.doubleQuoted());
      else if (character === "\\") {
        if (/^\\\r?\n/.test(this.text.slice(this.at, this.at + 3))) this.at = this.afterLine();
        else {
          parts.push(this.text[this.at + 1] ?? "");
          this.at += 2;
        }
      } else if (character === "$" || character === "`") parts.push(this.expansion().replace(/\s+/g, WORD_BREAK));
      else {
        const plain = /^[^\s;|&()<>'"\\$`]+/.exec(this.text.slice(this.at, this.at + 4096))?.[0] ?? character;
        parts.push(plain);
        this.at += plain.length;
      }
    }
    return this.counted(parts.join(""));
  }

  private singleQuoted(): string {
    const end = this.text.indexOf("'", this.at + 1);
    const close = end < 0 ? this.text.length : end;
    const inside = this.text.slice(this.at + 1, close);
    this.at = close + 1;
    return inside;
  }

  private doubleQuoted(): string {
    this.at++;
    const parts: string[] = [];
    while (this.at < this.text.length && this.text[this.at] !== '"') {
      const character = this.text[this.at] ?? "";
      if (character === "\\") {
        const next = this.text[this.at + 1] ?? "";
        if (next === "\n") parts.push("");
        else parts.push(/["\\$`]/.test(next) ? next : `\\${next}`);
        this.at += 2;
      } else if (character === "$" || character === "`") parts.push(this.expansion());
      else {
        const plain = /^[^"\\$`]+/.exec(this.text.slice(this.at, this.at + 4096))?.[0] ?? character;
        parts.push(plain);
        this.at += plain.length;
      }
    }
    this.at++;
    return parts.join("");
  }

  /** A variable, or something only running it would tell. */
  private expansion(): string {
    const window = this.text.slice(this.at, this.at + 300);
    const simple = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:\[[@*]\])?\}|\{([A-Za-z_]\w*):?-([^}$`]*)\})/.exec(window);
    if (simple !== null) {
      this.at += simple[0].length;
      return this.variable(simple[1] ?? simple[2] ?? simple[3] ?? "", simple[4]);
    }
    if (window.startsWith("$'")) {
      this.at++;
      return this.singleQuoted();
    }
    if (window.startsWith("$(")) {
      this.at = this.closing("(", ")", this.at + 1);
      return UNKNOWN_PART;
    }
    if (window.startsWith("${")) {
      this.at = this.closing("{", "}", this.at + 1);
      return UNKNOWN_PART;
    }
    if (window.startsWith("`")) {
      const end = this.text.indexOf("`", this.at + 1);
      this.at = end < 0 ? this.text.length : end + 1;
      return UNKNOWN_PART;
    }
    const special = /^\$[@*#?\d!$-]/.exec(window)?.[0] ?? "$";
    this.at += special.length;
    return special === "$" ? "$" : UNKNOWN_PART;
  }

  private closing(open: string, close: string, from: number): number {
    let depth = 0;
    for (let at = from; at < this.text.length; at++) {
      if (this.text[at] === open) depth++;
      else if (this.text[at] === close && --depth === 0) return at + 1;
    }
    return this.text.length;
  }

  private variable(name: string, otherwise: string | undefined): string {
    const known = this.variables.get(name) ?? otherwise?.replace(/^["']|["']$/g, "");
    this.usedVariables.add(name);
    if (known !== undefined) return this.counted(known);
    this.unknownVariables.add(name);
    return UNKNOWN_PART;
  }

  private withVariables(line: string): string {
    return line.replace(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g, (_, plain?: string, braced?: string) =>
      this.variable(plain ?? braced ?? "", undefined),
    );
  }

  private counted(text: string): string {
    this.expanded += text.length;
    if (this.expanded > MAX_EXPANDED_LENGTH) throw new TooLongError(`more than ${MAX_EXPANDED_LENGTH} characters`);
    return text;
  }

  private endCommand(): void {
    const words = this.words;
    this.words = [];
    this.outputTo = this.heredocs.length > 0 ? this.outputTo : null;
    if (words.length === 0) return;
    const isExport = DECLARATIONS.has(words[0] ?? "");
    const from = isExport ? 1 : 0;
    const assignments: [string, string][] = [];
    let index = from;
    for (; index < words.length; index++) {
      const text = words[index] ?? "";
      const name = ASSIGNMENT.exec(text)?.[1];
      if (name === undefined) {
        if (isExport && text.startsWith("-")) continue;
        break;
      }
      assignments.push([name, text.slice(name.length + 1)]);
    }
    const command = words.slice(index);
    // Set for the rest of the text; those before a command are its own.
    if (command.length === 0 || isExport) {
      for (const [name, value] of assignments) this.setVariable(name, value);
    }
    this.commands.push({ assignments, words: isExport ? [] : command, isExport });
  }
}
