/** One line of a trace, read from its bytes: words, numbers, and the column of what is wrong. */

/** The end of a line. */
export const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;

/** Latest time of a request. Idle time is cheap, but refreshing goes on in it. */
const LATEST = 1e12;

/** A fault in a line: the byte it starts at, counted in the buffer, and what was expected there. */
export class LineFault {
  readonly at: number;
  readonly message: string;

  constructor(at: number, message: string) {
    this.at = at;
    this.message = message;
  }
}

/** A cursor over the bytes of a line, which ends with a line feed or with the bytes. */
export class TraceLine {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  end = 0;

  /** Starts on the first line of bytes [at, end). */
  begin(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Whether only blanks are left of the line; moves past them. */
  blank(): boolean {
    const { bytes, end } = this;
    let at = this.at;
    while (at < end && isBlank(bytes[at]!)) at += 1;
    this.at = at;
    return at === end || bytes[at] === LINE_FEED;
  }

  /** Whether the next word is `write`, not `read`; moves past it. */
  access(read: string, write: string): boolean {
    this.blank();
    if (this.#takes(read)) return false;
    if (this.#takes(write)) return true;
    const start = this.at;
    throw new LineFault(start, `expected ${read} or ${write}, not ${quoted(this.#word())}`);
  }

  /** Whether the next word is `word`; moves past it then. No text is made of the bytes, which would cost more than the rest. */
  #takes(word: string): boolean {
    const { bytes, at } = this;
    const end = at + word.length;
    if (end > this.end || (end < this.end && !endsWord(bytes[end]!))) return false;
    for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
    this.at = end;
    return true;
  }

  /** A byte address, hexadecimal after 0x, else decimal. */
  address(): number {
    this.blank();
    const { bytes, end } = this;
    const start = this.at;
    if (bytes[start] !== ZERO || start + 1 >= end || (bytes[start + 1]! | 0x20) !== 0x78)
      return this.#decimal("an address");
    let at = start + 2;
    let value = 0;
    for (; at < end; at++) {
      const digit = HEX_DIGITS[bytes[at]!]!;
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    if (at === start + 2 || (at < end && !endsWord(bytes[at]!))) this.#refuseNumber("an address");
    if (value > Number.MAX_SAFE_INTEGER) throw new LineFault(start, `address ${this.#word()} is not below 2^53`);
    this.at = at;
    return value;
  }

  /** A time in ticks. */
  time(): number {
    this.blank();
    const start = this.at;
    if (this.bytes[start] === MINUS) throw new LineFault(start, `time ${this.#word()} is negative`);
    const value = this.#decimal("a time in ticks");
    if (value > LATEST) throw new LineFault(start, "time is beyond 10^12 ticks");
    return value;
  }

  /** Comma-separated indices into `vector`, one below each of `counts`, named by `levels`. */
  indices(vector: Int32Array, counts: readonly number[], levels: readonly string[]): void {
    this.blank();
    for (let i = 0; i < counts.length; i++) {
      if (i > 0) {
        if (this.bytes[this.at] !== COMMA || this.at >= this.end) {
          throw new LineFault(this.at, `expected a comma and the ${levels[i]}: a vector is ${levels.join(",")}`);
        }
        this.at += 1;
      }
      const start = this.at;
      const value = this.#decimal(`the ${levels[i]}`);
      if (value >= counts[i]!) throw new LineFault(start, `${levels[i]} ${value} is not below ${counts[i]}`);
      vector[i] = value;
    }
  }

  /** Refuses anything but blanks up to the end of the line. */
  finish(): void {
    if (!this.blank()) throw new LineFault(this.at, `expected the end of the line, not ${quoted(this.#word())}`);
  }

  #decimal(what: string): number {
    const { bytes, end } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === start || (at < end && !endsWord(bytes[at]!) && bytes[at] !== COMMA)) this.#refuseNumber(what);
    if (value > Number.MAX_SAFE_INTEGER)
      throw new LineFault(start, `${what} below 2^53 was expected, not ${this.#word()}`);
    this.at = at;
    return value;
  }

  #refuseNumber(what: string): never {
    const start = this.at;
    const word = this.#word();
    throw new LineFault(start, word === "" ? `expected ${what}` : `expected ${what}, not ${quoted(word)}`);
  }

  #word(): string {
    const start = this.at;
    let at = start;
    while (at < this.end && !endsWord(this.bytes[at]!)) at += 1;
    this.at = at;
    return String.fromCharCode(...this.bytes.subarray(start, Math.min(at, start + 40)));
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}

function endsWord(byte: number): boolean {
  return isBlank(byte) || byte === LINE_FEED;
}

/** Of each byte the value as a hexadecimal digit, -1 for none. */
const HEX_DIGITS = Int8Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  return /[0-9a-f]/i.test(text) ? Number.parseInt(text, 16) : -1;
});

function quoted(word: string): string {
  return word === "" ? "the end of the line" : JSON.stringify(word);
}
