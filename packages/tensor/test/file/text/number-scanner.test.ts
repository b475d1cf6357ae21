import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanInteger, scanNumber, skipBlanks } from "../../../src/file/text/number-scanner.ts";
import { bytesOf } from "../support/read-text.ts";

const seed = 20251;

/** What the scanner makes of a word, or "none"; the word must be taken whole. */
function scan(word: string, scanner: typeof scanNumber = scanNumber): number | "none" {
  const out = new Float64Array(1);
  const end = scanner(bytesOf(`${word}\n`), 0, out, 0);
  if (end < 0) return "none";
  expect(end).toBe(word.length);
  return out[0]!;
}

describe("scanning numbers", () => {
  const digits = fc.stringMatching(/^\d{1,34}$/);
  const decimal = fc
    .record({
      sign: fc.constantFrom("", "-", "+"),
      whole: fc.oneof(digits, fc.constant("")),
      fraction: fc.oneof(digits, fc.constant(undefined)),
      exponent: fc.option(fc.integer({ min: -345, max: 330 }), { nil: undefined }),
      letter: fc.constantFrom("e", "E"),
    })
    .filter(({ whole, fraction }) => whole !== "" || fraction !== undefined)
    .map(({ sign, whole, fraction, exponent, letter }) => {
      const point = fraction === undefined ? "" : `.${fraction}`;
      return `${sign}${whole}${point}${exponent === undefined ? "" : `${letter}${exponent}`}`;
    });

  it("agrees with Number on every decimal", () => {
    fc.assert(
      fc.property(decimal, (word) => {
        expect(scan(word)).toBe(Number(word));
      }),
      { seed, numRuns: 20_000 },
    );
  });

  it("agrees with Number on every float64 however it is printed", () => {
    const printed = fc
      .tuple(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 1, max: 40 }),
      )
      .chain(([value, fraction, precision]) =>
        fc.constantFrom(String(value), value.toExponential(fraction), value.toPrecision(precision)),
      );
    fc.assert(
      fc.property(printed, (word) => {
        expect(scan(word)).toBe(Number(word));
      }),
      { seed, numRuns: 20_000 },
    );
  });

  it("rounds the midpoints between neighbours, and what lies just beside them, to even", () => {
    const midpoint = fc
      .tuple(
        fc.bigInt({ min: 2n ** 52n, max: 2n ** 53n - 1n }),
        fc.integer({ min: 1, max: 40 }),
        fc.bigInt({ min: -1n, max: 1n }),
      )
      .map(([significand, shift, beside]) => `${(2n * significand + 1n) * 2n ** BigInt(shift) + beside}`);
    fc.assert(
      fc.property(midpoint, (word) => {
        expect(scan(word)).toBe(Number(word));
        expect(scan(`${word}000e-3`)).toBe(Number(word));
      }),
      { seed, numRuns: 5_000 },
    );
  });

  it("reads Fortran's D exponents as E", () => {
    for (const word of ["1.5D+3", "-2d-2", "1D0", "1.2345678901234567890123456789012345D-5"]) {
      expect(scan(word)).toBe(Number(word.replace(/d/i, "e")));
    }
  });

  it("keeps the sign of zero", () => {
    expect(scan("-0")).toBe(-0);
    expect(scan("-0.000e10")).toBe(-0);
    expect(scan("0.0")).toBe(0);
  });

  it("reads nan and infinities in any case and with any sign", () => {
    expect(["nan", "NaN", "-nan", "inf", "+Inf", "-INFINITY", "infinity"].map((word) => scan(word))).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("overflows to infinity and underflows to zero, as Number does", () => {
    for (const word of [
      "1e309",
      "-2e400",
      "1e-400",
      `1${"0".repeat(400)}`,
      `0.${"0".repeat(400)}1e401`,
      "1e99999999999",
      "0e99999999999",
    ]) {
      expect(scan(word)).toBe(Number(word));
    }
  });

  it("refuses words that are not one number", () => {
    const words = [
      "",
      ".",
      "-",
      "+",
      "e5",
      "1e",
      "1e+",
      "1.2.3",
      "1_0",
      "0x10",
      "1,5",
      "--1",
      "1d",
      "nano",
      "infi",
      "1-",
      "٣",
      "1e5e5",
    ];
    expect(words.map((word) => scan(word))).toEqual(words.map(() => "none"));
  });
});

describe("scanning integers", () => {
  it("reads signs and digits and nothing else", () => {
    expect(["0", "-0", "+17", "-9007199254740991"].map((word) => scan(word, scanInteger))).toEqual([
      0, 0, 17, -9007199254740991,
    ]);
    expect(["", "-", "1.0", "1e3", "12x"].map((word) => scan(word, scanInteger))).toEqual([
      "none",
      "none",
      "none",
      "none",
      "none",
    ]);
  });

  it("leaves integers beyond 2^53 beyond 2^53, so that they can be refused", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 400n }), (integer) => {
        expect(scan(String(integer), scanInteger)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
      }),
      { seed },
    );
  });
});

describe("skipping blanks", () => {
  it("passes spaces, tabs, carriage returns and feeds, but no newline", () => {
    expect(skipBlanks(bytesOf(" \t\r\v\fx\n"), 0)).toBe(5);
    expect(skipBlanks(bytesOf("  \n"), 0)).toBe(2);
  });
});
