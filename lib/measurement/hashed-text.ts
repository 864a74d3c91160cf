/**
 * Text on its way to a hash, written as bytes. Every load of every report is hashed with its two dozen numbers: written into one
 * place that is used again, they take a quarter of the time of texts that are joined and then turned into bytes.
 */
export class HashedText {
  private bytes = new Uint8Array(FIRST_BYTES);
  private end = 0;
  private readonly encoder = new TextEncoder();

  /** Where the text ends, for {@link cutTo}. */
  get length(): number {
    return this.end;
  }

  /** Leaves only what was written up to here. */
  cutTo(length: number): void {
    this.end = length;
  }

  /** The bytes written so far; only until more is written. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.end);
  }

  /** Any text, as UTF-8. */
  text(text: string): void {
    this.makeRoom(text.length * MOST_BYTES_PER_CHARACTER);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > LAST_OF_ASCII) {
        this.end += this.encoder.encodeInto(text.slice(index), this.bytes.subarray(this.end)).written;
        return;
      }
      this.bytes[this.end++] = code;
    }
  }

  /** One character of ASCII. */
  character(code: number): void {
    this.makeRoom(1);
    this.bytes[this.end++] = code;
  }

  /** A number as `JSON.stringify` writes it, what is no finite number as `null`. */
  number(value: number | null): void {
    if (value === null || !Number.isFinite(value)) {
      this.text("null");
    } else if (value >= 0 && value <= MOST_WRITTEN_DIRECTLY) {
      this.decimal(value);
    } else {
      this.text(String(value));
    }
  }

  /**
   * Measured values have few decimals. One that is a whole number of millionths is written as that one with its point set: where the
   * quotient gives the value back, no shorter decimal does, as it has 15 digits at most.
   */
  private decimal(value: number): void {
    const millionths = Math.round(value * MILLION);
    if (millionths / MILLION !== value) {
      this.text(String(value));
      return;
    }
    this.makeRoom(MOST_DIGITS);
    const whole = Math.floor(value);
    this.whole(whole);
    let rest = millionths - whole * MILLION;
    if (rest === 0) return;
    this.bytes[this.end++] = POINT;
    let unit = MILLION / 10;
    while (rest > 0) {
      const digit = Math.floor(rest / unit);
      this.bytes[this.end++] = ZERO + digit;
      rest -= digit * unit;
      unit /= 10;
    }
  }

  private whole(value: number): void {
    let digits = 1;
    for (let above = 10; above <= value; above *= 10) digits++;
    let rest = value;
    for (let index = this.end + digits - 1; index >= this.end; index--) {
      const tens = Math.floor(rest / 10);
      this.bytes[index] = ZERO + rest - tens * 10;
      rest = tens;
    }
    this.end += digits;
  }

  private makeRoom(bytes: number): void {
    if (this.end + bytes <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.end + bytes));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}

const FIRST_BYTES = 4096;
const LAST_OF_ASCII = 0x7f;
/** Of UTF-8, for each unit of a text. */
const MOST_BYTES_PER_CHARACTER = 3;
const MILLION = 1_000_000;
/** With its millionths it has 15 digits, as many as a number always keeps. */
const MOST_WRITTEN_DIRECTLY = 999_999_999;
/** Of a number below {@link MOST_WRITTEN_DIRECTLY}, its point included. */
const MOST_DIGITS = 16;
const POINT = ".".charCodeAt(0);
const ZERO = "0".charCodeAt(0);
