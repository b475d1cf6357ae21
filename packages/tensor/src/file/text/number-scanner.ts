/**
 * Numbers straight from bytes, rounded exactly as `Number(text)` rounds them.
 *
 * Three ways, cheapest first: up to 15 digits and a power of ten up to 22 need one exact operation (Clinger's fast path);
 * up to 30 digits go through double-double arithmetic, whose answer is
 * taken only if its error bound cannot change the rounding; what is left is handed to `Number`.
 *
 * Every text scanned here ends with a blank or a newline, so the scanners need no end to check against.
 */
import { latin1 } from "../file-fault.ts";
import { EXACT_POWERS, LARGEST_POWER, powerHigh, powerLow } from "./powers-of-ten.ts";

const NEWLINE = 10;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const LETTER_D = 100;
const LETTER_E = 101;
const LOWER_CASE = 32;

/** Largest m for which m * 10 + 9 is exact. */
const ROOM_FOR_DIGIT = 900719925474098;
const LONGEST_TAIL = 15;
const SPLITTER = 2 ** 27 + 1;
/** Bounds the relative error of the double-double path, with a factor of more than 8 to spare. */
const ROUNDING_DOUBT = 2 ** -100;

/** First position at or after `position` that is not a space, tab, carriage return, vertical tab or form feed. */
export function skipBlanks(bytes: Uint8Array, position: number): number {
  let at = position;
  let byte = bytes[at]!;
  while (byte === 32 || (byte <= 13 && byte >= 9 && byte !== NEWLINE)) byte = bytes[++at]!;
  return at;
}

/**
 * Reads a decimal number (`-1.5e-3`, Fortran's `1.5D+3`, `nan`, `inf`) into `out[at]`.
 *
 * @returns the position behind the number, or -1 unless a whole blank-separated word is one.
 */
export function scanNumber(bytes: Uint8Array, position: number, out: Float64Array, at: number): number {
  let here = position;
  let byte = bytes[here]!;
  const negative = byte === MINUS;
  if (negative || byte === PLUS) byte = bytes[++here]!;

  // The digits are head * 10^tailDigits + tail; powers count from the decimal point.
  let head = 0;
  let tail = 0;
  let tailDigits = 0;
  let digits = 0;
  let power = 0;
  for (let digit = byte ^ ZERO; digit <= 9; digit = byte ^ ZERO) {
    if (head <= ROOM_FOR_DIGIT) head = head * 10 + digit;
    else if (tailDigits++ < LONGEST_TAIL) tail = tail * 10 + digit;
    digits++;
    byte = bytes[++here]!;
  }
  if (byte === POINT) {
    const point = here;
    byte = bytes[++here]!;
    for (let digit = byte ^ ZERO; digit <= 9; digit = byte ^ ZERO) {
      if (head <= ROOM_FOR_DIGIT) head = head * 10 + digit;
      else if (tailDigits++ < LONGEST_TAIL) tail = tail * 10 + digit;
      byte = bytes[++here]!;
    }
    power = point + 1 - here;
    digits -= power;
  }
  if (digits === 0) return scanNonFinite(bytes, position, out, at);

  const letter = byte | LOWER_CASE;
  if (letter === LETTER_E || letter === LETTER_D) {
    byte = bytes[++here]!;
    const below = byte === MINUS;
    if (below || byte === PLUS) byte = bytes[++here]!;
    const firstDigit = here;
    let exponent = 0;
    for (let digit = byte ^ ZERO; digit <= 9; digit = byte ^ ZERO) {
      if (exponent < 1e9) exponent = exponent * 10 + digit;
      byte = bytes[++here]!;
    }
    if (here === firstDigit) return -1;
    power += below ? -exponent : exponent;
  }
  if (byte > 32) return -1;

  let value: number;
  if (tailDigits === 0 && power <= 0 && power >= -22) value = head / EXACT_POWERS[-power]!;
  else if (tailDigits === 0 && power > 0 && power <= 22) value = head * EXACT_POWERS[power]!;
  else {
    value = tailDigits <= LONGEST_TAIL ? roundDoubleDouble(head, tail, tailDigits, power) : -1;
    if (value < 0) value = Math.abs(Number(latin1(bytes, position, here).replace(/d/i, "e")));
  }
  out[at] = negative ? -value : value;
  return here;
}

/** (head * 10^tailDigits + tail) * 10^power correctly rounded, or -1 where this cannot tell. */
function roundDoubleDouble(head: number, tail: number, tailDigits: number, power: number): number {
  if (head === 0) return 0;
  if (power < -LARGEST_POWER || power > LARGEST_POWER) return -1;

  let scale = EXACT_POWERS[tailDigits]!;
  const product = head * scale;
  let low = productError(head, scale, product);
  const sum = product + tail;
  const taken = sum - product;
  low += product - (sum - taken) + (tail - taken);
  const high = sum + low;
  low -= high - sum;

  scale = powerHigh[power + LARGEST_POWER]!;
  const scaled = high * scale;
  const rest = productError(high, scale, scaled) + (high * powerLow[power + LARGEST_POWER]! + low * scale);
  const value = scaled + rest;
  const error = rest - (value - scaled);
  const doubt = value * ROUNDING_DOUBT;
  return value + (error + doubt) === value && value + (error - doubt) === value ? value : -1;
}

/** a * b - product exactly, where product is a * b rounded (Dekker's product). */
function productError(a: number, b: number, product: number): number {
  const aWide = a * SPLITTER;
  const aHigh = aWide - (aWide - a);
  const aLow = a - aHigh;
  const bWide = b * SPLITTER;
  const bHigh = bWide - (bWide - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** As {@link scanNumber}, for the words `nan`, `inf` and `infinity` in any case and with any sign. */
function scanNonFinite(bytes: Uint8Array, position: number, out: Float64Array, at: number): number {
  let end = position;
  while (bytes[end]! > 32 && end - position < 10) end++;
  const word = /^([+-]?)(nan|inf|infinity)$/i.exec(latin1(bytes, position, end));
  if (word === null) return -1;
  if (/nan/i.test(word[2]!)) out[at] = Number.NaN;
  else out[at] = word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return end;
}

/**
 * Reads a decimal integer with an optional sign into `out[at]`; beyond 2^53 it is rounded, for the caller to refuse.
 *
 * @returns the position behind the integer, or -1 unless a whole blank-separated word is one.
 */
export function scanInteger(bytes: Uint8Array, position: number, out: Float64Array, at: number): number {
  let here = position;
  let byte = bytes[here]!;
  const negative = byte === MINUS;
  if (negative || byte === PLUS) byte = bytes[++here]!;
  const firstDigit = here;
  let value = 0;
  for (let digit = byte ^ ZERO; digit <= 9; digit = byte ^ ZERO) {
    value = value * 10 + digit;
    byte = bytes[++here]!;
  }
  if (here === firstDigit || byte > 32) return -1;
  out[at] = negative ? 0 - value : value;
  return here;
}
