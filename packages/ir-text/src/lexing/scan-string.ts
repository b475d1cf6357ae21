/** What lies between two quotes. */
export interface ScannedString {
  readonly value: string;
  /** Offset behind the closing quote, or where the string broke off without one. */
  readonly end: number;
  readonly closed: boolean;
  /** Offsets [from, to) of the escapes that mean nothing; `value` keeps them as written. */
  readonly unknownEscapes: readonly (readonly [from: number, to: number])[];
}

const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "'": "'" };
const codeEscape = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2})|(0))/y;
const largestCodePoint = 0x10ffff;

/** How strings are written in a language. */
export interface StringRules {
  readonly escapes: "standard" | "quote-only";
  readonly multilineStrings: boolean;
}

/** Reads the string whose opening quote is at `start`. */
export function scanString(text: string, start: number, rules: StringRules): ScannedString {
  const quote = text.charAt(start);
  const readEscape = rules.escapes === "standard" ? standardEscape : quoteOnlyEscape;
  const parts: string[] = [];
  const unknownEscapes: (readonly [number, number])[] = [];
  let offset = start + 1;
  let plainFrom = offset;
  const finish = (end: number, closed: boolean): ScannedString => {
    parts.push(text.slice(plainFrom, offset));
    return { value: parts.join(""), end, closed, unknownEscapes };
  };
  while (offset < text.length) {
    const character = text.charAt(offset);
    if (character === quote) return finish(offset + 1, true);
    if ((character === "\n" || character === "\r") && !rules.multilineStrings) break;
    if (character !== "\\") {
      offset++;
      continue;
    }
    const { value, length, known } = readEscape(text, offset);
    parts.push(text.slice(plainFrom, offset), value);
    if (!known) unknownEscapes.push([offset, offset + length]);
    offset += length;
    plainFrom = offset;
  }
  return finish(offset, false);
}

interface Escape {
  readonly value: string;
  readonly length: number;
  readonly known: boolean;
}

function standardEscape(text: string, at: number): Escape {
  const simple = simpleEscapes[text.charAt(at + 1)];
  if (simple !== undefined) return { value: simple, length: 2, known: true };
  codeEscape.lastIndex = at;
  const match = codeEscape.exec(text);
  const code = match === null ? Number.NaN : Number.parseInt(match[1] ?? match[2] ?? match[3] ?? "0", 16);
  if (match !== null && code <= largestCodePoint) {
    return { value: String.fromCodePoint(code), length: match[0].length, known: true };
  }
  // A backslash before a line break is left alone: the break ends the string.
  const next = text.codePointAt(at + 1);
  const alone = next === undefined || next === 0x0a || next === 0x0d;
  const length = alone ? 1 : 1 + String.fromCodePoint(next).length;
  return { value: text.slice(at, at + length), length, known: false };
}

function quoteOnlyEscape(text: string, at: number): Escape {
  const next = text.charAt(at + 1);
  if (next === '"' || next === "'") return { value: next, length: 2, known: true };
  // Two backslashes stay two, but the second does not escape a quote behind it.
  return next === "\\" ? { value: "\\\\", length: 2, known: true } : { value: "\\", length: 1, known: true };
}
